import type { ReactNode } from 'react';
import { useLive } from '../../api/live.ts';
import type { QueueDetail, QueueSummary } from '../../api/types.ts';
import { useQuery } from '../../api/use-query.ts';
import { Answered, Empty } from '../../components/states.tsx';
import { DataTable, type Column } from '../../components/table/data-table.tsx';
import { formatCount, formatDate, formatTick } from '../../model/format.ts';
import { pathPart } from '../../model/paths.ts';
import { Link } from '../../router/link.tsx';
import { DetailHead, FactList, ListPage, Part, ReloadButton, TextCell } from './parts.tsx';

const LIST = 'services/queues';

export function QueuesPage(): ReactNode {
  return (
    <ListPage
      title="Queues"
      empty={{
        title: 'There are no queues',
        hint: 'Queues of SQS that an app deploys or a client creates are here.',
      }}
      of={useQuery('queues', {})}
      columns={COLUMNS}
      rowKey={({ url }) => url}
      text={({ name }) => name}
    />
  );
}

const COLUMNS: readonly Column<QueueSummary>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: ({ name, url }) => <Link to={`${LIST}/${pathPart(url)}`}>{name}</Link>,
    sort: ({ name }) => name,
  },
  {
    id: 'available',
    header: 'Messages',
    cell: ({ available }) => formatCount(available),
    sort: ({ available }) => available,
    align: 'right',
  },
  {
    id: 'inFlight',
    header: 'With a consumer',
    cell: ({ inFlight }) => formatCount(inFlight),
    sort: ({ inFlight }) => inFlight,
    align: 'right',
  },
  {
    id: 'delayed',
    header: 'Delayed',
    cell: ({ delayed }) => formatCount(delayed),
    sort: ({ delayed }) => delayed,
    align: 'right',
    isMinor: true,
  },
];

/** A queue with what lies in it. Looking receives nothing. */
export function QueuePage({ url }: { readonly url: string }): ReactNode {
  const queue = useQuery('queue', { url });
  useLive(undefined, queue.reload);
  return (
    <div className="page">
      <Answered of={queue} what="queue" detail={url}>
        {(detail) => (
          <>
            <DetailHead title={detail.name} list={{ place: LIST, label: 'Queues' }}>
              <ReloadButton onClick={queue.reload} />
            </DetailHead>
            <FactList
              of={[
                ['Messages', formatCount(detail.available)],
                ['With a consumer', formatCount(detail.inFlight)],
                ['Delayed', formatCount(detail.delayed)],
                ['URL', <code key="url">{detail.url}</code>],
                ...Object.entries(ATTRIBUTES).flatMap(([name, label]) => {
                  const value = detail.attributes[name];
                  return value === undefined ? [] : [[label, attributeText(name, value)] as const];
                }),
              ]}
            />
            <Messages of={detail} />
          </>
        )}
      </Answered>
    </div>
  );
}

const ATTRIBUTES: Readonly<Record<string, string>> = {
  VisibilityTimeout: 'Visibility timeout',
  MessageRetentionPeriod: 'Kept for',
  DelaySeconds: 'Delay',
  RedrivePolicy: 'Redrive policy',
  KmsMasterKeyId: 'KMS key',
};
const SECONDS: ReadonlySet<string> = new Set(['VisibilityTimeout', 'MessageRetentionPeriod', 'DelaySeconds']);

function attributeText(name: string, value: string): string {
  return SECONDS.has(name) ? formatTick(Number(value) * 1000) : value;
}

const STATES = { available: 'Available', inFlight: 'With a consumer', delayed: 'Delayed' } as const;

function Messages({ of: { messages, total } }: { readonly of: QueueDetail }): ReactNode {
  return (
    <Part
      title="Messages"
      aside={
        messages.length < total
          ? `the oldest ${formatCount(messages.length)} of ${formatCount(total)}; looking at them receives nothing`
          : 'looking at them receives nothing'
      }
    >
      <DataTable
        label="Messages"
        columns={MESSAGES}
        rows={messages}
        rowKey={({ messageId }) => messageId}
        empty={<Empty title="The queue is empty" />}
      />
    </Part>
  );
}

const MESSAGES: readonly Column<QueueDetail['messages'][number]>[] = [
  { id: 'sent', header: 'Sent', cell: ({ sentMs }) => formatDate(sentMs), sort: ({ sentMs }) => sentMs },
  { id: 'body', header: 'Body', cell: ({ body }) => <TextCell clip={body} /> },
  { id: 'state', header: 'State', cell: ({ state }) => STATES[state], sort: ({ state }) => state },
  {
    id: 'attributes',
    header: 'Attributes',
    cell: ({ attributes }) => pairs(attributes),
    isMinor: true,
  },
  {
    id: 'received',
    header: 'Received',
    cell: ({ receiveCount }) => formatCount(receiveCount),
    sort: ({ receiveCount }) => receiveCount,
    align: 'right',
    isMinor: true,
  },
];

/** `name: value` of each. */
export function pairs(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');
}
