import FormField from '@cloudscape-design/components/form-field';
import type { ReactNode } from 'react';
import { formatJson, jsonProblem } from '../model/json-text.ts';
import { Code, type CodeProps } from './code/code.tsx';

export interface JsonFieldProps {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly size?: CodeProps['size'];
}

/** A field for JSON, with what is wrong about it, and a button that lays it out. */
export function JsonField({
  label,
  description,
  value,
  onChange,
  size = 'medium',
}: JsonFieldProps): ReactNode {
  const problem = jsonProblem(value);
  return (
    <FormField
      stretch
      label={label}
      {...(description === undefined ? {} : { description })}
      errorText={problem ?? ''}
      secondaryControl={
        <button
          type="button"
          className="plain-button"
          disabled={problem !== undefined}
          onClick={() => onChange(formatJson(value))}
        >
          Format
        </button>
      }
    >
      <Code value={value} label={label} language="json" size={size} onChange={onChange} />
    </FormField>
  );
}
