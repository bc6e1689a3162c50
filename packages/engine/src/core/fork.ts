/**
 * A fork: an execution that begins at a state of another one. Within Parallels and Maps these are entered first, with what they had
 * done: finished lines keep their results, the others enter the states in which they stood.
 */
import type { Json, Program, State, StateList } from '@stepyard/asl';
import type { Execution } from './execution.ts';
import { enqueue } from './execution.ts';
import type { Frame, Group } from './frame.ts';
import type { Fork, KeptGroup, KeptLine } from './input.ts';
import type { LinePlace } from './lines.ts';
import { newLine } from './lines.ts';

/** Opens the execution's own line; everything in it is entered step by step. */
export function openFork(execution: Execution, fork: Fork): Frame {
  const place = { group: undefined, index: 0, outer: undefined };
  const root = keptFrame(execution.program.states, rootLine(fork), place);
  enqueue(execution, root, 'enter');
  return root;
}

/** The execution's own line, with all lines in it. The one that the fork is about comes first in its group. */
export function rootLine({ stateName, input, variables, around = [] }: Fork): KeptLine {
  let line: KeptLine = { stateName, input, variables };
  for (const { index, group, ...outer } of around.toReversed())
    line = { ...outer, group: { ...group, lines: [[index, line], ...group.lines] } };
  return line;
}

function keptFrame(states: StateList, line: KeptLine, place: LinePlace): Frame {
  const frame = newLine(states, line.stateName, place, line.input, 0);
  frame.scope.variables = line.variables;
  if (line.group !== undefined) frame.work = keptGroup(frame, line.group);
  return frame;
}

function keptGroup(owner: Frame, kept: KeptGroup): Group {
  const { state } = owner;
  if (state.type !== 'Parallel' && state.type !== 'Map') throw new Error('only these have lines');
  const { items, concurrency } = kept;
  const results: Json[] = [];
  for (const [index, result] of kept.results) results[index] = result;
  const waiting: Frame[] = [];
  const group: Group = {
    kind: 'group',
    owner,
    state,
    inputs: state.type === 'Map' ? kept.inputs : state.branches.map(() => kept.inputs[0] ?? null),
    items,
    results,
    concurrency,
    started: kept.results.length + kept.lines.length,
    finished: kept.results.length,
    open: new Set(),
    waiting,
  };
  for (const [index, line] of kept.lines) {
    const states = state.type === 'Map' ? state.processor : state.branches[index];
    if (states === undefined) throw new Error(`there is no branch ${index}`);
    const frame = keptFrame(states, line, { group, index, outer: owner.scope });
    if (group.open.size < concurrency) group.open.add(frame);
    else waiting.push(frame);
  }
  return group;
}

/** Why a fork cannot be made of a definition, in words; undefined: it can. */
export function forkMisfit({ states }: Program, fork: Fork): string | undefined {
  return lineMisfit(states, rootLine(fork), 'the definition');
}

function lineMisfit(
  { states }: StateList,
  { stateName, group }: KeptLine,
  where: string,
): string | undefined {
  const state = states.get(stateName);
  if (state === undefined) return `'${stateName}' is not a state of ${where}.`;
  return group === undefined ? undefined : groupMisfit(state, group);
}

function groupMisfit(state: State, { items, results, lines }: KeptGroup): string | undefined {
  const { name } = state;
  if (items !== undefined) {
    if (state.type !== 'Map' || state.mode !== 'INLINE') return `'${name}' is no inline Map.`;
    return firstMisfit(lines, (line, index) =>
      lineMisfit(state.processor, line, `iteration ${index} of '${name}'`),
    );
  }
  if (state.type !== 'Parallel') return `'${name}' is no Parallel.`;
  const { branches } = state;
  const count = results.length + lines.length;
  if (branches.length !== count)
    return `'${name}' has ${branches.length} branches where ${count} were begun.`;
  return firstMisfit(lines, (line, index) => {
    const branch = branches[index];
    return branch === undefined ? undefined : lineMisfit(branch, line, `branch ${index} of '${name}'`);
  });
}

function firstMisfit(
  lines: KeptGroup['lines'],
  misfit: (line: KeptLine, index: number) => string | undefined,
): string | undefined {
  for (const [index, line] of lines) {
    const found = misfit(line, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
