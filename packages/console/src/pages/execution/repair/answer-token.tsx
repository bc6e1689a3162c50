import { lazy, Suspense, useState, type ReactNode } from 'react';
import type { PendingWork } from '../../../api/types.ts';
import { sendTaskHeartbeat } from '../../../api/step-functions.ts';
import { CopyButton } from '../../../components/copy-button.tsx';
import { formatCountdown } from '../../../model/format.ts';
import { attempt, flash } from '../../../state/flashes.ts';
import { useYardNow } from '../../../state/yard-clock.ts';

const SuccessDialog = lazy(async () => ({ default: (await import('./answer-dialogs.tsx')).SuccessDialog }));
const FailureDialog = lazy(async () => ({ default: (await import('./answer-dialogs.tsx')).FailureDialog }));

export interface AnswerTokenProps {
  readonly token: string;
  readonly work: Extract<PendingWork, { readonly taskToken: string | null }>;
  /** A heartbeat puts the task's end off, which no event tells of. */
  readonly onHeartbeat: () => void;
}

/** A task that waits for somebody: to be answered by hand. */
export function AnswerToken({ token, work, onHeartbeat }: AnswerTokenProps): ReactNode {
  const [dialog, setDialog] = useState<'success' | 'failure' | undefined>(undefined);
  const nowMs = useYardNow(1000);
  const beat = async (): Promise<void> => {
    await sendTaskHeartbeat(token);
    onHeartbeat();
    flash({ type: 'success', message: 'The heartbeat has been sent.' });
  };
  const due = [
    work.heartbeatDueMs === null ? '' : `heartbeat due in ${formatCountdown(work.heartbeatDueMs - nowMs)}`,
    work.timeoutDueMs === null ? '' : `times out in ${formatCountdown(work.timeoutDueMs - nowMs)}`,
  ].filter((text) => text !== '');
  return (
    <div className="answer">
      <strong>
        {work.kind === 'activity'
          ? work.isTaken
            ? 'A worker has this activity'
            : 'Waits for a worker of its activity'
          : 'Waits for its token to come back'}
      </strong>
      {due.length > 0 && <span className="faint number"> · {due.join(' · ')}</span>}
      <div className="actions-row">
        <button type="button" className="plain-button" onClick={() => setDialog('success')}>
          Succeed…
        </button>
        <button type="button" className="plain-button" onClick={() => setDialog('failure')}>
          Fail…
        </button>
        <button type="button" className="plain-button" onClick={() => void attempt(beat)}>
          Heartbeat
        </button>
        <CopyButton text={token} what="the task token" />
      </div>
      <Suspense>
        {dialog === 'success' && <SuccessDialog token={token} onClose={() => setDialog(undefined)} />}
        {dialog === 'failure' && <FailureDialog token={token} onClose={() => setDialog(undefined)} />}
      </Suspense>
    </div>
  );
}
