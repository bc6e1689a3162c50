import { useMemo, useState, type ReactNode } from 'react';
import { useFollowing } from '../../../api/follow.ts';
import { eventsOfExecution } from '../../../api/execution-questions.ts';
import type { ExecutionDetail } from '../../../api/types.ts';
import { useQuestion } from '../../../api/use-query.ts';
import { SearchBox } from '../../../components/search-box.tsx';
import { Answered, Empty } from '../../../components/states.tsx';
import { EVENT_GROUPS, filterEvents, type EventGroup } from '../../../model/event-filter.ts';
import type { EventIndex } from '../../../model/event-index.ts';
import { formatCount } from '../../../model/format.ts';
import type { Place } from '../place.ts';
import { EventDetails } from './event-details.tsx';
import { EventList } from './event-list.tsx';
import './events.css';

export interface EventsViewProps {
  readonly detail: ExecutionDetail;
  readonly place: Place;
}

/** All events of an execution: found by what they are, each with its details. */
export function EventsView({ detail, place }: EventsViewProps): ReactNode {
  const arn = detail.executionArn;
  const index = useQuestion(eventsOfExecution(arn));
  useFollowing(index.reload, detail, index.data === undefined ? undefined : { eventCount: index.data.count });
  return (
    <Answered of={index} what="events">
      {(answer) => <Events index={answer} arn={arn} place={place} />}
    </Answered>
  );
}

function Events({
  index,
  arn,
  place,
}: {
  readonly index: EventIndex;
  readonly arn: string;
  readonly place: Place;
}): ReactNode {
  const [text, setText] = useState('');
  const [group, setGroup] = useState<EventGroup>('all');
  const [isNewestFirst, setNewestFirst] = useState(false);
  const ids = useMemo(() => {
    const found = filterEvents(index, { text, group }).filter((id) => place.at === null || id <= place.at);
    return isNewestFirst ? found.toReversed() : found;
  }, [index, text, group, isNewestFirst, place.at]);
  return (
    <div className="events">
      <div className="events-head">
        <SearchBox label="Find events" value={text} onChange={setText} hasShortcut />
        <select
          aria-label="Kind of events"
          value={group}
          onChange={(event) => setGroup(event.target.value as EventGroup)}
        >
          {Object.entries(EVENT_GROUPS).map(([key, label]) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
        <button type="button" className="plain-button" onClick={() => setNewestFirst(!isNewestFirst)}>
          {isNewestFirst ? 'Newest first' : 'Oldest first'}
        </button>
        <span className="faint number" role="status">
          {formatCount(ids.length)} of {formatCount(index.count)}
        </span>
      </div>
      <div className="events-body">
        {ids.length === 0 ? (
          <Empty title="No event is like that" />
        ) : (
          <EventList index={index} ids={ids} selected={place.event} />
        )}
        {place.event !== null && <EventDetails arn={arn} index={index} id={place.event} />}
      </div>
    </div>
  );
}
