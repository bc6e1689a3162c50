/** Children of a map run that end in their first turns: run where they are started, and durable with the turn that tells their parent. */
import type { Json } from '@stepyard/asl';
import type { Effect, Outcome } from '../core/effect.ts';
import type { Execution } from '../core/execution.ts';
import type { MapRunInput } from '../core/input.ts';
import { INTERPRETER_VERSION } from '../core/interpreter-version.ts';
import { sizeBound } from '../core/limits.ts';
import { FirstTurns } from '../core/map-run/first-turn.ts';
import type { OpenChild } from '../core/map-run/open-child.ts';
import { startedOf } from '../core/map-run/start-child.ts';
import type { BlockCommon, ChildBlock } from '../journal/child-block.ts';
import { rowIn } from '../journal/child-block.ts';
import type { ExecutionRow, Write } from '../journal/store.ts';
import type { Told } from './announcer.ts';
import { given } from './given.ts';
import { eventsIn } from './history-page.ts';
import { isHistoryFull } from './redrive.ts';
import type { Revision } from './revisions.ts';
import type { Run } from './run.ts';

export type StartChildren = Extract<Effect, { kind: 'startChildren' }>;

/** Children whose ends are told in one turn: so many at most, with so much input and output, and so many events. */
const CHILDREN_MAX = 1000;
const BYTES_MAX = 4_194_304;
const EVENTS_MAX = 20_000;
/** The history of one that has more is kept by itself. */
const BLOCK_EVENTS_MAX = 1000;

/** What came of some children. */
export interface InstantChildren {
  /** Place of the first child of the effect that is not among them. */
  readonly next: number;
  /** What the parent is told. */
  readonly inputs: readonly MapRunInput[];
  readonly writes: readonly Write[];
  /** Those that ended, by their places in the effect. */
  readonly ended: readonly number[];
  /** They go on: they have to begin as any other execution does. */
  readonly begin: readonly number[];
  /** Those that ended, as listeners hear of them. Empty when nobody listens. */
  readonly told: readonly Told[];
}

export interface InstantOptions {
  readonly nextSequence: () => number;
  /** What the children run. */
  readonly revision: Revision;
  readonly tellsOutputs: boolean;
  readonly isHeard: boolean;
}

/** Runs children of the effect, from that place on. */
export function runInstantChildren(
  parent: Run,
  effect: StartChildren,
  from: number,
  options: InstantOptions,
): InstantChildren {
  const chunk = new Chunk(parent, effect, options);
  let place = from;
  while (place < effect.children.length && !chunk.isFull) chunk.add(place++);
  return chunk.end(place);
}

class Chunk {
  readonly #effect: StartChildren;
  readonly #turns: FirstTurns;
  readonly #common: Omit<BlockCommon, 'firstNumber'>;
  readonly #options: InstantOptions;
  readonly #inputs: MapRunInput[] = [];
  readonly #writes: Write[] = [];
  readonly #ended: number[] = [];
  readonly #begin: number[] = [];
  readonly #told: Told[] = [];
  #block: OpenBlock | undefined;
  #bytes = 0;
  #events = 0;

  constructor(parent: Run, effect: StartChildren, options: InstantOptions) {
    this.#effect = effect;
    this.#options = options;
    this.#turns = new FirstTurns(effect.origin);
    this.#common = commonOf(parent, effect);
  }

  get isFull(): boolean {
    const { length } = this.#ended;
    return length >= CHILDREN_MAX || this.#bytes >= BYTES_MAX || this.#events >= EVENTS_MAX;
  }

  add(place: number): void {
    const child = this.#effect.children[place];
    if (child === undefined) throw new Error('a child is started that is not there');
    const execution = this.#turns.run(child);
    const outcome = execution?.outcome;
    if (execution === undefined || outcome === undefined) {
      this.#close();
      this.#begin.push(place);
      return;
    }
    this.#ended.push(place);
    const { output = null } = outcome;
    const eventCount = execution.events.length;
    this.#bytes += child.input.length + sizeBound(output, BYTES_MAX);
    this.#events += eventCount;
    const isInBlock = outcome.status === 'SUCCEEDED' && eventCount <= BLOCK_EVENTS_MAX;
    if (isInBlock) this.#addToBlock(place, child, execution, output);
    else this.#addRow(place, child, execution, outcome);
  }

  end(next: number): InstantChildren {
    this.#close();
    return {
      next,
      inputs: this.#inputs,
      writes: this.#writes,
      ended: this.#ended,
      begin: this.#begin,
      told: this.#told,
    };
  }

