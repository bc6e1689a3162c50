/** What a graph shows of an execution: how each state stands, and which ways were taken. */
import type { GraphAnswer, StateTally } from '../api/types.ts';
import type { StatusKind } from './status.ts';

/** How a state stands, over all of its visits. */
export interface StateStatus extends Omit<StateTally, 'stateName'> {
  readonly kind: StatusKind;
}

export interface GraphStatus {
  readonly states: ReadonlyMap<string, StateStatus>;
  /** {@link wayKey} of each transition that was taken. */
  readonly ways: ReadonlySet<string>;
}

/** While anything goes on, that is what a state is shown as; then what went wrong; then the rest. */
const PRECEDENCE: readonly (keyof StateTally['counts'])[] = [
  'running',
  'waiting',
  'failed',
  'caught',
  'aborted',
  'succeeded',
];

/** The way from one state to another; by its catcher or not. An empty `from` is the start of a list of states. */
export function wayKey(from: string, to: string, isCatch: boolean): string {
  return JSON.stringify([from, to, isCatch]);
}

export function graphStatus({ states, ways }: Pick<GraphAnswer, 'states' | 'ways'>): GraphStatus {
  return {
    states: new Map(states.map(({ stateName, ...tally }) => [stateName, { ...tally, kind: kindOf(tally) }])),
    ways: new Set(ways.map(({ from, to, isCatch }) => wayKey(from ?? '', to, isCatch))),
  };
}

function kindOf({ counts }: Pick<StateTally, 'counts'>): StatusKind {
  return PRECEDENCE.find((kind) => (counts[kind] ?? 0) > 0) ?? 'idle';
}
