import type { GraphContainer } from '@stepyard/asl';
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import type { ExecutionDetail, PendingWork, StateVisitDetail, VisitAnswer } from '../../../api/types.ts';
import { Code } from '../../../components/code/code.tsx';
import { Icon } from '../../../components/icon.tsx';
import { Empty } from '../../../components/states.tsx';
import { Status } from '../../../components/status.tsx';
import { TabBar } from '../../../components/tab-bar.tsx';
import { formatCountdown, formatDate, formatDuration } from '../../../model/format.ts';
import { definitionAt, idsByName } from '../../../model/state-names.ts';
import { to } from '../../../model/paths.ts';
import { Link } from '../../../router/link.tsx';
import { useShortcut } from '../../../state/shortcuts.ts';
import { advanceClock } from '../../../state/advance-clock.ts';
import { useIsVirtualTime, useYardNow } from '../../../state/yard-clock.ts';
import { selectVisit, showTab, type PanelTab, type Place } from '../place.ts';
import { AnswerToken } from '../repair/answer-token.tsx';
import { DataTab, FlowTab, VariablesTab } from './data-tabs.tsx';
import { LogsTab, TaskTab } from './task-tabs.tsx';

const ForkDialog = lazy(async () => ({ default: (await import('../repair/fork-dialog.tsx')).ForkDialog }));

export interface StatePanelProps {
  readonly detail: ExecutionDetail;
  readonly graph: GraphContainer;
  readonly place: Place;
  /** Of the selected visit; undefined: only a state is selected. */
  readonly answer: VisitAnswer | undefined;
  readonly pending: readonly PendingWork[];
  readonly onHeartbeat: () => void;
  /** The time that one looks back to; undefined: now. */
  readonly thenMs: number | undefined;
}

/** The state that is looked at: one of its visits, with its data, its task, its logs, its definition. */
export function StatePanel(props: StatePanelProps): ReactNode {
  const { place, answer, graph, detail } = props;
  const visit = answer?.visit ?? undefined;
  const name = visit?.stateName ?? place.state ?? '';
  const id = useMemo(() => idsByName(graph).get(name), [graph, name]);
  return (
    <aside className="panel" aria-label={`State ${name}`}>
      <div className="panel-head">
        <div className="panel-title">
          <h2>{name === '' ? 'No such state' : name}</h2>
          <button
            type="button"
            className="bare"
            aria-label="Close the state"
            onClick={() => selectVisit(null)}
          >
            <Icon name="close" />
          </button>
        </div>
        {visit === undefined ? (
          <p className="faint">
            {place.visit === null ? 'Not entered' : 'Not entered yet at this point in time'}
          </p>
        ) : (
          <VisitHead {...props} visit={visit} />
        )}
      </div>
      {visit === undefined ? (
        <div className="tab-panel">
          <Definition detail={detail} id={id} />
        </div>
      ) : (
        <Tabs {...props} visit={visit} id={id} />
      )}
    </aside>
  );
}

function VisitHead({
  detail,
  answer,
  pending,
  visit,
  thenMs,
  onHeartbeat,
}: StatePanelProps & { readonly visit: StateVisitDetail }): ReactNode {
  const [isForking, setForking] = useState(false);
  const yardMs = useYardNow(visit.endedMs === null && thenMs === undefined ? 500 : null);
  const nowMs = thenMs ?? yardMs;
  const mapRun = detail.mapRuns.find(({ event }) => event === visit.mapRunEvent);
  const work = thenMs === undefined ? pending.filter((one) => one.visit === visit.id) : [];
  return (
    <>
      <div className="panel-facts">
        <Status of={visit.status} />
        <span className="number">{formatDuration((visit.endedMs ?? nowMs) - visit.enteredMs)}</span>
        <span className="faint number">entered {formatDate(visit.enteredMs)}</span>
        {answer !== undefined && <VisitPicker answer={answer} />}
      </div>
      {visit.error !== null && (
        <div className="failure" role="note" aria-label="Error">
          <strong>{visit.error}</strong>
          {visit.cause !== null && <pre tabIndex={0}>{visit.cause.slice(0, 2000)}</pre>}
        </div>
      )}
      {work.map((one) => (
        <Pending key={`${one.kind} ${one.visit}`} work={one} nowMs={nowMs} onHeartbeat={onHeartbeat} />
      ))}
      <div className="actions-row">
        {detail.mapRunArn === null && (
          <button type="button" className="plain-button" onClick={() => setForking(true)}>
            Run again from here…
          </button>
        )}
        <Link to={to.testState(detail.executionArn, visit.id)} className="plain-button">
          Test it alone
        </Link>
        <Link to={to.expression(detail.executionArn, visit.id)} className="plain-button">
          Try expression
        </Link>
        {mapRun !== undefined && <Link to={to.mapRun(mapRun.mapRunArn)}>Open the map run</Link>}
      </div>
      <Suspense>
        {isForking && <ForkDialog detail={detail} visit={visit} onClose={() => setForking(false)} />}
      </Suspense>
    </>
  );
}

