import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState, type ReactNode } from 'react';
import { startExecution } from '../api/step-functions.ts';
import type { SampleInput } from '../api/types.ts';
import { useQuery } from '../api/use-query.ts';
import { formatJson, jsonProblem } from '../model/json-text.ts';
import { to } from '../model/paths.ts';
import { navigate } from '../router/location.ts';
import { Dialog } from './dialog.tsx';
import { JsonField } from './json-field.tsx';

export interface StartDialogProps {
  readonly machineArn: string;
  /** JSON text. */
  readonly initialInput?: string;
  readonly onClose: () => void;
}

/** Starts an execution: with an input of one's own, a sample, or one that was used before. */
export function StartDialog({ machineArn, initialInput = '{}', onClose }: StartDialogProps): ReactNode {
  const [input, setInput] = useState(() => formatJson(initialInput));
  const [name, setName] = useState('');
  const samples = useQuery('samples', { machine: machineArn });
  const start = async (): Promise<void> => {
    navigate(to.execution(await startExecution(machineArn, input, name)));
  };
  return (
    <Dialog
      title="Start an execution"
      action="Start"
      size="large"
      obstacle={jsonProblem(input) === undefined ? undefined : 'The input is no JSON.'}
      onAction={start}
      onClose={onClose}
    >
      <Samples of={samples.data ?? []} onChoose={(text) => setInput(formatJson(text))} />
      <JsonField label="Input" value={input} onChange={setInput} />
      <FormField label="Name" description="Left empty, it gets one">
        <Input value={name} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
    </Dialog>
  );
}

const TITLES: Readonly<Record<SampleInput['source'], string>> = { case: 'Samples', execution: 'Used before' };

/** The name of an execution tells nothing of what it was given. */
function oneLine(input: string): string {
  return input.replaceAll(/\s+/gu, ' ').slice(0, 80);
}

function Samples({
  of,
  onChoose,
}: {
  readonly of: readonly SampleInput[];
  readonly onChoose: (input: string) => void;
}): ReactNode {
  const groups = (['case', 'execution'] as const).map((source) =>
    of.filter((sample) => sample.source === source),
  );
  return groups.map(([first, ...rest]) =>
    first === undefined ? null : (
      <div key={first.source} className="samples">
        <span className="faint">{TITLES[first.source]}</span>
        {[first, ...rest].slice(0, 12).map(({ name, input }) => (
          <button key={name} type="button" className="sample" title={name} onClick={() => onChoose(input)}>
            {first.source === 'case' ? name : oneLine(input)}
          </button>
        ))}
      </div>
    ),
  );
}