  #addToBlock(place: number, child: OpenChild, execution: Execution, output: Json): void {
    const sequence = this.#options.nextSequence();
    const block = (this.#block ??= newBlock(sequence, this.#effect.first + place));
    const { id, expressId } = child.identity;
    block.ids.push(id.a, id.b, id.c, id.d);
    if (expressId !== undefined) block.ids.push(expressId.a, expressId.b, expressId.c, expressId.d);
    block.inputs.push(child.input);
    block.outputs.push(output);
    block.itemCounts.push(child.itemCount);
    block.eventCounts.push(execution.events.length);
    if (this.#options.isHeard) block.executions.push(execution);
    else this.#turns.giveBack(execution);
  }

  /** It may be redriven, or is long. */
  #addRow(place: number, child: OpenChild, execution: Execution, outcome: Outcome): void {
    this.#close();
    const number = this.#effect.first + place;
    const { place: childPlace, timeMs, revision, interpreter, traceHeader } = this.#common;
    const row: ExecutionRow = {
      sequence: this.#options.nextSequence(),
      started: startedOf(this.#effect.origin, child),
      startMs: timeMs,
      revision,
      interpreter,
      child: { ...childPlace, number, itemCount: child.itemCount },
      traceHeader,
      status: outcome.status,
      outcome,
      stopMs: timeMs,
      eventCount: execution.events.length,
      redrive: undefined,
    };
    this.#writes.push({ kind: 'started', row });
    const { status, output, error, cause } = outcome;
    this.#inputs.push({
      kind: 'childEnded',
      mapRun: this.#effect.mapRun,
      child: number,
      status,
      ...(output === undefined || !this.#options.tellsOutputs ? {} : { output }),
      ...given('error', error),
      ...given('cause', cause),
      ...(isHistoryFull(row) ? { isFull: true } : {}),
    });
    if (this.#options.isHeard) this.#told.push(toldOf(row, execution, this.#options.revision));
  }

  /** The next child does not belong to the block. */
  #close(): void {
    const open = this.#block;
    if (open === undefined) return;
    this.#block = undefined;
    const { first, firstNumber, ids, executions, ...columns } = open;
    const block: ChildBlock = {
      first,
      common: { ...this.#common, firstNumber },
      ids: Int32Array.from(ids),
      ...columns,
    };
    this.#writes.push({ kind: 'children', block });
    const { revision, tellsOutputs, isHeard } = this.#options;
    this.#inputs.push({
      kind: 'childrenSucceeded',
      mapRun: this.#effect.mapRun,
      first: firstNumber,
      count: block.inputs.length,
      ...(tellsOutputs ? { outputs: block.outputs } : {}),
    });
    if (!isHeard) return;
    for (const [index, execution] of executions.entries())
      this.#told.push(toldOf(rowIn(block, index), execution, revision));
  }
}

interface OpenBlock {
  readonly first: number;
  readonly firstNumber: number;
  readonly ids: number[];
  readonly inputs: string[];
  readonly outputs: Json[];
  readonly itemCounts: number[];
  readonly eventCounts: number[];
  /** Of children that are told of. */
  readonly executions: Execution[];
}

function newBlock(first: number, firstNumber: number): OpenBlock {
  return {
    first,
    firstNumber,
    ids: [],
    inputs: [],
    outputs: [],
    itemCounts: [],
    eventCounts: [],
    executions: [],
  };
}

function commonOf(
  parent: Run,
  { origin, mapRun, timeMs, children }: StartChildren,
): Omit<BlockCommon, 'firstNumber'> {
  const { processor, started, seed, redrives } = origin;
  const { forkDefinition } = parent.revision;
  const { traceHeader } = parent.birth;
  const executions = children[0]?.identity.machine.executions ?? '';
  return {
    started,
    executions,
    seed,
    redrives,
    timeMs,
    revision: parent.revision.number,
    interpreter: INTERPRETER_VERSION,
    ...given('traceHeader', traceHeader),
    place: { parent: parent.sequence, mapRun, processor, ...given('definition', forkDefinition) },
  };
}

function toldOf(row: ExecutionRow, { events }: Execution, revision: Revision): Told {
  return {
    arn: row.started.executionArn,
    started: row.started,
    birth: row,
    visible: row,
    row,
    revision,
    events: (firstEventId) => eventsIn(events, events.length, firstEventId, events.length, true),
  };
}
