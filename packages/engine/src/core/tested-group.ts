import type { Json, MapState, ParallelState } from '@stepyard/asl';
import { isArray } from '@stepyard/asl';
import type { Frame, Group } from './frame.ts';
import { StateFailed } from './lines.ts';
import type { Probe } from './probe.ts';

/** The branches or iterations of a state under test, which all came to what the probe says. Throws StateFailed when that is an error. */
export function testedGroup(frame: Frame, state: ParallelState | MapState, probe: Probe): Group {
  const { children } = probe;
  if (children === undefined)
    throw new Error('a state with branches or iterations is tested with their results');
  if (children.kind === 'failed') throw new StateFailed(children.failure);
  const results: readonly Json[] = isArray(children.output) ? children.output : [];
  return {
    kind: 'group',
    owner: frame,
    state,
    inputs: results,
    items: undefined,
    results: [...results],
    concurrency: results.length,
    started: results.length,
    finished: results.length,
    open: new Set(),
    waiting: undefined,
  };
}
