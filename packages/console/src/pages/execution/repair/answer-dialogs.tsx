import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState, type ReactNode } from 'react';
import { sendTaskFailure, sendTaskSuccess } from '../../../api/step-functions.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { JsonField } from '../../../components/json-field.tsx';
import { jsonProblem } from '../../../model/json-text.ts';

export interface AnswerDialogProps {
  readonly token: string;
  readonly onClose: () => void;
}

/** Has a task succeed that waits for its token. */
export function SuccessDialog({ token, onClose }: AnswerDialogProps): ReactNode {
  const [output, setOutput] = useState('{}');
  return (
    <Dialog
      title="Have the task succeed"
      action="Send success"
      obstacle={jsonProblem(output) === undefined ? undefined : 'The output is no JSON.'}
      onAction={async () => sendTaskSuccess(token, output)}
      onClose={onClose}
    >
      <JsonField label="Output" value={output} onChange={setOutput} />
    </Dialog>
  );
}

/** Has a task fail that waits for its token. */
export function FailureDialog({ token, onClose }: AnswerDialogProps): ReactNode {
  const [error, setError] = useState('');
  const [cause, setCause] = useState('');
  return (
    <Dialog
      title="Have the task fail"
      action="Send failure"
      onAction={async () => sendTaskFailure(token, error, cause)}
      onClose={onClose}
    >
      <FormField label="Error" description="A name that Retry and Catch go by">
        <Input value={error} onChange={({ detail }) => setError(detail.value)} />
      </FormField>
      <FormField label="Cause">
        <Input value={cause} onChange={({ detail }) => setCause(detail.value)} />
      </FormField>
    </Dialog>
  );
}
