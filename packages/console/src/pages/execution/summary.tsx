import type { ReactNode } from 'react';
import type { ExecutionDetail } from '../../api/types.ts';
import { Gauge } from '../../components/gauge.tsx';
import { Status } from '../../components/status.tsx';
import { formatBytes, formatCount, formatDate, formatDuration, formatUsd } from '../../model/format.ts';
import { to } from '../../model/paths.ts';
import { Link } from '../../router/link.tsx';
import { useYardNow } from '../../state/yard-clock.ts';

const PAYLOAD_NOTE = 'The largest payload so far, against what Step Functions passes on';

/** What one wants to know of an execution before looking any closer. */
export function Summary({ of }: { readonly of: ExecutionDetail }): ReactNode {
  const { events, payloadBytes } = of.gauges;
  return (
    <dl className="card summary">
      <Fact label="Status">
        <Status of={of.status} />
      </Fact>
      <Fact label="Duration">
        <Duration of={of} />
      </Fact>
      <Fact label="Started">{formatDate(of.startDateMs)}</Fact>
      <Fact label="Transitions">{formatCount(of.transitions)}</Fact>
      <Fact label="Redrives">{formatCount(of.redriveCount)}</Fact>
      <Fact label="Events">
        {events.max === null ? (
          formatCount(events.used)
        ) : (
          <Gauge
            label="Events, of those that an execution may have"
            text={`${formatCount(events.used)} of ${formatCount(events.max)}`}
            used={events.used}
            max={events.max}
          />
        )}
      </Fact>
      <Fact label="Largest payload">
        <Gauge
          label={PAYLOAD_NOTE}
          text={`${formatBytes(payloadBytes.used)} of ${formatBytes(payloadBytes.max)}`}
          used={payloadBytes.used}
          max={payloadBytes.max}
        />
      </Fact>
      <Fact label="Cost on AWS">
        <span title="Prices of us-east-1, without free tiers and without the services that are called">
          {formatUsd(of.cost.standardUsd)} Standard
          <br />
          {of.cost.expressUsd === null ? 'too long for Express' : `${formatUsd(of.cost.expressUsd)} Express`}
        </span>
      </Fact>
      <Relatives of={of} />
    </dl>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="number">{children}</dd>
    </div>
  );
}

function Duration({ of: { status, startDateMs, stopDateMs } }: { readonly of: ExecutionDetail }): ReactNode {
  const nowMs = useYardNow(status === 'RUNNING' ? 250 : null);
  return formatDuration(Math.max(0, (stopDateMs ?? nowMs) - startDateMs));
}

/** Executions and map runs that this one has to do with. */
function Relatives({ of }: { readonly of: ExecutionDetail }): ReactNode {
  return (
    <>
      {of.mapRunArn !== null && (
        <Fact label="Child of">
          <Link to={to.mapRun(of.mapRunArn)}>a map run</Link>
        </Fact>
      )}
      {of.forkOf !== null && (
        <Fact label="Fork of">
          <Link to={to.execution(of.forkOf)}>{nameOf(of.forkOf)}</Link>
          {of.startingPoint !== null && (
            <>
              <br />
              <span className="faint">from {placeOf(of.startingPoint)}</span>
            </>
          )}
        </Fact>
      )}
      {of.forks.length > 0 && (
        <Fact label="Forks">
          {of.forks.map((arn) => (
            <div key={arn}>
              <Link to={to.execution(arn)}>{nameOf(arn)}</Link>
            </div>
          ))}
        </Fact>
      )}
      {of.mapRuns.length > 0 && (
        <Fact label="Map runs">
          {of.mapRuns.slice(0, 5).map(({ mapRunArn, stateName, status }) => (
            <div key={mapRunArn}>
              <Link to={to.mapRun(mapRunArn)}>{stateName}</Link> <Status of={status} />
            </div>
          ))}
          {of.mapRuns.length > 5 && <span className="faint">and {of.mapRuns.length - 5} more</span>}
        </Fact>
      )}
      {of.stateMachineAliasArn !== null && <Fact label="Alias">{nameOf(of.stateMachineAliasArn)}</Fact>}
      {of.stateMachineVersionArn !== null && <Fact label="Version">{nameOf(of.stateMachineVersionArn)}</Fact>}
    </>
  );
}

function nameOf(arn: string): string {
  return arn.split(':').at(-1) ?? arn;
}

/** The state, and the lines of what is around it, counted as the state panel counts them. */
function placeOf({ stateName, around }: NonNullable<ExecutionDetail['startingPoint']>): string {
  const lines = around.map((outer) => `${outer.stateName}, line ${outer.index + 1}`);
  return [stateName, ...lines.toReversed()].join(' in ');
}
