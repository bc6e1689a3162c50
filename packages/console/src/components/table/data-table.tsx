import { useState, type ReactNode } from 'react';
import { sorted, type Sorting, type SortValue } from '../../model/sorting.ts';
import './data-table.css';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** By what the rows are sorted when this column is asked for; without it they cannot be. */
  readonly sort?: (row: Row) => SortValue;
  readonly align?: 'right';
  /** Left out where the window is narrow. */
  readonly isMinor?: boolean;
}

export interface DataTableProps<Row> {
  /** What the rows are, for those who do not see the page. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly initialSorting?: Sorting;
  /** In place of rows, when there are none. */
  readonly empty: ReactNode;
}

/** A table that can be sorted. Up to some hundreds of rows: longer lists are paged, or drawn by a component of their own. */
export function DataTable<Row>({
  label,
  columns,
  rows,
  rowKey,
  initialSorting,
  empty,
}: DataTableProps<Row>): ReactNode {
  const [sorting, setSorting] = useState(initialSorting);
  const by = columns.find(({ id }) => id === sorting?.column)?.sort;
  const shown = by === undefined ? rows : sorted(rows, by, sorting?.isDescending === true);
  const className = ({ align, isMinor }: Column<Row>): string =>
    [align ?? '', isMinor === true ? 'minor' : ''].join(' ').trim();
  return (
    <div className="table-scroll">
      <table className="data" aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={className(column)}
                aria-sort={ariaSort(sorting, column.id)}
              >
                <Heading column={column} sorting={sorting} onSort={setSorting} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.id} className={className(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && empty}
    </div>
  );
}

function ariaSort(sorting: Sorting | undefined, column: string): 'ascending' | 'descending' | undefined {
  if (sorting?.column !== column) return undefined;
  return sorting.isDescending ? 'descending' : 'ascending';
}

function Heading<Row>({
  column: { id, header, sort },
  sorting,
  onSort,
}: {
  readonly column: Column<Row>;
  readonly sorting: Sorting | undefined;
  readonly onSort: (sorting: Sorting) => void;
}): ReactNode {
  if (sort === undefined) return header;
  const isBy = sorting?.column === id;
  return (
    <button
      type="button"
      className="sort"
      onClick={() => onSort({ column: id, isDescending: isBy && !sorting.isDescending })}
    >
      {header}
      <span aria-hidden="true">{isBy ? (sorting.isDescending ? '▾' : '▴') : ''}</span>
    </button>
  );
}
