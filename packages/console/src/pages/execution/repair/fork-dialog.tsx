import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Toggle from '@cloudscape-design/components/toggle';
import { useState, type ReactNode } from 'react';
import { command } from '../../../api/client.ts';
import type { DataFlow, ExecutionDetail, StateVisit } from '../../../api/types.ts';
import { useQuery } from '../../../api/use-query.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { DefinitionField } from '../../../components/definition-field.tsx';
import { JsonField } from '../../../components/json-field.tsx';
import { Answered } from '../../../components/states.tsx';
import { formatJson, jsonProblem } from '../../../model/json-text.ts';
import { to } from '../../../model/paths.ts';
import { navigate } from '../../../router/location.ts';

export interface ForkDialogProps {
  readonly detail: ExecutionDetail;
  readonly visit: StateVisit;
  readonly onClose: () => void;
}

/** A new execution that begins where this one was, with other data or another definition if wanted. */
export function ForkDialog(props: ForkDialogProps): ReactNode {
  const flow = useQuery('dataFlow', { arn: props.detail.executionArn, visit: String(props.visit.id) });
  return (
    <Answered of={flow} what="the state’s data">
      {(data) => <Fork {...props} flow={data} />}
    </Answered>
  );
}

function Fork({ detail, visit, flow, onClose }: ForkDialogProps & { readonly flow: DataFlow }): ReactNode {
  const [input, setInput] = useState(() => formatJson(flow.input.text));
  const [variables, setVariables] = useState(() => formatJson(flow.variables.text));
  const [definition, setDefinition] = useState<string | undefined>(undefined);
  const [name, setName] = useState('');
  const isCut =
    flow.input.text.length < flow.input.length || flow.variables.text.length < flow.variables.length;
  const start = async (): Promise<void> => {
    const { executionArn } = await command('fork', {
      executionArn: detail.executionArn,
      stateName: visit.stateName,
      visit: visit.id,
      input,
      variables,
      ...(definition === undefined ? {} : { definition }),
      ...(name === '' ? {} : { name }),
    });
    navigate(to.execution(executionArn));
  };
  return (
    <Dialog
      title={`Run again from ${visit.stateName}`}
      action="Start"
      size="large"
      obstacle={isCut ? 'The data is too large to be edited here.' : obstacle(input, variables, definition)}
      onAction={start}
      onClose={onClose}
    >
      <p className="faint">
        A new execution that begins at this state, marked as a fork of {detail.name}. That one stays as it is.
        {visit.parent !== 0 &&
          ' Beside it, branches and iterations that were finished keep their results; the others go on from the states in which they stood.'}
      </p>
      <JsonField label="Input of the state" value={input} onChange={setInput} />
      <JsonField
        label="Variables"
        description="As the state is to see them"
        value={variables}
        onChange={setVariables}
        size="small"
      />
      <Toggle
        checked={definition !== undefined}
        onChange={(event) => setDefinition(event.detail.checked ? formatJson(detail.definition) : undefined)}
      >
        With another definition, for this execution alone
      </Toggle>
      {definition !== undefined && <DefinitionField value={definition} onChange={setDefinition} />}
      <FormField label="Name" description="Left empty, it gets one">
        <Input value={name} onChange={({ detail: { value } }) => setName(value)} />
      </FormField>
    </Dialog>
  );
}

function obstacle(input: string, variables: string, definition: string | undefined): string | undefined {
  if (jsonProblem(input) !== undefined) return 'The input is no JSON.';
  if (jsonProblem(variables) !== undefined) return 'The variables are no JSON.';
  if (definition !== undefined && jsonProblem(definition) !== undefined) return 'The definition is no JSON.';
  return undefined;
}
