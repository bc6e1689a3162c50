import { lazy, Suspense, useState, type ReactNode } from 'react';
import type { ExecutionDetail } from '../../api/types.ts';
import { redriveExecution } from '../../api/step-functions.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { to } from '../../model/paths.ts';
import { Link } from '../../router/link.tsx';
import { attempt, flash } from '../../state/flashes.ts';

const StopDialog = lazy(async () => ({ default: (await import('./repair/stop-dialog.tsx')).StopDialog }));
const StartDialog = lazy(async () => ({
  default: (await import('../../components/start-dialog.tsx')).StartDialog,
}));

/** What can be done with an execution as it is. */
export function Actions({ of }: { readonly of: ExecutionDetail }): ReactNode {
  const [dialog, setDialog] = useState<'stop' | 'start' | undefined>(undefined);
  const close = (): void => setDialog(undefined);
  const isRunning = of.status === 'RUNNING';
  const redrive = async (): Promise<void> => {
    await redriveExecution(of.executionArn);
    flash({ type: 'success', message: 'The execution goes on from where it failed.' });
  };
  return (
    <div className="actions">
      <CopyButton text={of.executionArn} what="the ARN" />
      <Link to={to.compare(of.executionArn, of.forkOf ?? undefined)} className="plain-button">
        Compare
      </Link>
      {isRunning && (
        <button type="button" className="plain-button" onClick={() => setDialog('stop')}>
          Stop…
        </button>
      )}
      {!isRunning && of.status !== 'SUCCEEDED' && (
        <button
          type="button"
          className="plain-button"
          disabled={of.redriveStatus !== 'REDRIVABLE'}
          title={of.redriveStatusReason ?? 'Goes on from the states that failed'}
          onClick={() => void attempt(redrive)}
        >
          Redrive
        </button>
      )}
      <button type="button" className="plain-button primary" onClick={() => setDialog('start')}>
        New execution…
      </button>
      <Suspense>
        {dialog === 'stop' && <StopDialog executionArn={of.executionArn} onClose={close} />}
        {dialog === 'start' && (
          <StartDialog machineArn={of.stateMachineArn} initialInput={of.input.text} onClose={close} />
        )}
      </Suspense>
    </div>
  );
}
