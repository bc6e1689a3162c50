import type { ReactNode } from 'react';
import { useQuery } from '../../../api/use-query.ts';
import { Icon } from '../../../components/icon.tsx';
import { Payload } from '../../../components/payload.tsx';
import { Answered } from '../../../components/states.tsx';
import { detailFields, isLong, spelled } from '../../../model/event-details.ts';
import { eventRow } from '../../../model/event-filter.ts';
import type { EventIndex } from '../../../model/event-index.ts';
import { formatDate, formatTime } from '../../../model/format.ts';
import { lookBackTo, selectEvent } from '../place.ts';
import { changeQuery } from '../../../router/location.ts';

export interface EventDetailsProps {
  readonly arn: string;
  readonly index: EventIndex;
  readonly id: number;
}

/** Everything that one event says. */
export function EventDetails({ arn, index, id }: EventDetailsProps): ReactNode {
  const page = useQuery('events', { arn, from: String(id), count: '1' });
  const row = eventRow(index, id);
  return (
    <aside className="event-details" aria-label={`Event ${id}`}>
      <header>
        <h2>
          {id} · {row?.type ?? ''}
        </h2>
        <button type="button" className="bare" aria-label="Close the event" onClick={() => selectEvent(null)}>
          <Icon name="close" />
        </button>
      </header>
      <p className="faint">
        {row !== undefined && `${formatDate(row.timeMs).slice(0, 10)} ${formatTime(row.timeMs)}`}
        {row !== undefined && row.previous > 0 && (
          <>
            {' · after '}
            <button type="button" className="link" onClick={() => selectEvent(row.previous)}>
              event {row.previous}
            </button>
          </>
        )}
      </p>
      <div className="actions-row">
        <button type="button" className="plain-button" onClick={() => lookBackTo(id)}>
          Look back to here
        </button>
        {row !== undefined && row.visit > 0 && (
          <button
            type="button"
            className="plain-button"
            onClick={() => changeQuery({ view: null, visit: row.visit, state: null }, true)}
          >
            Show its state
          </button>
        )}
      </div>
      <Answered of={page} what="the event">
        {({ events: [event] }) => (event === undefined ? null : <Fields details={event.details} />)}
      </Answered>
    </aside>
  );
}

function Fields({ details }: { readonly details: Readonly<Record<string, unknown>> }): ReactNode {
  const { payloads, facts } = detailFields(details);
  return (
    <>
      <dl className="facts">
        {facts.map(({ name, text }) => (
          <div key={name} className={isLong(text) ? 'long' : ''}>
            <dt>{spelled(name)}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {payloads.map(({ name, text }) => (
        <Payload key={name} title={spelled(name)} clip={{ text, length: text.length }} size="medium" />
      ))}
    </>
  );
}
