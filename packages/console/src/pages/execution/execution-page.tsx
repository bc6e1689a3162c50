import { graphOf, parseJson } from '@stepyard/asl';
import { useMemo, type ReactNode } from 'react';
import { useFollowing } from '../../api/follow.ts';
import { useLive } from '../../api/live.ts';
import type { ExecutionDetail, Visits } from '../../api/types.ts';
import { useQuery, type Loaded } from '../../api/use-query.ts';
import { Answered } from '../../components/states.tsx';
import { failedVisit } from '../../model/graph-status.ts';
import { to } from '../../model/paths.ts';
import { Link } from '../../router/link.tsx';
import { useShortcut } from '../../state/shortcuts.ts';
import { Actions } from './actions.tsx';
import { Body } from './body.tsx';
import { lookBackTo, selectVisit, showView, usePlace, type View } from './place.ts';
import { Summary } from './summary.tsx';
import './execution.css';

const VIEWS_OF_STATES: ReadonlySet<View> = new Set(['graph', 'table', 'timeline']);

/** An execution: what it is doing or has done, why, and what can be done about it. */
export function ExecutionPage({ arn }: { readonly arn: string }): ReactNode {
  const execution = useQuery('execution', { arn });
  const { view } = usePlace();
  const hasFailed = execution.data !== undefined && execution.data.status !== 'SUCCEEDED';
  const visits = useQuery('visits', hasFailed || VIEWS_OF_STATES.has(view) ? { arn } : null);
  useLive(arn, execution.reload);
  useFollowing(visits.reload, execution.data, visits.data);
  return (
    <div className="page execution">
      <Answered of={execution} what="execution" detail={arn}>
        {(detail) => (
          <>
            <Head of={detail} />
            <Failure of={detail} visits={visits.data} />
            <Summary of={detail} />
            <Whole detail={detail} visits={visits} />
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
  visits,
}: {
  readonly of: ExecutionDetail;
  readonly visits: Visits | undefined;
}): ReactNode {
  if (status === 'SUCCEEDED' || status === 'RUNNING' || (error === null && cause === null)) return null;
  const culprit = visits === undefined ? undefined : failedVisit(visits.visits);
  return (
    <div className={`failure${status === 'ABORTED' ? ' aborted' : ''}`} role="note" aria-label="Why it ended">
      <div className="failure-head">
        <strong>{error ?? 'No error name'}</strong>
        {culprit !== undefined && (
          <button type="button" className="link" onClick={() => selectVisit(culprit.id)}>
            in {culprit.stateName}
          </button>
        )}
      </div>
      {cause !== null && <pre>{cause.slice(0, 4000)}</pre>}
    </div>
  );
}

function Whole({
  detail,
  visits,
}: {
  readonly detail: ExecutionDetail;
  readonly visits: Loaded<Visits>;
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
  return <Body detail={detail} visits={visits} graph={graph} place={place} />;
}
