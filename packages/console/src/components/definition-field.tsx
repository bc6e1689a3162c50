import { check } from '@stepyard/asl';
import FormField from '@cloudscape-design/components/form-field';
import { useMemo, type ReactNode } from 'react';
import { formatCounted } from '../model/format.ts';
import { Code } from './code/code.tsx';

export interface DefinitionFieldProps {
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** An editor for a definition, with what is wrong about it at its place. */
export function DefinitionField({ value, onChange }: DefinitionFieldProps): ReactNode {
  const findings = useMemo(() => check(value), [value]);
  const errors = findings.filter(({ severity }) => severity === 'error');
  return (
    <FormField
      stretch
      label="Definition"
      errorText={
        errors.length === 0 ? '' : `${formatCounted(errors.length, 'error')}: ${errors[0]?.message ?? ''}`
      }
    >
      <Code
        value={value}
        label="Definition"
        language="json"
        size="large"
        onChange={onChange}
        findings={findings}
      />
    </FormField>
  );
}
