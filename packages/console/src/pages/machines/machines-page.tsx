import { useEffect, useState, type ReactNode } from 'react';
import { useLive } from '../../api/live.ts';
import type { MachineSummary, Overview } from '../../api/types.ts';
import { useQuery } from '../../api/use-query.ts';
import { SearchBox } from '../../components/search-box.tsx';
import { Answered, Empty } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { DataTable, type Column } from '../../components/table/data-table.tsx';
import { formatAgo, formatCount, formatDate } from '../../model/format.ts';
import { to } from '../../model/paths.ts';
import { EXECUTION_STATUSES, STATUS_LABELS, statusKind } from '../../model/status.ts';
import { Link } from '../../router/link.tsx';
import { setYardTime, useYardNow } from '../../state/yard-clock.ts';
import { FirstSteps } from './first-steps.tsx';

/** All state machines of the yard: what they are, how their executions stand, when they last ran. */
export function MachinesPage(): ReactNode {
  const overview = useQuery('overview', {});
  useLive(undefined, overview.reload);
  const { data } = overview;
  useEffect(() => {
    if (data !== undefined) setYardTime(data.nowMs, data.isVirtualTime);
  }, [data]);
  return (
    <div className="page">
      <Answered of={overview} what="state machines">
        {(answer) => <Machines overview={answer} />}
      </Answered>
    </div>
  );
}

function Machines({ overview }: { readonly overview: Overview }): ReactNode {
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = overview.machines.filter(({ name }) => name.toLowerCase().includes(wanted));
  if (overview.machines.length === 0) return <FirstSteps />;
  return (
    <>
      <div className="page-head">
        <h1>State machines</h1>
        <span className="pill">{formatCount(overview.machines.length)}</span>
        <div className="actions">
          <SearchBox label="Find state machines" value={search} onChange={setSearch} hasShortcut />
        </div>
      </div>
      <div className="card">
        <DataTable
          label="State machines"
          columns={COLUMNS}
          rows={found}
          rowKey={({ stateMachineArn }) => stateMachineArn}
          initialSorting={{ column: 'name', isDescending: false }}
          empty={<Empty title="No state machine has such a name" />}
        />
      </div>
    </>
  );
}

const COLUMNS: readonly Column<MachineSummary>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: ({ name }) => <Link to={to.machine(name)}>{name}</Link>,
    sort: ({ name }) => name,
  },
  {
    id: 'type',
    header: 'Type',
    cell: ({ type }) => (type === 'STANDARD' ? 'Standard' : 'Express'),
    sort: ({ type }) => type,
    isMinor: true,
  },
  {
    id: 'executions',
    header: 'Executions',
    cell: (machine) => <Counts of={machine} />,
    sort: ({ counts }) => EXECUTION_STATUSES.reduce((sum, status) => sum + counts[status], 0),
  },
  {
    id: 'last',
    header: 'Last execution',
    cell: (machine) => <LastExecution of={machine} />,
    sort: ({ lastExecution }) => lastExecution?.startDateMs ?? null,
  },
  {
    id: 'created',
    header: 'Created',
    cell: ({ creationDateMs }) => <span className="faint">{formatDate(creationDateMs)}</span>,
    sort: ({ creationDateMs }) => creationDateMs,
    isMinor: true,
  },
];

function Counts({ of: { counts } }: { readonly of: MachineSummary }): ReactNode {
  const some = EXECUTION_STATUSES.filter((status) => counts[status] > 0);
  if (some.length === 0) return <span className="faint">none</span>;
  return (
    <span className="pills">
      {some.map((status) => (
        <span key={status} className={`pill ${statusKind(status)}`} title={STATUS_LABELS[status]}>
          {formatCount(counts[status])} {STATUS_LABELS[status].toLowerCase()}
        </span>
      ))}
    </span>
  );
}

function LastExecution({ of: { lastExecution } }: { readonly of: MachineSummary }): ReactNode {
  const nowMs = useYardNow(10_000);
  if (lastExecution === null) return <span className="faint">never</span>;
  return (
    <span className="pills">
      <Link to={to.execution(lastExecution.executionArn)} title={lastExecution.name}>
        <Status of={lastExecution.status} />
      </Link>
      <span className="faint">{formatAgo(lastExecution.startDateMs, nowMs)}</span>
    </span>
  );
}
