import type { ReactNode } from 'react';
import { useLive } from '../../api/live.ts';
import type { JobDetail, JobSummary } from '../../api/types.ts';
import { useQuery } from '../../api/use-query.ts';
import { Payload } from '../../components/payload.tsx';
import { Answered } from '../../components/states.tsx';
import type { Column } from '../../components/table/data-table.tsx';
import { formatDate, formatDuration } from '../../model/format.ts';
import { pathPart } from '../../model/paths.ts';
import { Link } from '../../router/link.tsx';
import { DetailHead, FactList, ListPage, LogLines, Part, ReloadButton } from './parts.tsx';

const LIST = 'services/jobs';
const SERVICES = { batch: 'Batch', ecs: 'ECS' } as const;

export function JobsPage(): ReactNode {
  return (
    <ListPage
      title="Jobs and tasks"
      empty={{
        title: 'No job has run',
        hint: 'Jobs of Batch and tasks of ECS are here, with what they wrote.',
      }}
      of={useQuery('jobs', {})}
      columns={COLUMNS}
      rowKey={({ service, id }) => `${service} ${id}`}
      text={({ name, status }) => `${name} ${status}`}
      sorting={{ column: 'created', isDescending: true }}
    />
  );
}

const COLUMNS: readonly Column<JobSummary>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: ({ name, service, id }) => <Link to={`${LIST}/${service}/${pathPart(id)}`}>{name}</Link>,
    sort: ({ name }) => name,
  },
  {
    id: 'service',
    header: 'Service',
    cell: ({ service }) => SERVICES[service],
    sort: ({ service }) => service,
  },
  { id: 'status', header: 'Status', cell: ({ status }) => status, sort: ({ status }) => status },
  {
    id: 'reason',
    header: 'Reason',
    cell: ({ statusReason }) => statusReason ?? '',
    isMinor: true,
  },
  {
    id: 'created',
    header: 'Created',
    cell: ({ createdMs }) => (createdMs === null ? '' : formatDate(createdMs)),
    sort: ({ createdMs }) => createdMs,
    isMinor: true,
  },
  { id: 'time', header: 'Ran for', cell: (job) => ranFor(job), align: 'right' },
];

function ranFor({ startedMs, stoppedMs }: JobSummary): string {
  return startedMs === null || stoppedMs === null ? '' : formatDuration(stoppedMs - startedMs);
}

/** A job or a task, with what its container wrote. */
export function JobPage({ service, id }: { readonly service: string; readonly id: string }): ReactNode {
  const job = useQuery('job', { service: service === 'ecs' ? 'ecs' : 'batch', id });
  useLive(undefined, job.reload);
  return (
    <div className="page">
      <Answered of={job} what="job" detail={id}>
        {(detail) => (
          <>
            <DetailHead title={detail.name} list={{ place: LIST, label: 'Jobs and tasks' }}>
              <ReloadButton onClick={job.reload} />
            </DetailHead>
            <FactList of={factsOf(detail)} />
            <Part title="Output" aside={detail.logStream ?? undefined}>
              <LogLines label="Output" lines={detail.lines} isCut={detail.isCut} />
            </Part>
            <div className="service-part">
              <Payload title="As the API describes it" clip={detail.description} size="large" />
            </div>
          </>
        )}
      </Answered>
    </div>
  );
}

function factsOf(job: JobDetail): readonly (readonly [string, ReactNode])[] {
  return [
    ['Service', SERVICES[job.service]],
    ['Status', job.status],
    ['Reason', job.statusReason ?? 'none'],
    ['Exit code', job.exitCode === null ? 'none yet' : String(job.exitCode)],
    ['Ran for', ranFor(job) === '' ? 'not over' : ranFor(job)],
    [
      'Command',
      job.command.length === 0 ? 'that of its image' : <code key="command">{job.command.join(' ')}</code>,
    ],
    ['Id', <code key="id">{job.id}</code>],
  ];
}
