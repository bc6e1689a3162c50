import { lazy, Suspense, useEffect, useEffectEvent, useRef, useState, type ReactNode } from 'react';
import { useLive } from '../../api/live.ts';
import { describeMapRun, redriveExecution, type MapRunDescription } from '../../api/step-functions.ts';
import { useAnswer, useQuery } from '../../api/use-query.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Gauge } from '../../components/gauge.tsx';
import { Answered } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { formatCount, formatDate, formatDuration } from '../../model/format.ts';
import { to } from '../../model/paths.ts';
import { Link } from '../../router/link.tsx';
import { attempt, flash } from '../../state/flashes.ts';
import { useYardNow } from '../../state/yard-clock.ts';
import { ChildrenGrid } from './children-grid.tsx';
import './map-run.css';

const LimitsDialog = lazy(async () => ({ default: (await import('./limits-dialog.tsx')).LimitsDialog }));

/** A run of a Distributed Map: how far it is, what failed, and its children one by one. */
export function MapRunPage({ arn }: { readonly arn: string }): ReactNode {
  const run = useAnswer(`mapRun ${arn}`, async () => describeMapRun(arn));
  const children = useQuery('mapRunChildren', { mapRun: arn });
  useLive(undefined, (change) => {
    if (change.kind === 'executions' && !change.changes.some((one) => one.mapRunArn === arn)) return;
    run.reload();
  });
  useChange(JSON.stringify(run.data?.executionCounts), children.reload);
  return (
    <div className="page">
      <Answered of={run} what="map run" detail={arn}>
        {(description) => (
          <>
            <Head of={description} onChanged={run.reload} />
            <Facts of={description} />
            {/* Within: what comes first would else be pushed aside by what comes later. */}
            <Answered of={children} what="children" detail={arn}>
              {(answer) => <ChildrenGrid of={answer} />}
            </Answered>
          </>
        )}
      </Answered>
    </div>
  );
}

/** Calls back when a value is another one than before; not for the first one. */
function useChange(value: string | undefined, onChange: () => void): void {
  const known = useRef<string | undefined>(undefined);
  const changed = useEffectEvent(onChange);
  useEffect(() => {
    if (value === undefined) return;
    if (known.current !== undefined && known.current !== value) changed();
    known.current = value;
  }, [value]);
}

function Head({
  of,
  onChanged,
}: {
  readonly of: MapRunDescription;
  readonly onChanged: () => void;
}): ReactNode {
  const [isEditing, setEditing] = useState(false);
  const execution = useQuery('execution', { arn: of.executionArn });
  const stateName = execution.data?.mapRuns.find(({ mapRunArn }) => mapRunArn === of.mapRunArn)?.stateName;
  // arn:aws:states:REGION:ACCOUNT:execution:MACHINE:NAME
  const machine = of.executionArn.split(':')[6] ?? '';
  const redrive = async (): Promise<void> => {
    await redriveExecution(of.executionArn);
    flash({ type: 'success', message: 'The execution goes on, and with it the children that failed.' });
  };
  return (
    <div className="page-head">
      <div className="titles">
        <nav aria-label="Breadcrumbs" className="crumbs">
          <Link to={to.machines()}>State machines</Link>
          <span aria-hidden="true">/</span>
          <Link to={to.machine(machine)}>{machine}</Link>
          <span aria-hidden="true">/</span>
          <Link to={to.execution(of.executionArn)}>{of.executionArn.split(':').at(-1)}</Link>
        </nav>
        <h1>{stateName ?? 'Map run'}</h1>
      </div>
      <div className="actions">
        <CopyButton text={of.mapRunArn} what="the ARN" />
        {of.status === 'RUNNING' && (
          <button type="button" className="plain-button" onClick={() => setEditing(true)}>
            Concurrency and tolerance…
          </button>
        )}
        {(of.status === 'FAILED' || of.status === 'ABORTED') && (
          <button type="button" className="plain-button" onClick={() => void attempt(redrive)}>
            Redrive
          </button>
        )}
      </div>
      <Suspense>
        {isEditing && <LimitsDialog of={of} onChanged={onChanged} onClose={() => setEditing(false)} />}
      </Suspense>
    </div>
  );
}

function Facts({ of }: { readonly of: MapRunDescription }): ReactNode {
  const { itemCounts: items, executionCounts: executions } = of;
  const nowMs = useYardNow(of.stopDate === undefined ? 500 : null);
  const endMs = of.stopDate === undefined ? nowMs : of.stopDate * 1000;
  const failed = items.failed + items.timedOut + items.aborted;
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Status', <Status key="status" of={of.status} />],
    ['Duration', formatDuration(Math.max(0, endMs - of.startDate * 1000))],
    ['Started', formatDate(of.startDate * 1000)],
    [
      'Items done',
      <Gauge
        key="items"
        label="Items done"
        text={`${formatCount(items.succeeded + failed)} of ${formatCount(items.total)}`}
        used={items.succeeded + failed}
        max={Math.max(1, items.total)}
        isProgress
      />,
    ],
    [
      'Items failed',
      <span key="failed" className={failed > 0 ? 'error-name' : ''}>
        {formatCount(failed)}
      </span>,
    ],
    [
      'Running now',
      `${formatCount(executions.running)} of ${of.maxConcurrency === 0 ? 'any number' : `at most ${formatCount(of.maxConcurrency)}`}`,
    ],
    ['Tolerated failures', tolerance(of)],
    ['Results written', formatCount(items.resultsWritten)],
    ['Redrives', formatCount(of.redriveCount ?? 0)],
  ];
  return (
    <dl className="card summary">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="number">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function tolerance({
  toleratedFailureCount: count,
  toleratedFailurePercentage: percentage,
}: MapRunDescription): string {
  const parts = [count > 0 ? formatCount(count) : '', percentage > 0 ? `${percentage}%` : ''];
  return parts.filter((part) => part !== '').join(', ') || 'none';
}
