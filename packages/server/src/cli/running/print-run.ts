import { parseJson, type Json } from '@stepyard/asl';
import { pathOf, printHistory, type ExecutionDescription, type HistoryEvent } from '@stepyard/engine';

/** So many states of a long path are shown as text; `--json` has them all. */
const PATH_SHOWN_MAX = 200;

export interface EndedRun {
  readonly described: ExecutionDescription;
  readonly events: readonly HistoryEvent[];
}

export function printRun({ described, events }: EndedRun, withHistory: boolean): string {
  const { status, output, error, cause } = described;
  const lines = [
    `path    ${shownPath(pathOf(events))}`,
    `status  ${status} after ${(durationMs(described) / 1000).toFixed(3)} s`,
  ];
  if (output !== undefined) lines.push(`output  ${output}`);
  if (error !== undefined) lines.push(`error   ${error}`);
  if (cause !== undefined) lines.push(`cause   ${cause}`);
  if (withHistory) lines.push('', printHistory(events));
  return `${lines.join('\n')}\n`;
}

/** One JSON document: status, output, error, cause, path, durationMs, and history where it was asked for. */
export function runAsJson({ described, events }: EndedRun, withHistory: boolean): string {
  const { status, output, error, cause } = described;
  const document = {
    status,
    output: output === undefined ? undefined : (parseJson(output) satisfies Json | undefined),
    error,
    cause,
    path: pathOf(events),
    durationMs: durationMs(described),
    history: withHistory ? events : undefined,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function shownPath(path: readonly string[]): string {
  const shown = path.slice(0, PATH_SHOWN_MAX).join(' -> ');
  return path.length > PATH_SHOWN_MAX ? `${shown} -> ... (${path.length} states)` : shown;
}

function durationMs({ startDateMs, stopDateMs }: ExecutionDescription): number {
  return (stopDateMs ?? startDateMs) - startDateMs;
}
