import { useState, type ReactNode } from 'react';
import type { TableDetail, TableSummary } from '../../api/types.ts';
import { useQuery } from '../../api/use-query.ts';
import { Answered, Empty } from '../../components/states.tsx';
import { DataTable, type Column } from '../../components/table/data-table.tsx';
import { formatBytes, formatCount } from '../../model/format.ts';
import { keyText } from '../../model/items.ts';
import { pathPart } from '../../model/paths.ts';
import { Link } from '../../router/link.tsx';
import { DetailHead, FactList, ListPage, Part, ReloadButton, TextCell } from './parts.tsx';

const LIST = 'services/tables';

export function TablesPage(): ReactNode {
  return (
    <ListPage
      title="Tables"
      empty={{
        title: 'There are no tables',
        hint: 'Tables of DynamoDB that an app deploys or a client creates are here.',
      }}
      of={useQuery('tables', {})}
      columns={COLUMNS}
      rowKey={({ name }) => name}
      text={({ name }) => name}
    />
  );
}

const COLUMNS: readonly Column<TableSummary>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: ({ name }) => <Link to={`${LIST}/${pathPart(name)}`}>{name}</Link>,
    sort: ({ name }) => name,
  },
  {
    id: 'items',
    header: 'Items',
    cell: ({ items }) => formatCount(items),
    sort: ({ items }) => items,
    align: 'right',
  },
  {
    id: 'size',
    header: 'Size',
    cell: ({ sizeBytes }) => formatBytes(sizeBytes),
    sort: ({ sizeBytes }) => sizeBytes,
    align: 'right',
  },
  { id: 'status', header: 'Status', cell: ({ status }) => status, isMinor: true },
];

/** A table with its items, a page at a time, in the order of a scan. */
export function TablePage({ name }: { readonly name: string }): ReactNode {
  const [keys, setKeys] = useState<readonly string[]>([]);
  const after = keys.at(-1);
  const table = useQuery('table', { name, ...(after === undefined ? {} : { after }) });
  return (
    <div className="page">
      <Answered of={table} what="table" detail={name}>
        {(detail) => (
          <>
            <DetailHead title={detail.name} list={{ place: LIST, label: 'Tables' }}>
              <ReloadButton onClick={table.reload} />
            </DetailHead>
            <FactList
              of={[
                ['Items', formatCount(detail.items)],
                ['Size', formatBytes(detail.sizeBytes)],
                [
                  'Key',
                  detail.keys.map((key) => `${key.name} (${key.type}, ${key.kind.toLowerCase()})`).join(', '),
                ],
                ['Indexes', detail.indexes.length === 0 ? 'none' : detail.indexes.join(', ')],
              ]}
            />
            <Items
              of={detail}
              page={keys.length + 1}
              onNext={(next) => setKeys([...keys, next])}
              onBack={() => setKeys(keys.slice(0, -1))}
            />
          </>
        )}
      </Answered>
    </div>
  );
}

interface ItemsProps {
  readonly of: TableDetail;
  readonly page: number;
  readonly onNext: (after: string) => void;
  readonly onBack: () => void;
}

function Items({ of: { page: items, next, keys }, page, onNext, onBack }: ItemsProps): ReactNode {
  const columns: readonly Column<(typeof items)[number]>[] = [
    ...keys.map(({ name }) => ({
      id: `key-${name}`,
      header: name,
      cell: ({ text }: { readonly text: string }) => <code>{keyText(text, name)}</code>,
    })),
    { id: 'item', header: 'Item', cell: (item) => <TextCell clip={item} /> },
  ];
  return (
    <Part title="Items" aside={`page ${formatCount(page)}, in the order of a scan`}>
      <DataTable
        label="Items"
        columns={columns}
        rows={items}
        rowKey={({ text }) => text}
        empty={<Empty title={page === 1 ? 'The table is empty' : 'There are no more items'} />}
      />
      {(page > 1 || next !== null) && (
        <div className="card-head">
          <button type="button" className="plain-button" disabled={page === 1} onClick={onBack}>
            Page before
          </button>
          <button
            type="button"
            className="plain-button"
            disabled={next === null}
            onClick={() => next !== null && onNext(next)}
          >
            Next page
          </button>
        </div>
      )}
    </Part>
  );
}
