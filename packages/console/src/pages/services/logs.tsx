import { useState, type FormEvent, type ReactNode } from 'react';
import { useLive } from '../../api/live.ts';
import type { LogGroupSummary } from '../../api/types.ts';
import { useQuery } from '../../api/use-query.ts';
import { SearchBox } from '../../components/search-box.tsx';
import { Answered } from '../../components/states.tsx';
import type { Column } from '../../components/table/data-table.tsx';
import { formatBytes, formatCount, formatCounted } from '../../model/format.ts';
import { pathPart } from '../../model/paths.ts';
import { Link } from '../../router/link.tsx';
import { changeQuery, useLocation } from '../../router/location.ts';
import { DetailHead, ListPage, LogLines, Part, ReloadButton } from './parts.tsx';

const LIST = 'services/logs';

export function LogGroupsPage(): ReactNode {
  return (
    <ListPage
      title="Log groups"
      empty={{ title: 'There are no log groups', hint: 'What functions, jobs and executions write is here.' }}
      of={useQuery('logGroups', {})}
      columns={COLUMNS}
      rowKey={({ name }) => name}
      text={({ name }) => name}
    />
  );
}

const COLUMNS: readonly Column<LogGroupSummary>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: ({ name }) => <Link to={`${LIST}/${pathPart(name)}`}>{name}</Link>,
    sort: ({ name }) => name,
  },
  {
    id: 'streams',
    header: 'Streams',
    cell: ({ streams }) => formatCount(streams),
    sort: ({ streams }) => streams,
    align: 'right',
  },
  {
    id: 'stored',
    header: 'Stored',
    cell: ({ storedBytes }) => formatBytes(storedBytes),
    sort: ({ storedBytes }) => storedBytes,
    align: 'right',
  },
];

/** The lines of a log group, by stream and with a filter in CloudWatch's notation. */
export function LogGroupPage({ group }: { readonly group: string }): ReactNode {
  const { query } = useLocation();
  const stream = query.get('stream') ?? '';
  const filter = query.get('filter') ?? '';
  const [typed, setTyped] = useState(filter);
  const logs = useQuery('logEvents', {
    group,
    ...(stream === '' ? {} : { stream }),
    ...(filter === '' ? {} : { filter }),
  });
  useLive(undefined, logs.reload);
  const search = (event: FormEvent): void => {
    event.preventDefault();
    changeQuery({ filter: typed });
  };
  return (
    <div className="page">
      <DetailHead title={group} list={{ place: LIST, label: 'Log groups' }}>
        <form onSubmit={search}>
          <SearchBox label="Filter pattern" value={typed} onChange={setTyped} hasShortcut />
        </form>
        <ReloadButton onClick={logs.reload} />
      </DetailHead>
      <Answered of={logs} what="log group" detail={group}>
        {({ streams, lines, isCut }) => (
          <Part title="Events" aside={formatCounted(lines.length, 'line')}>
            <div className="card-head">
              <label>
                Stream{' '}
                <select value={stream} onChange={(event) => changeQuery({ stream: event.target.value })}>
                  <option value="">all ({formatCount(streams.length)})</option>
                  {streams.map(({ name }) => (
                    <option key={name} value={name}>
                      {name}
                    </option>
                  ))}
                </select>
              </label>
            </div>
            <LogLines label="Events" lines={lines} isCut={isCut} />
          </Part>
        )}
      </Answered>
    </div>
  );
}
