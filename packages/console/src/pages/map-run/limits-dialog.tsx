import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState, type ReactNode } from 'react';
import { updateMapRun, type MapRunDescription } from '../../api/step-functions.ts';
import { Dialog } from '../../components/dialog.tsx';

export interface LimitsDialogProps {
  readonly of: MapRunDescription;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

/** Changes how many children run at once, and how many may fail, while the run goes on. */
export function LimitsDialog({ of, onChanged, onClose }: LimitsDialogProps): ReactNode {
  const [concurrency, setConcurrency] = useState(String(of.maxConcurrency));
  const [percentage, setPercentage] = useState(String(of.toleratedFailurePercentage));
  const [count, setCount] = useState(String(of.toleratedFailureCount));
  const isWhole = (text: string): boolean => /^\d{1,9}$/u.test(text);
  const isPercentage = /^\d{1,3}(?:\.\d+)?$/u.test(percentage) && Number(percentage) <= 100;
  const isRight = isWhole(concurrency) && isWhole(count) && isPercentage;
  const save = async (): Promise<void> => {
    // Only what is another than before: a percentage of 0 that is asked for counts, and one that was never given does not.
    const wanted = {
      maxConcurrency: Number(concurrency),
      toleratedFailurePercentage: Number(percentage),
      toleratedFailureCount: Number(count),
    };
    const changed = Object.entries(wanted).filter(
      ([name, value]) => of[name as keyof typeof wanted] !== value,
    );
    if (changed.length > 0) await updateMapRun(of.mapRunArn, Object.fromEntries(changed));
    onChanged();
  };
  return (
    <Dialog
      title="Concurrency and tolerance"
      action="Save"
      obstacle={isRight ? undefined : 'These are no such numbers.'}
      onAction={save}
      onClose={onClose}
    >
      <FormField label="Children at once" description="0: as many as there are">
        <Input type="number" value={concurrency} onChange={({ detail }) => setConcurrency(detail.value)} />
      </FormField>
      <FormField label="Tolerated failures, in percent of the items">
        <Input type="number" value={percentage} onChange={({ detail }) => setPercentage(detail.value)} />
      </FormField>
      <FormField label="Tolerated failures, in items">
        <Input type="number" value={count} onChange={({ detail }) => setCount(detail.value)} />
      </FormField>
    </Dialog>
  );
}
