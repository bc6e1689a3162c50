import { nodeById, type GraphContainer } from '@stepyard/asl';
import { useEffect, useEffectEvent, useMemo, type ReactNode } from 'react';
import { graphOfExecution, visitOf, visitsOfExecution } from '../../api/execution-questions.ts';
import { useFollowing } from '../../api/follow.ts';
import type {
  ExecutionDetail,
  GraphAnswer,
  OpenTimer,
  PendingWork,
  Snapshot,
  VisitAnswer,
} from '../../api/types.ts';
import { useLast, useQuery, useQuestion, type Loaded } from '../../api/use-query.ts';
import { Code } from '../../components/code/code.tsx';
import { StateGraph } from '../../components/graph/state-graph.tsx';
import { Icon } from '../../components/icon.tsx';
import { Answered, Loading } from '../../components/states.tsx';
import { Payload } from '../../components/payload.tsx';
import { TabBar } from '../../components/tab-bar.tsx';
import { graphStatus, type GraphStatus } from '../../model/graph-status.ts';
import { formatJson } from '../../model/json-text.ts';
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
  /** Where it has been until now. */
  readonly been: Loaded<GraphAnswer>;
  readonly graph: GraphContainer;
  readonly place: Place;
}

const NONE: readonly PendingWork[] = [];

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
  const { detail, been, place } = props;
  const arn = detail.executionArn;
  const visit = useSelectedVisit(props);
  const snapshot = useQuery('snapshot', place.at === null ? null : { arn, event: String(place.at) });
  const pending = useQuery('pending', detail.status === 'RUNNING' ? { arn } : null);
  const isPendingKnown = pending.data !== undefined;
  const askForPending = useEffectEvent(() => {
    if (isPendingKnown) pending.reload();
  });
  useEffect(() => askForPending(), [detail.eventCount]);
  const then = snapshot.data?.eventId === place.at ? snapshot.data : undefined;
  const count = been.data?.eventCount ?? detail.eventCount;
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
            <CurrentView {...props} visit={visit} then={then} pending={pending.data ?? NONE} />
          </div>
          {hasPanel && !isWide && place.visit !== null && visit === undefined && (
            <aside className="panel" aria-label="State">
              <Loading what="the state" />
            </aside>
          )}
          {hasPanel && !isWide && (place.visit === null || visit !== undefined) && (
            <StatePanel
              {...props}
              answer={visit}
              pending={pending.data ?? NONE}
              thenMs={then?.timeMs}
              onHeartbeat={pending.reload}
            />
          )}
        </div>
        {place.at !== null && then !== undefined && !isWide && <TimePanel snapshot={then} />}
      </TabBar>
    </div>
  );
}

/** The visit that is selected; undefined: none is, or it is on its way. While it goes on, so does what is known of it. */
function useSelectedVisit({ detail, place }: BodyProps): VisitAnswer | undefined {
  const { visit, at } = place;
  const asked = useQuestion(visit === null ? null : visitOf(detail.executionArn, visit, at));
  useFollowing(asked.reload, at === null ? detail : undefined, asked.data);
  const last = useLast(asked.data);
  return visit !== null && last?.visit?.id === visit ? last : asked.data;
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
  readonly visit: VisitAnswer | undefined;
  readonly then: Snapshot | undefined;
  readonly pending: readonly PendingWork[];
}

function CurrentView(props: CurrentViewProps): ReactNode {
  const { detail, place } = props;
  switch (place.view) {
    case 'graph':
      return <Graph {...props} />;
    case 'table':
    case 'timeline':
      return <Waterfall {...props} />;
    case 'events':
      return <EventsView detail={detail} place={place} />;
    case 'data':
      return (
        <div className="two-columns padded">
          <h2 className="hidden-text">Input and output</h2>
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
          <Code value={formatJson(detail.definition)} label="Definition" language="json" size="large" />
        </div>
      );
  }
}

function Waterfall({ detail, place, then }: CurrentViewProps): ReactNode {
  const visits = useQuestion(visitsOfExecution(detail.executionArn));
  useFollowing(visits.reload, detail, visits.data);
  const all = visits.data?.visits;
  const shown = useMemo(
    () => (all === undefined || place.at === null ? all : visitsAt(all, place.at, then?.timeMs, then)),
    [all, place.at, then],
  );
  return (
    <Answered of={visits} what="states">
      {({ visits: known }) => (
        <WaterfallView
          detail={detail}
          shown={shown ?? known}
          place={place}
          thenMs={then?.timeMs}
          isTimeline={place.view === 'timeline'}
        />
      )}
    </Answered>
  );
}

function Graph(props: CurrentViewProps): ReactNode {
  const { detail, been, place } = props;
  const past = useQuestion(place.at === null ? null : graphOfExecution(detail.executionArn, place.at));
  const lastPast = useLast(past.data);
  const answer = place.at === null ? been.data : (lastPast ?? been.data);
  if (answer !== undefined) return <Drawing {...props} answer={answer} />;
  return (
    <Answered of={been} what="states">
      {(data) => <Drawing {...props} answer={data} />}
    </Answered>
  );
}

function Drawing({
  detail,
  graph,
  place,
  answer,
  visit,
  then,
  pending,
}: CurrentViewProps & { readonly answer: GraphAnswer }): ReactNode {
  const status = useMemo(() => graphStatus(answer), [answer]);
  const ids = useMemo(() => idsByName(graph), [graph]);
  const dueMs = useMemo(() => dueOf(then === undefined ? pending : then.timers), [then, pending]);
  const inSight = place.at === null ? placeOfInterest(detail, answer) : null;
  const name = place.state ?? visit?.visit?.stateName;
  useFirstVisit(place, status);
  return (
    <StateGraph
      graph={graph}
      label={`Graph of ${detail.name}`}
      status={status}
      dueMs={dueMs}
      thenMs={then?.timeMs}
      selected={name === undefined ? undefined : ids.get(name)}
      follow={inSight === null ? undefined : ids.get(inSight)}
      onSelect={(id) => {
        const chosen = nodeById(graph, id)?.name ?? '';
        const last = status.states.get(chosen)?.lastVisit;
        if (last === undefined) selectState(chosen);
        else selectVisit(last);
      }}
    />
  );
}

/** Of what does not fit into the window: where it goes on, or what went wrong; the beginning of what went well. */
function placeOfInterest({ status }: ExecutionDetail, { failed, latest }: GraphAnswer): string | null {
  if (status === 'SUCCEEDED') return null;
  return status === 'RUNNING' ? latest : (failed?.stateName ?? latest);
}

/** A state that was chosen before it was entered: its visit is chosen as soon as there is one. */
function useFirstVisit({ state }: Place, { states }: GraphStatus): void {
  const visit = state === null ? undefined : states.get(state)?.lastVisit;
  useEffect(() => {
    if (visit !== undefined) selectVisit(visit);
  }, [visit]);
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
