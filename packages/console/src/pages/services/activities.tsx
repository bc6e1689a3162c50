import type { ReactNode } from 'react';
import { useLive } from '../../api/live.ts';
import type { ActivitySummary } from '../../api/types.ts';
import { useQuery } from '../../api/use-query.ts';
import { Answered, Empty } from '../../components/states.tsx';
import { DataTable, type Column } from '../../components/table/data-table.tsx';
import { formatAgo, formatCounted } from '../../model/format.ts';
import { to } from '../../model/paths.ts';
import { Link } from '../../router/link.tsx';
import { useYardNow } from '../../state/yard-clock.ts';
import { Part, ReloadButton } from './parts.tsx';

type Waiting = ActivitySummary['waiting'][number];

/** The activities with the tasks that wait for a worker, who may be whoever looks at this page. */
export function ActivitiesPage(): ReactNode {
  const activities = useQuery('activities', {});
  useLive(undefined, activities.reload);
  return (
    <div className="page">
      <div className="page-head">
        <h1>Activities</h1>
        <div className="actions">
          <ReloadButton onClick={activities.reload} />
        </div>
      </div>
      <Answered of={activities} what="activities">
        {(all) =>
          all.length === 0 ? (
            <div className="card">
              <Empty title="There are no activities">
                Those that an app deploys or a client creates are here.
              </Empty>
            </div>
          ) : (
            all.map((activity) => <Activity key={activity.activityArn} of={activity} />)
          )
        }
      </Answered>
    </div>
  );
}

const COLUMNS: readonly Column<Waiting>[] = [
  {
    id: 'state',
    header: 'State',
    // There it can be answered by hand.
    cell: ({ executionArn, stateName, visit }) => (
      <Link to={to.execution(executionArn, { visit })}>{stateName}</Link>
    ),
  },
  {
    id: 'execution',
    header: 'Execution',
    cell: ({ executionArn }) => executionArn.split(':').slice(-2).join(' / '),
    isMinor: true,
  },
  { id: 'since', header: 'Waits since', cell: ({ scheduledMs }) => <Ago since={scheduledMs} /> },
  { id: 'taken', header: 'Worker', cell: ({ isTaken }) => (isTaken ? 'has it' : 'none yet') },
];

function Activity({ of: { name, waiting } }: { readonly of: ActivitySummary }): ReactNode {
  return (
    <Part title={name} aside={`${formatCounted(waiting.length, 'task')} waiting`}>
      <DataTable
        label={`Tasks of ${name}`}
        columns={COLUMNS}
        rows={waiting}
        rowKey={({ taskToken }) => taskToken}
        empty={<Empty title="No task waits" />}
      />
    </Part>
  );
}

function Ago({ since }: { readonly since: number }): ReactNode {
  return formatAgo(since, useYardNow(10_000));
}
