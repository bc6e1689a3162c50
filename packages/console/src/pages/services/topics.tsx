import type { ReactNode } from 'react';
import { useLive } from '../../api/live.ts';
import type { TopicDetail, TopicSummary } from '../../api/types.ts';
import { useQuery } from '../../api/use-query.ts';
import { Answered, Empty } from '../../components/states.tsx';
import { DataTable, type Column } from '../../components/table/data-table.tsx';
import { formatCount, formatDate } from '../../model/format.ts';
import { pathPart } from '../../model/paths.ts';
import { Link } from '../../router/link.tsx';
import { DetailHead, FactList, ListPage, Part, ReloadButton, TextCell } from './parts.tsx';
import { pairs } from './queues.tsx';

const LIST = 'services/topics';

export function TopicsPage(): ReactNode {
  return (
    <ListPage
      title="Topics"
      empty={{
        title: 'There are no topics',
        hint: 'Topics of SNS that an app deploys or a client creates are here.',
      }}
      of={useQuery('topics', {})}
      columns={COLUMNS}
      rowKey={({ arn }) => arn}
      text={({ name }) => name}
    />
  );
}

const COLUMNS: readonly Column<TopicSummary>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: ({ name, arn }) => <Link to={`${LIST}/${pathPart(arn)}`}>{name}</Link>,
    sort: ({ name }) => name,
  },
  {
    id: 'published',
    header: 'Published',
    cell: ({ published }) => formatCount(published),
    sort: ({ published }) => published,
    align: 'right',
  },
  {
    id: 'subscriptions',
    header: 'Subscriptions',
    cell: ({ subscriptions }) => formatCount(subscriptions),
    sort: ({ subscriptions }) => subscriptions,
    align: 'right',
  },
];

/** A topic with what went through it: on AWS nobody would know. */
export function TopicPage({ arn }: { readonly arn: string }): ReactNode {
  const topic = useQuery('topic', { arn });
  useLive(undefined, topic.reload);
  return (
    <div className="page">
      <Answered of={topic} what="topic" detail={arn}>
        {(detail) => (
          <>
            <DetailHead title={detail.name} list={{ place: LIST, label: 'Topics' }}>
              <ReloadButton onClick={topic.reload} />
            </DetailHead>
            <FactList
              of={[
                ['Published since the start', formatCount(detail.published)],
                ['Subscriptions', formatCount(detail.subscriptions)],
                ['ARN', <code key="arn">{detail.arn}</code>],
              ]}
            />
            <Part title="Subscriptions">
              <DataTable
                label="Subscriptions"
                columns={SUBSCRIBERS}
                rows={detail.subscribers}
                rowKey={({ protocol, endpoint }) => `${protocol} ${endpoint}`}
                empty={<Empty title="Nobody has subscribed" />}
              />
            </Part>
            <Notifications of={detail} />
          </>
        )}
      </Answered>
    </div>
  );
}

const SUBSCRIBERS: readonly Column<TopicDetail['subscribers'][number]>[] = [
  { id: 'protocol', header: 'Protocol', cell: ({ protocol }) => protocol },
  { id: 'endpoint', header: 'Endpoint', cell: ({ endpoint }) => <code>{endpoint}</code> },
];

function Notifications({ of: { notifications, published } }: { readonly of: TopicDetail }): ReactNode {
  return (
    <Part
      title="Published"
      aside={
        notifications.length < published
          ? `the newest ${formatCount(notifications.length)} of ${formatCount(published)}`
          : 'since the yard was started'
      }
    >
      <DataTable
        label="Published"
        columns={NOTIFICATIONS}
        rows={notifications}
        rowKey={({ messageId }) => messageId}
        empty={<Empty title="Nothing was published" />}
      />
    </Part>
  );
}

const NOTIFICATIONS: readonly Column<TopicDetail['notifications'][number]>[] = [
  {
    id: 'published',
    header: 'Published',
    cell: ({ publishedMs }) => formatDate(publishedMs),
    sort: ({ publishedMs }) => publishedMs,
  },
  { id: 'subject', header: 'Subject', cell: ({ subject }) => subject ?? <span className="faint">none</span> },
  { id: 'message', header: 'Message', cell: ({ message }) => <TextCell clip={message} /> },
  { id: 'attributes', header: 'Attributes', cell: ({ attributes }) => pairs(attributes), isMinor: true },
  {
    id: 'to',
    header: 'To',
    cell: ({ to }) => (to.length === 0 ? <span className="faint">nobody</span> : to.map(nameOf).join(', ')),
    isMinor: true,
  },
];

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
