/** What stands in a page's place while there is nothing to show: it loads, it is empty, it is not there, it failed. */
import { useEffect, useState, type ReactNode } from 'react';
import type { Loaded } from '../api/use-query.ts';
import { Link } from '../router/link.tsx';

const LOADING_SHOWN_AFTER_MS = 150;

/** Says that something loads, unless it has come before anybody would have noticed. */
export function Loading({ what }: { readonly what: string }): ReactNode {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), LOADING_SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="state" role="status">
      {isLate && (
        <>
          <span className="spinner" aria-hidden="true" />
          Loading {what}…
        </>
      )}
    </div>
  );
}

export function Empty({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className="state">
      <strong>{title}</strong>
      {children !== undefined && <div className="faint">{children}</div>}
    </div>
  );
}

export function NotFound({ what, detail }: { readonly what: string; readonly detail: string }): ReactNode {
  return (
    <div className="page">
      <div className="state">
        <h1>There is no such {what}</h1>
        <code className="faint">{detail}</code>
        <Link to="machines">Go to the state machines</Link>
      </div>
    </div>
  );
}

/** Draws what has been loaded, or why there is nothing yet. Data that is there stays when loading it anew fails. */
export function Answered<Answer>({
  of,
  what,
  detail = '',
  children,
}: {
  readonly of: Loaded<Answer>;
  /** What it is, in a word: `execution`. */
  readonly what: string;
  /** Which one, for when it is not found. */
  readonly detail?: string;
  readonly children: (data: Answer) => ReactNode;
}): ReactNode {
  if (of.data !== undefined) return children(of.data);
  if (of.error === undefined) return <Loading what={what} />;
  if (of.error.status === 404 || /DoesNotExist|NotFound/u.test(of.error.code)) {
    return <NotFound what={what} detail={detail} />;
  }
  return (
    <Problem title={of.error.code} action="Try again" onAction={of.reload}>
      {of.error.message}
    </Problem>
  );
}

/** What went wrong in place of what was to be shown, with one thing to do about it. */
export function Problem({
  title,
  action,
  onAction,
  children,
}: {
  readonly title: string;
  readonly action: string;
  readonly onAction: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className="problem" role="alert">
      <strong>{title}</strong>
      <span>{children}</span>
      <button type="button" className="plain-button" onClick={onAction}>
        {action}
      </button>
    </div>
  );
}