function Pending({
  work,
  nowMs,
  onHeartbeat,
}: {
  readonly work: PendingWork;
  readonly nowMs: number;
  readonly onHeartbeat: () => void;
}): ReactNode {
  const isVirtual = useIsVirtualTime();
  if ('dueMs' in work) {
    const what = work.kind === 'wait' ? 'Goes on' : `Retry ${work.retry ?? ''}`;
    return (
      <>
        <p className="number">
          {what} in <strong>{formatCountdown(work.dueMs - nowMs)}</strong>, at {formatDate(work.dueMs)}
        </p>
        {isVirtual && (
          <button
            type="button"
            className="plain-button"
            onClick={() => void advanceClock(Math.max(0, work.dueMs - nowMs))}
          >
            Let this time pass
          </button>
        )}
      </>
    );
  }
  return work.taskToken === null ? null : (
    <AnswerToken token={work.taskToken} work={work} onHeartbeat={onHeartbeat} />
  );
}

/** Which of several visits of the same state it is; to the ones before and after it. */
function VisitPicker({ answer }: { readonly answer: VisitAnswer }): ReactNode {
  const { visit, number, of, previous, next } = answer;
  useShortcut('[', 'Previous visit of the state', () => selectVisit(previous), previous !== 0);
  useShortcut(']', 'Next visit of the state', () => selectVisit(next), next !== 0);
  if (visit === null || of < 2) return null;
  return (
    <span className="number picker">
      <button
        type="button"
        className="bare"
        aria-label="Previous visit"
        disabled={previous === 0}
        onClick={() => selectVisit(previous)}
      >
        <Icon name="previous" />
      </button>
      visit {number} of {of}
      <button
        type="button"
        className="bare"
        aria-label="Next visit"
        disabled={next === 0}
        onClick={() => selectVisit(next)}
      >
        <Icon name="next" />
      </button>
      {visit.index >= 0 && <span className="faint">line {visit.index + 1}</span>}
    </span>
  );
}

function Tabs(
  props: StatePanelProps & { readonly visit: StateVisitDetail; readonly id: string | undefined },
): ReactNode {
  const { detail, place, visit, id } = props;
  const hasTask = visit.attempts.length > 0;
  const tabs: { readonly id: PanelTab; readonly label: string }[] = [
    { id: 'data', label: 'Data' },
    { id: 'flow', label: 'Data flow' },
    { id: 'variables', label: 'Variables' },
    ...(hasTask
      ? ([
          { id: 'task', label: visit.attempts.length > 1 ? `Task (${visit.attempts.length})` : 'Task' },
          { id: 'logs', label: 'Logs' },
        ] as const)
      : []),
    { id: 'definition', label: 'Definition' },
  ];
  const current = tabs.some((tab) => tab.id === place.panelTab) ? place.panelTab : 'data';
  const arn = detail.executionArn;
  return (
    <TabBar label="About the state" tabs={tabs} current={current} onChange={showTab}>
      {current === 'data' && <DataTab arn={arn} visit={visit} />}
      {current === 'flow' && <FlowTab arn={arn} visit={visit} at={place.at} />}
      {current === 'variables' && <VariablesTab arn={arn} visit={visit} />}
      {current === 'task' && <TaskTab arn={arn} visit={visit} />}
      {current === 'logs' && <LogsTab arn={arn} visit={visit} />}
      {current === 'definition' && <Definition detail={detail} id={id} />}
    </TabBar>
  );
}

function Definition({
  detail,
  id,
}: {
  readonly detail: ExecutionDetail;
  readonly id: string | undefined;
}): ReactNode {
  const text = useMemo(
    () => (id === undefined ? undefined : definitionAt(detail.definition, id)),
    [detail, id],
  );
  if (text === undefined) return <Empty title="The definition has no such state" />;
  return <Code value={text} label="Definition of the state" language="json" size="large" />;
}
