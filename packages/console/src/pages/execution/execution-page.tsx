import { graphOf, parseJson } from '@stepyard/asl';
import { useMemo, type ReactNode } from 'react';
import { executionOf, graphOfExecution } from '../../api/execution-questions.ts';
import { useFollowing } from '../../api/follow.ts';
import { useLive } from '../../api/live.ts';
import type { ExecutionDetail, GraphAnswer } from '../../api/types.ts';
import { useQuestion, type Loaded } from '../../api/use-query.ts';
import { Answered } from '../../components/states.tsx';
import { to } from '../../model/paths.ts';
import { Link } from '../../router/link.tsx';
import { useShortcut } from '../../state/shortcuts.ts';
import { Actions } from './actions.tsx';
import { Body } from './body.tsx';
import { lookBackTo, selectVisit, showView, usePlace } from './place.ts';
import { Summary } from './summary.tsx';
import './execution.css';

/** An execution: what it is doing or has done, why, and what can be done about it. */
export function ExecutionPage({ arn }: { readonly arn: string }): ReactNode {
  const execution = useQuestion(executionOf(arn));
  const graph = useQuestion(graphOfExecution(arn, null));
  useLive(arn, execution.reload);
  useFollowing(graph.reload, execution.data, graph.data);
  return (
    <div className="page execution">
      <Answered of={execution} what="execution" detail={arn}>
        {(detail) => (
          <>
            <Head of={detail} />
            <Failure of={detail} culprit={graph.data?.failed ?? null} />
            <Summary of={detail} />
            <Whole detail={detail} been={graph} />
          </>
        )}
      </Answered>
    </div>
  );
}

function Head({ of }: { readonly of: ExecutionDetail }): ReactNode {
  return (
    <div className="page-head">
      <div className="titles">
        <nav aria-label="Breadcrumbs" className="crumbs">
          <Link to={to.machines()}>State machines</Link>
          <span aria-hidden="true">/</span>
          <Link to={to.machine(of.stateMachineName)}>{of.stateMachineName}</Link>
        </nav>
        <h1>{of.name}</h1>
      </div>
      <Actions of={of} />
    </div>
  );
}

/** Why it failed, where everybody sees it, with the way to where it did. */
function Failure({
  of: { error, cause, status },
  culprit,
}: {
  readonly of: ExecutionDetail;
  readonly culprit: GraphAnswer['failed'];
}): ReactNode {
  if (status === 'SUCCEEDED' || status === 'RUNNING' || (error === null && cause === null)) return null;
  return (
    <div className={`failure${status === 'ABORTED' ? ' aborted' : ''}`} role="note" aria-label="Why it ended">
      <div className="failure-head">
        <strong>{error ?? 'No error name'}</strong>
        {culprit !== null && (
          <button type="button" className="link" onClick={() => selectVisit(culprit.id)}>
            in {culprit.stateName}
          </button>
        )}
      </div>
      {cause !== null && <pre tabIndex={0}>{cause.slice(0, 4000)}</pre>}
    </div>
  );
}

function Whole({
  detail,
  been,
}: {
  readonly detail: ExecutionDetail;
  readonly been: Loaded<GraphAnswer>;
}): ReactNode {
  const { definition } = detail;
  const graph = useMemo(() => graphOf(parseJson(definition) ?? null), [definition]);
  const place = usePlace();
  useShortcut('1', 'Show the graph', () => showView('graph'));
  useShortcut('2', 'Show the table', () => showView('table'));
  useShortcut('3', 'Show the timeline', () => showView('timeline'));
  useShortcut('4', 'Show the events', () => showView('events'));
  useShortcut(
    'Escape',
    'Close the state’s panel',
    () => selectVisit(null),
    place.visit !== null || place.state !== null,
  );
  useShortcut('t', 'Look back in time, or return to now', () =>
    lookBackTo(place.at === null ? Math.max(1, detail.eventCount) : null),
  );
  return <Body detail={detail} been={been} graph={graph} place={place} />;
}
