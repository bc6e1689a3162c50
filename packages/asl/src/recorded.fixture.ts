import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Json, JsonObject } from './json.ts';

const cases = resolve(import.meta.dirname, '../../../../shared/conformance/cases');

/** True where the recordings of real AWS are at hand. */
export const recordingsPresent = existsSync(cases);

interface Step {
  readonly call?: string;
  readonly params?: { readonly definition?: string; readonly input?: string };
}

export interface RecordedCase {
  readonly id: string;
  /** One for each execution started: the definition it ran, and its input. */
  readonly executions: readonly { readonly definition: JsonObject; readonly input: Json }[];
  readonly expected: JsonObject;
}

/** The cases of one area (`choice_operators`), for tests that evaluate the one state of their machines. */
export function recordedCases(area: string): RecordedCase[] {
  if (!recordingsPresent) return [];
  return readdirSync(join(cases, area)).map((file) => {
    const { steps, expected }: { steps: Step[]; expected: JsonObject } = JSON.parse(
      readFileSync(join(cases, area, file), 'utf8'),
    );
    const executions: { definition: JsonObject; input: Json }[] = [];
    let definition: JsonObject = {};
    for (const { call, params } of steps) {
      if (call === 'stepfunctions.CreateStateMachine') definition = JSON.parse(params?.definition ?? '{}');
      if (call === 'stepfunctions.StartExecution')
        executions.push({ definition, input: JSON.parse(params?.input ?? '{}') });
    }
    return { id: file.replace('.json', ''), executions, expected };
  });
}
