import { nodeById, type GraphContainer } from '@stepyard/asl';
import { useEffect, useEffectEvent, useMemo, type ReactNode } from 'react';
import type {
  ExecutionDetail,
  OpenTimer,
  PendingWork,
  Snapshot,
  StateVisit,
  Visits,
} from '../../api/types.ts';
import { useQuery, type Loaded } from '../../api/use-query.ts';
import { Code } from '../../components/code/code.tsx';
import { StateGraph } from '../../components/graph/state-graph.tsx';
import { Icon } from '../../components/icon.tsx';
import { Answered, Loading } from '../../components/states.tsx';
import { Payload } from '../../components/payload.tsx';
import { TabBar } from '../../components/tab-bar.tsx';
import { graphStatus } from '../../model/graph-status.ts';
import { idsByName } from '../../model/state-names.ts';
import { visitsAt } from '../../model/time-travel.ts';
import { EventsView } from './events/events-view.tsx';
import { StatePanel } from './panel/state-panel.tsx';
import { lookBackTo, selectState, selectVisit, showView, type Place, type View } from './place.ts';
import { TimeBar } from './time/time-bar.tsx';
import { TimePanel } from './time/time-panel.tsx';
import { WaterfallView } from './waterfall/waterfall-view.tsx';

export interface BodyProps {
  readonly detail: ExecutionDetail;
  readonly visits: Loaded<Visits>;
  readonly graph: GraphContainer;
  readonly place: Place;
}

const NO_VISITS: readonly StateVisit[] = [];

const TABS: readonly { readonly id: View; readonly label: string }[] = [
  { id: 'graph', label: 'Graph' },
  { id: 'table', label: 'Table' },
  { id: 'timeline', label: 'Timeline' },
  { id: 'events', label: 'Events' },
  { id: 'data', label: 'Input and output' },
  { id: 'definition', label: 'Definition' },
];

/** The views of an execution, beside them the state that is looked at; all of it now, or as it was after an event. */
export function Body(props: BodyProps): ReactNode {
  const { detail, visits, place } = props;
  const arn = detail.executionArn;
  const snapshot = useQuery('snapshot', place.at === null ? null : { arn, event: String(place.at) });
  const pending = useQuery('pending', detail.status === 'RUNNING' ? { arn } : null);
  const isPendingKnown = pending.data !== undefined;
  const askForPending = useEffectEvent(() => {
    if (isPendingKnown) pending.reload();
  });
  useEffect(() => askForPending(), [detail.eventCount]);
  const then = snapshot.data?.eventId === place.at ? snapshot.data : undefined;
  const all = visits.data?.visits ?? NO_VISITS;
  const count = visits.data?.eventCount ?? detail.eventCount;
  const shown = useMemo(
    () => (place.at === null ? all : visitsAt(all, place.at, then?.timeMs, then)),
    [all, place.at, then],
  );
  const hasPanel = place.visit !== null || place.state !== null;
  const isWide = place.view !== 'graph' && place.view !== 'table' && place.view !== 'timeline';
  return (
    <div className="card body">
      <TabBar
        label="Views"
        tabs={TABS}
        current={place.view}
        onChange={showView}
        aside={<TimeSwitch at={place.at} last={count} />}
      >
        {place.at !== null && <TimeBar arn={arn} at={place.at} count={count} snapshot={then} />}
        <div className={hasPanel && !isWide ? 'split' : 'split alone'}>
          <div className="view">
            <CurrentView {...props} shown={shown} then={then} pending={pending.data ?? []} />
          </div>
          {hasPanel && !isWide && visits.data === undefined && (
            <aside className="panel" aria-label="State">
              <Loading what="the state" />
            </aside>
          )}
          {hasPanel && !isWide && visits.data !== undefined && (
            <StatePanel {...props} shown={shown} pending={pending.data ?? []} thenMs={then?.timeMs} />
          )}
        </div>
        {place.at !== null && then !== undefined && !isWide && <TimePanel snapshot={then} />}
      </TabBar>
    </div>
  );
}

function TimeSwitch({ at, last }: { readonly at: number | null; readonly last: number }): ReactNode {
  const isBack = at !== null;
  return (
    <button
      type="button"
      className={`plain-button time-switch${isBack ? ' on' : ''}`}
      aria-pressed={isBack}
      title="See how things stood after any event (t)"
      onClick={() => lookBackTo(isBack ? null : Math.max(1, last))}
    >
      <Icon name="history" />
      <span className="words">Time travel</span>
    </button>
  );
}

interface CurrentViewProps extends BodyProps {
  readonly shown: readonly StateVisit[];
  readonly then: Snapshot | undefined;
  readonly pending: readonly PendingWork[];
}

function CurrentView(props: CurrentViewProps): ReactNode {
  const { detail, visits, place, shown } = props;
  switch (place.view) {
    case 'graph':
    case 'table':
    case 'timeline':
      return (
        <Answered of={visits} what="states">
          {() =>
            place.view === 'graph' ? (
              <Graph {...props} />
            ) : (
              <WaterfallView
                detail={detail}
                shown={shown}
                place={place}
                thenMs={props.then?.timeMs}
                isTimeline={place.view === 'timeline'}
              />
            )
          }
        </Answered>
      );
    case 'events':
      return <EventsView detail={detail} place={place} />;
    case 'data':
      return (
        <div className="two-columns padded">
          <Payload title="Input" clip={detail.input} size="large" />
          <Payload
            title="Output"
            clip={detail.output}
            missing={detail.status === 'RUNNING' ? 'It has not ended yet.' : 'It ended without one.'}
            size="large"
          />
        </div>
      );
    case 'definition':
      return (
        <div className="padded">
          <Code value={detail.definition} label="Definition" language="json" size="large" />
        </div>
      );
  }
}

function Graph({ detail, graph, place, shown, then, pending }: CurrentViewProps): ReactNode {
  const status = useMemo(() => graphStatus(shown), [shown]);
  const ids = useMemo(() => idsByName(graph), [graph]);
  const dueMs = useMemo(() => dueOf(then === undefined ? pending : then.timers), [then, pending]);
  const latest = place.at === null ? undefined : shown.at(-1)?.stateName;
  const name = place.state ?? shown.find(({ id }) => id === place.visit)?.stateName;
  return (
    <StateGraph
      graph={graph}
      label={`Graph of ${detail.name}`}
      status={status}
      dueMs={dueMs}
      thenMs={then?.timeMs}
      selected={name === undefined ? undefined : ids.get(name)}
      follow={latest === undefined ? undefined : ids.get(latest)}
      onSelect={(id) => {
        const chosen = nodeById(graph, id)?.name ?? '';
        const last = status.states.get(chosen)?.lastVisit;
        if (last === undefined) selectState(chosen);
        else selectVisit(last);
      }}
    />
  );
}

/** When each state goes on by itself; of several of its visits the one that is first. */
function dueOf(waits: readonly (PendingWork | OpenTimer)[]): ReadonlyMap<string, number> {
  const due = new Map<string, number>();
  for (const wait of waits) {
    const what = 'purpose' in wait ? wait.purpose : wait.kind;
    if ((what !== 'wait' && what !== 'retry') || !('dueMs' in wait) || wait.stateName === null) continue;
    due.set(wait.stateName, Math.min(wait.dueMs, due.get(wait.stateName) ?? Infinity));
  }
  return due;
}
