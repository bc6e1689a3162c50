import type { ReactNode } from 'react';
import type { ExecutionStatus, VisitStatus } from '../api/types.ts';
import { Icon } from './icon.tsx';
import { STATUS_LABELS, statusKind, type StatusKind } from '../model/status.ts';
import './status.css';

/** A status with its mark, its word and its colour: never by colour alone. */
export function Status({ of }: { readonly of: ExecutionStatus | VisitStatus | 'timedOut' }): ReactNode {
  return <StatusMark kind={statusKind(of)} label={STATUS_LABELS[of]} />;
}

export function StatusMark({
  kind,
  label,
}: {
  readonly kind: StatusKind;
  readonly label: ReactNode;
}): ReactNode {
  return (
    <span className={`status ${kind}`}>
      <StatusIcon kind={kind} />
      {label}
    </span>
  );
}

/** Only the mark, where the word stands elsewhere. */
export function StatusIcon({ kind }: { readonly kind: StatusKind }): ReactNode {
  return (
    <Icon
      name={kind === 'succeeded' ? 'check' : kind === 'failed' ? 'cross' : kind}
      className={`status-icon ${kind}`}
    />
  );
}
