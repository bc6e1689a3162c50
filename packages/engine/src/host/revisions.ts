import type { MapState, Program, StateList } from '@stepyard/asl';
import { processorProgram } from '../core/map-run/identity.ts';
import type { ExecutionRow, Store, Write } from '../journal/store.ts';
import { loadDefinition } from './definition.ts';
import type { StateMachineDescription } from './engine-api.ts';

/** A state machine as it was at one revision. Executions keep the one that they started with. */
export interface Revision {
  /** Its key in the store; that of a child's or a fork's revision is that of the machine's. */
  readonly number: number;
  readonly description: StateMachineDescription;
  /** Compiled when it is first asked for. */
  readonly program: Program;
  /** Of a fork with a definition of its own, which no machine has: its text. */
  readonly forkDefinition?: string;
}

/** All revisions of all state machines; those that were not asked for since the start are in the store alone. */
export class Revisions {
  readonly #store: Store;
  readonly #known = new Map<number, Revision>();
  readonly #processors = new WeakMap<Revision, Map<string, Revision>>();
  #last: number;
  #lastFork: Revision | undefined;

  constructor(store: Store) {
    this.#store = store;
    this.#last = store.lastRevision();
  }

  /** A new one, and what makes it durable. */
  add(description: StateMachineDescription, program: Program): { revision: Revision; write: Write } {
    const revision: Revision = { number: ++this.#last, description, program };
    this.#known.set(revision.number, revision);
    const key = String(revision.number);
    return {
      revision,
      write: { kind: 'resource', of: 'revision', key, value: JSON.stringify(description) },
    };
  }

  get(number: number): Revision {
    const known = this.#known.get(number);
    if (known !== undefined) return known;
    const text = this.#store.resource('revision', String(number));
    if (text === undefined) throw new Error(`there is no revision ${number}`);
    // `revisionId` and `updateDateMs` are undefined where the text has none.
    const parsed = JSON.parse(text) as StateMachineDescription;
    const revision = lazily(number, { ...NEVER_UPDATED, ...parsed });
    this.#known.set(number, revision);
    return revision;
  }

  /** What an execution runs: its machine's revision, a definition of its own, or the processor of a Map. */
  of({ revision: number, started, child }: Pick<ExecutionRow, 'revision' | 'started' | 'child'>): Revision {
    const definition = started.fork?.definition ?? child?.definition;
    const own = definition === undefined ? this.get(number) : this.#forked(number, definition);
    return child === undefined ? own : this.#processor(own, child.processor, started);
  }

  /** Executions with one definition of their own come together: the children of a fork. */
  #forked(number: number, definition: string): Revision {
    if (this.#lastFork?.number !== number || this.#lastFork.forkDefinition !== definition)
      this.#lastFork = forkedRevision(this.get(number), definition);
    return this.#lastFork;
  }

  /** The processor of the Map at `pointer` as a state machine: what DescribeStateMachineForExecution tells of a child. */
  #processor(
    parent: Revision,
    pointer: string,
    { stateMachineArn, stateMachineName, type }: ExecutionRow['started'],
  ): Revision {
    let own = this.#processors.get(parent);
    if (own === undefined) this.#processors.set(parent, (own = new Map()));
    let revision = own.get(pointer);
    if (revision === undefined) {
      const state = mapAt(parent.program.states, pointer);
      if (state?.distributed === undefined) throw new Error(`there is no Distributed Map at ${pointer}`);
      const description = {
        ...parent.description,
        stateMachineArn,
        name: stateMachineName,
        type,
        definition: state.distributed.processorText,
      };
      revision = {
        ...(parent.forkDefinition === undefined ? {} : { forkDefinition: parent.forkDefinition }),
        number: parent.number,
        description,
        program: processorProgram(parent.program, state),
      };
      own.set(pointer, revision);
    }
    return revision;
  }
}

const NEVER_UPDATED = { revisionId: undefined, updateDateMs: undefined };

function lazily(number: number, description: StateMachineDescription): Revision {
  let program: Program | undefined;
  return {
    number,
    description,
    get program() {
      return (program ??= loadDefinition(description.definition, description.type));
    },
  };
}

/** The revision of an execution with a definition of its own: no machine has it. Throws InvalidDefinition. */
export function forkedRevision({ number, description }: Revision, definition: string): Revision {
  const program = loadDefinition(definition, description.type);
  return { number, description: { ...description, definition }, program, forkDefinition: definition };
}

function mapAt(list: StateList, pointer: string): MapState | undefined {
  for (const state of list.states.values()) {
    if (state.type === 'Map') {
      const found = state.pointer === pointer ? state : mapAt(state.processor, pointer);
      if (found !== undefined) return found;
    }
    if (state.type !== 'Parallel') continue;
    for (const branch of state.branches) {
      const found = mapAt(branch, pointer);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
