/** Parts of the pages about services: lists, facts, texts and lines. What they show is data and never more than text. */
import { useState, type ReactNode } from 'react';
import { useLive } from '../../api/live.ts';
import type { Clip, LogLine } from '../../api/types.ts';
import type { Loaded } from '../../api/use-query.ts';
import { SearchBox } from '../../components/search-box.tsx';
import { Answered, Empty } from '../../components/states.tsx';
import { DataTable, type Column } from '../../components/table/data-table.tsx';
import { formatCount, formatTime } from '../../model/format.ts';
import { formatJson } from '../../model/json-text.ts';
import { Link } from '../../router/link.tsx';
import './services.css';

export interface ListPageProps<Row> {
  readonly title: string;
  /** Of what there are none, and how there would be some. */
  readonly empty: { readonly title: string; readonly hint: string };
  readonly of: Loaded<readonly Row[]>;
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  /** What the search looks in. */
  readonly text: (row: Row) => string;
  readonly sorting?: { readonly column: string; readonly isDescending: boolean };
}

/** All there are of one kind. It is read anew whenever an execution has done something. */
export function ListPage<Row>(props: ListPageProps<Row>): ReactNode {
  const { title, empty, of, columns, rowKey, text, sorting } = props;
  const [search, setSearch] = useState('');
  useLive(undefined, of.reload);
  const wanted = search.trim().toLowerCase();
  return (
    <div className="page">
      <div className="page-head">
        <h1>{title}</h1>
        {of.data !== undefined && <span className="pill">{formatCount(of.data.length)}</span>}
        <div className="actions">
          <SearchBox label={`Find ${title.toLowerCase()}`} value={search} onChange={setSearch} hasShortcut />
          <ReloadButton onClick={of.reload} />
        </div>
      </div>
      <Answered of={of} what={title.toLowerCase()}>
        {(rows) => (
          <div className="card">
            <DataTable
              label={title}
              columns={columns}
              rows={rows.filter((row) => text(row).toLowerCase().includes(wanted))}
              rowKey={rowKey}
              initialSorting={sorting ?? { column: columns[0]?.id ?? '', isDescending: false }}
              empty={
                rows.length === 0 ? (
                  <Empty title={empty.title}>{empty.hint}</Empty>
                ) : (
                  <Empty title="Nothing of that name" />
                )
              }
            />
          </div>
        )}
      </Answered>
    </div>
  );
}

export function ReloadButton({ onClick }: { readonly onClick: () => void }): ReactNode {
  return (
    <button type="button" className="plain-button" onClick={onClick}>
      Refresh
    </button>
  );
}

export interface DetailHeadProps {
  readonly title: string;
  /** The list that it is one of. */
  readonly list: { readonly place: string; readonly label: string };
  readonly children?: ReactNode;
}

export function DetailHead({ title, list, children }: DetailHeadProps): ReactNode {
  return (
    <div className="page-head">
      <div className="titles">
        <nav aria-label="Breadcrumbs" className="crumbs">
          <Link to={list.place}>{list.label}</Link>
        </nav>
        <h1>{title}</h1>
      </div>
      <div className="actions">{children}</div>
    </div>
  );
}

export type Facts = readonly (readonly [name: string, value: ReactNode])[];

/** Names and values. */
export function FactList({ of }: { readonly of: Facts }): ReactNode {
  return (
    <dl className="card fact-list">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A part of a page in a card, under a heading. */
export function Part({
  title,
  aside,
  children,
}: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className="card service-part">
      <div className="card-head">
        <h2>{title}</h2>
        {aside !== undefined && <span className="faint">{aside}</span>}
      </div>
      {children}
    </section>
  );
}

const LINE_CHARACTERS = 160;

/** A text in a cell: its beginning, and all of it when it is opened. */
export function TextCell({ clip: { text, length } }: { readonly clip: Clip }): ReactNode {
  const isJson = /^\s*[[{]/u.test(text);
  return (
    <details className="text-cell">
      <summary>{text.slice(0, LINE_CHARACTERS)}</summary>
      <pre>
        {isJson ? formatJson(text) : text}
        {text.length < length &&
          `\n… cut after ${formatCount(text.length)} of ${formatCount(length)} characters`}
      </pre>
    </details>
  );
}

/** Lines that a function or a job wrote. */
export function LogLines({
  label,
  lines,
  isCut,
}: {
  readonly label: string;
  readonly lines: readonly LogLine[];
  readonly isCut: boolean;
}): ReactNode {
  if (lines.length === 0) return <Empty title="Nothing was written" />;
  return (
    <>
      {isCut && (
        <p className="faint cut-note">Only the newest {formatCount(lines.length)} lines are shown.</p>
      )}
      {/* It scrolls: keys must be able to reach it. */}
      <ol className="log-lines" aria-label={label} tabIndex={0}>
        {lines.map(({ timeMs, message }, index) => (
          // Lines have no identity but their place.
          <li key={index}>
            <time dateTime={new Date(timeMs).toISOString()}>{formatTime(timeMs)}</time>
            <span>{message}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
