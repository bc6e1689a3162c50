import { type ReactNode } from 'react';
import type { BucketDetail, BucketSummary } from '../../api/types.ts';
import { useQuery } from '../../api/use-query.ts';
import { Answered, Empty } from '../../components/states.tsx';
import { DataTable, type Column } from '../../components/table/data-table.tsx';
import { formatBytes, formatDate } from '../../model/format.ts';
import { pathPart, queryText } from '../../model/paths.ts';
import { Link } from '../../router/link.tsx';
import { useLocation } from '../../router/location.ts';
import { DetailHead, ListPage, Part, ReloadButton } from './parts.tsx';

const LIST = 'services/buckets';

export function BucketsPage(): ReactNode {
  return (
    <ListPage
      title="Buckets"
      empty={{
        title: 'There are no buckets',
        hint: 'Buckets of S3 that an app deploys or a client creates are here.',
      }}
      of={useQuery('buckets', {})}
      columns={COLUMNS}
      rowKey={({ name }) => name}
      text={({ name }) => name}
    />
  );
}

const COLUMNS: readonly Column<BucketSummary>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: ({ name }) => <Link to={place(name, {})}>{name}</Link>,
    sort: ({ name }) => name,
  },
  {
    id: 'created',
    header: 'Created',
    cell: ({ createdMs }) => (createdMs === null ? '' : formatDate(createdMs)),
    sort: ({ createdMs }) => createdMs,
  },
];

function place(
  name: string,
  query: { readonly prefix?: string; readonly key?: string; readonly after?: string },
): string {
  return `${LIST}/${pathPart(name)}${queryText(query)}`;
}

type Row =
  | { readonly kind: 'prefix'; readonly name: string }
  | { readonly kind: 'object'; readonly object: BucketDetail['objects'][number] };

/** What lies in a bucket below a prefix, and one object of it. */
export function BucketPage({ name }: { readonly name: string }): ReactNode {
  const { query } = useLocation();
  const prefix = query.get('prefix') ?? '';
  const after = query.get('after') ?? '';
  const key = query.get('key');
  const bucket = useQuery('bucket', {
    name,
    ...(prefix === '' ? {} : { prefix }),
    ...(after === '' ? {} : { after }),
  });
  return (
    <div className="page">
      <Answered of={bucket} what="bucket" detail={name}>
        {(detail) => (
          <>
            <DetailHead title={detail.name} list={{ place: LIST, label: 'Buckets' }}>
              {prefix !== '' && (
                <Link to={place(name, { prefix: above(prefix) })} className="plain-button">
                  Up
                </Link>
              )}
              <ReloadButton onClick={bucket.reload} />
            </DetailHead>
            <Part title="Objects" aside={prefix === '' ? undefined : <code>{prefix}</code>}>
              <DataTable
                label="Objects"
                columns={columnsOf(name, prefix)}
                rows={rowsOf(detail)}
                rowKey={(row) => (row.kind === 'prefix' ? `prefix ${row.name}` : `object ${row.object.key}`)}
                empty={<Empty title="There is nothing here" />}
              />
              {detail.next !== null && (
                <div className="card-head">
                  <Link to={place(name, { prefix, after: detail.next })} className="plain-button">
                    Next page
                  </Link>
                </div>
              )}
            </Part>
            {key !== null && <Content bucket={name} object={key} />}
          </>
        )}
      </Answered>
    </div>
  );
}

function above(prefix: string): string {
  return prefix.slice(0, prefix.lastIndexOf('/', prefix.length - 2) + 1);
}

function rowsOf({ prefixes, objects }: BucketDetail): readonly Row[] {
  return [
    ...prefixes.map((name) => ({ kind: 'prefix', name }) as const),
    ...objects.map((object) => ({ kind: 'object', object }) as const),
  ];
}

function columnsOf(bucket: string, prefix: string): readonly Column<Row>[] {
  return [
    {
      id: 'key',
      header: 'Key',
      cell: (row) =>
        row.kind === 'prefix' ? (
          <Link to={place(bucket, { prefix: row.name })}>{row.name.slice(prefix.length)}</Link>
        ) : (
          <Link to={place(bucket, { prefix, key: row.object.key })}>
            {row.object.key.slice(prefix.length)}
          </Link>
        ),
    },
    {
      id: 'size',
      header: 'Size',
      cell: (row) => (row.kind === 'prefix' ? '' : formatBytes(row.object.sizeBytes)),
      align: 'right',
    },
    {
      id: 'modified',
      header: 'Modified',
      cell: (row) =>
        row.kind === 'prefix' || row.object.modifiedMs === null ? '' : formatDate(row.object.modifiedMs),
      isMinor: true,
    },
  ];
}

function Content({ bucket, object }: { readonly bucket: string; readonly object: string }): ReactNode {
  const content = useQuery('object', { bucket, key: object });
  return (
    <Answered of={content} what="object" detail={object}>
      {({ key, sizeBytes, text, isCut }) => (
        <Part title={key} aside={`${formatBytes(sizeBytes)}${isCut ? ', the beginning' : ''}`}>
          {text === null ? (
            <Empty title="These are bytes, no text" />
          ) : (
            // It scrolls: keys must be able to reach it.
            <pre className="service-text" tabIndex={0}>
              {text}
            </pre>
          )}
        </Part>
      )}
    </Answered>
  );
}
