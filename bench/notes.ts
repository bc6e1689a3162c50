/**
 * The floor: what any program that answers GetExecutionHistory must do at some time: read the input's text, and note two events
 * a state with input and output as text, pushed on an array.
 */
import type { Json, JsonObject } from '@stepyard/asl';

interface Note {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestamp: number;
  readonly type: string;
  readonly stateEnteredEventDetails?: { readonly name: string; readonly input: string };
  readonly stateExitedEventDetails?: {
    readonly name: string;
    readonly output: string;
    readonly assignedVariables?: Readonly<Record<string, string>>;
  };
}

export class Notes {
  readonly events: Note[] = [];

  enter(type: string, name: string, input: Json): void {
    const id = this.events.length + 1;
    this.events.push({
      id,
      previousEventId: id - 1,
      timestamp: Date.now(),
      type: `${type}StateEntered`,
      stateEnteredEventDetails: { name, input: JSON.stringify(input) },
    });
  }

  exit(type: string, name: string, output: Json, assigned?: JsonObject): void {
    const id = this.events.length + 1;
    this.events.push({
      id,
      previousEventId: id - 1,
      timestamp: Date.now(),
      type: `${type}StateExited`,
      stateExitedEventDetails:
        assigned === undefined
          ? { name, output: JSON.stringify(output) }
          : { name, output: JSON.stringify(output), assignedVariables: variableTexts(assigned) },
    });
  }

  /** What the events say, one text each, for comparing with a history. */
  said(): string[] {
    return this.events.map(({ type, stateEnteredEventDetails: entered, stateExitedEventDetails: exited }) =>
      [
        type,
        entered?.name ?? exited?.name,
        entered?.input ?? exited?.output,
        JSON.stringify(exited?.assignedVariables ?? {}),
      ].join(' '),
    );
  }
}

function variableTexts(variables: JsonObject): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name of Object.keys(variables)) texts[name] = JSON.stringify(variables[name]);
  return texts;
}
