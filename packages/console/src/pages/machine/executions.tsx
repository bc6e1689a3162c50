import { useState, type ReactNode } from 'react';
import { useLive } from '../../api/live.ts';
import type { ExecutionStatus, ExecutionSummary } from '../../api/types.ts';
import { useQuery } from '../../api/use-query.ts';
import { SearchBox } from '../../components/search-box.tsx';
import { Answered, Empty } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { DataTable, type Column } from '../../components/table/data-table.tsx';
import { formatCount, formatDate, formatDuration } from '../../model/format.ts';
import { to } from '../../model/paths.ts';
import { EXECUTION_STATUSES, STATUS_LABELS } from '../../model/status.ts';
import { changeQuery, useLocation } from '../../router/location.ts';
import { Link } from '../../router/link.tsx';
import { useYardNow } from '../../state/yard-clock.ts';

const PAGE_SIZE = 100;

/** Executions of a machine, the newest first, page by page. */
export function Executions({ machineArn }: { readonly machineArn: string }): ReactNode {
  const { query } = useLocation();
  const status = EXECUTION_STATUSES.find((one) => one === query.get('status'));
  const [pages, setPages] = useState<readonly string[]>([]);
  const [search, setSearch] = useState('');
  const after = pages.at(-1);
  const page = useQuery('executions', {
    machine: machineArn,
    limit: String(PAGE_SIZE),
    ...(status === undefined ? {} : { status }),
    ...(after === undefined ? {} : { after }),
  });
  useLive(undefined, (change) => {
    const isOurs =
      change.kind === 'everything' || change.changes.some((one) => one.stateMachineArn === machineArn);
    if (isOurs) page.reload();
  });
  const choose = (chosen: ExecutionStatus | ''): void => {
    setPages([]);
    changeQuery({ status: chosen === '' ? null : chosen });
  };
  return (
    <>
      <div className="list-head">
        <SearchBox label="Find executions by name" value={search} onChange={setSearch} hasShortcut />
        <select
          aria-label="Status"
          value={status ?? ''}
          onChange={(event) => choose(event.target.value as ExecutionStatus | '')}
        >
          <option value="">Any status</option>
          {EXECUTION_STATUSES.map((one) => (
            <option key={one} value={one}>
              {STATUS_LABELS[one]}
            </option>
          ))}
        </select>
        <span className="grow" />
        <button
          type="button"
          className="plain-button"
          disabled={pages.length === 0}
          onClick={() => setPages(pages.slice(0, -1))}
        >
          Newer
        </button>
        <button
          type="button"
          className="plain-button"
          disabled={(page.data?.next ?? null) === null}
          onClick={() => setPages([...pages, page.data?.next ?? ''])}
        >
          Older
        </button>
      </div>
      <Answered of={page} what="executions">
        {({ items }) => <List items={items} search={search} isFiltered={status !== undefined} />}
      </Answered>
    </>
  );
}

function List({
  items,
  search,
  isFiltered,
}: {
  readonly items: readonly ExecutionSummary[];
  readonly search: string;
  readonly isFiltered: boolean;
}): ReactNode {
  const wanted = search.trim().toLowerCase();
  const found = items.filter(({ name, error }) => `${name} ${error ?? ''}`.toLowerCase().includes(wanted));
  return (
    <DataTable
      label="Executions"
      columns={COLUMNS}
      rows={found}
      rowKey={({ executionArn }) => executionArn}
      empty={
        items.length > 0 ? (
          <Empty title="None of this page is like that" />
        ) : isFiltered ? (
          <Empty title="No execution has this status" />
        ) : (
          <Empty title="It has not been started yet">
            Start an execution by the button above, or with <kbd>s</kbd>
          </Empty>
        )
      }
    />
  );
}

const COLUMNS: readonly Column<ExecutionSummary>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: ({ executionArn, name, forkOf }) => (
      <>
        <Link to={to.execution(executionArn)}>{name}</Link>
        {forkOf !== null && <span className="pill">fork</span>}
      </>
    ),
    sort: ({ name }) => name,
  },
  {
    id: 'status',
    header: 'Status',
    cell: ({ status }) => <Status of={status} />,
    sort: ({ status }) => status,
  },
  {
    id: 'error',
    header: 'Error',
    cell: ({ error }) => <span className="error-name">{error}</span>,
    sort: ({ error }) => error,
    isMinor: true,
  },
  {
    id: 'started',
    header: 'Started',
    cell: ({ startDateMs }) => <span className="faint">{formatDate(startDateMs)}</span>,
    sort: ({ startDateMs }) => startDateMs,
    isMinor: true,
  },
  {
    id: 'duration',
    header: 'Duration',
    cell: (execution) => <Duration of={execution} />,
    sort: ({ startDateMs, stopDateMs }) => (stopDateMs === null ? null : stopDateMs - startDateMs),
    align: 'right',
  },
  {
    id: 'events',
    header: 'Events',
    cell: ({ eventCount }) => formatCount(eventCount),
    sort: ({ eventCount }) => eventCount,
    align: 'right',
    isMinor: true,
  },
];

function Duration({ of: { startDateMs, stopDateMs } }: { readonly of: ExecutionSummary }): ReactNode {
  const nowMs = useYardNow(stopDateMs === null ? 1000 : null);
  return formatDuration(Math.max(0, (stopDateMs ?? nowMs) - startDateMs));
}
