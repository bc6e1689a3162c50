import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState, type ReactNode } from 'react';
import { stopExecution } from '../../../api/step-functions.ts';
import { Dialog } from '../../../components/dialog.tsx';

export interface StopDialogProps {
  readonly executionArn: string;
  readonly onClose: () => void;
}

export function StopDialog({ executionArn, onClose }: StopDialogProps): ReactNode {
  const [error, setError] = useState('');
  const [cause, setCause] = useState('');
  return (
    <Dialog
      title="Stop the execution"
      action="Stop"
      onAction={async () => stopExecution(executionArn, error, cause)}
      onClose={onClose}
    >
      <FormField label="Error" description="Optional">
        <Input value={error} onChange={({ detail }) => setError(detail.value)} />
      </FormField>
      <FormField label="Cause" description="Optional">
        <Input value={cause} onChange={({ detail }) => setCause(detail.value)} />
      </FormField>
    </Dialog>
  );
}
