/** The lines of an execution and their groups, which point at each other. */
import type { MapState, ParallelState, StateList } from '@stepyard/asl';
import type { Execution } from '../execution.ts';
import type { Failure } from '../failure.ts';
import type { Frame, Group, Settlement, TaskWork, Work } from '../frame.ts';
import type { Place, Places } from '../place.ts';
import { placesOf } from '../place.ts';
import { type SavedReader, SnapshotUnreadable } from './saved-reader.ts';

export class RestoredLines {
  readonly #execution: Execution;
  readonly #savedFrames: readonly SavedReader[];
  readonly #savedGroups: readonly SavedReader[];
  readonly #frames = new Map<number, Frame>();
  readonly #groups = new Map<number, Group>();
  /** Those that are being made: none of them can be around itself. */
  readonly #making = new Set<number>();

  constructor(execution: Execution, frames: SavedReader, groups: SavedReader) {
    this.#execution = execution;
    this.#savedFrames = listsOf(frames, 'a line');
    this.#savedGroups = listsOf(groups, 'a group');
  }

  frame(number: number): Frame {
    let frame = this.#frames.get(number);
    if (frame !== undefined) return frame;
    if (this.#making.has(number)) throw new SnapshotUnreadable('a line is around itself');
    this.#making.add(number);
    this.#frames.set(number, (frame = this.#makeFrame(this.#savedFrame(number))));
    this.#making.delete(number);
    return frame;
  }

  /** The state of that name in the scope of a line. */
  stateIn(frame: Frame, name: string): Place['state'] {
    return placeIn(frame.places, name).state;
  }

  /** All lines and map runs are there now: what the lines wait for, and which of them are open. */
  open(): void {
    for (const number of this.#savedFrames.keys()) {
      const saved = this.#savedFrame(number);
      const frame = this.frame(number);
      frame.work = saved.optional(() => this.#work(frame, saved.list('the work of a line')));
      saved.end();
    }
    for (const number of this.#savedGroups.keys()) {
      const group = this.#group(number);
      const saved = this.#savedGroup(number);
      for (const line of this.#linesOf(group, saved.list('the open lines'))) group.open.add(line);
      group.waiting = saved.optional(() => this.#linesOf(group, saved.list('the waiting lines')));
      saved.end();
    }
  }

  #linesOf(group: Group, numbers: SavedReader): Frame[] {
    const lines: Frame[] = [];
    while (numbers.hasMore) {
      const line = this.frame(numbers.count());
      if (line.group !== group) throw new SnapshotUnreadable('a line is open in another group');
      lines.push(line);
    }
    return lines;
  }

  #savedFrame(number: number): SavedReader {
    const saved = this.#savedFrames[number];
    if (saved === undefined) throw new SnapshotUnreadable('a line is missing');
    return saved;
  }

  #savedGroup(number: number): SavedReader {
    const saved = this.#savedGroups[number];
    if (saved === undefined) throw new SnapshotUnreadable('a group is missing');
    return saved;
  }

  #makeFrame(saved: SavedReader): Frame {
    const group = saved.optional(() => this.#group(saved.count()));
    const index = saved.count();
    const places = this.#placesOf(group, index);
    const place = placeIn(places, saved.text());
    const input = saved.json();
    const fitting = saved.optional(() => saved.json());
    const variables = saved.jsonObject();
    return {
      places,
      group,
      index,
      scope: { variables, outer: group?.owner.scope },
      place,
      state: place.state,
      input,
      fitting,
      enteredMs: saved.number(),
      enteredEventId: this.#event(saved.count()),
      lastEventId: this.#event(saved.count()),
      next: saved.oneOf(['enter', 'attempt', 'resume']),
      retryCount: saved.count(),
      retries: saved.optional(() => retriesOf(saved.list('the retries'))),
      closed: saved.flag(),
      work: undefined,
    };
  }

  #event(id: number): number {
    if (id > this.#execution.events.length) throw new SnapshotUnreadable('a line is ahead of the history');
    return id;
  }

  #placesOf(group: Group | undefined, index: number): Places {
    if (group === undefined) return placesOf(this.#execution.program.states);
    const { state } = group;
    const states: StateList | undefined = state.type === 'Map' ? state.processor : state.branches[index];
    if (states === undefined) throw new SnapshotUnreadable('the definition has no such branch');
    return placesOf(states);
  }

  #group(number: number): Group {
    let group = this.#groups.get(number);
    if (group !== undefined) return group;
    const saved = this.#savedGroup(number);
    const owner = this.frame(saved.count());
    const state = this.stateIn(owner, saved.text());
    if (state.type !== 'Map' && state.type !== 'Parallel')
      throw new SnapshotUnreadable('a group is not of a Map or Parallel');
    group = groupOf(owner, state, saved);
    this.#groups.set(number, group);
    return group;
  }

  #work(frame: Frame, saved: SavedReader): Work {
    const kind = saved.oneOf(['wait', 'retry', 'task', 'group', 'mapRun']);
    const work = this.#workOf(kind, saved);
    saved.end();
    const { type } = frame.state;
    const fits =
      kind === 'wait'
        ? type === 'Wait'
        : kind === 'task'
          ? type === 'Task'
          : kind === 'retry' || type === 'Map' || type === 'Parallel';
    if (!fits) throw new SnapshotUnreadable(`a ${type} state waits for what it cannot wait for`);
    return work;
  }

  #workOf(kind: Work['kind'], saved: SavedReader): Work {
    if (kind === 'wait') {
      const phase = saved.oneOf(['resolve', 'sleeping', 'over']);
      return { kind, phase, timer: saved.optional(() => saved.count()) };
    }
    if (kind === 'retry') return { kind, timer: saved.count() };
    if (kind === 'task') return taskOf(saved);
    if (kind === 'group') return this.#group(saved.count());
    const run = this.#execution.mapRuns.get(saved.count());
    if (run === undefined) throw new SnapshotUnreadable('a map run is missing');
    return run;
  }
}

function listsOf(saved: SavedReader, what: string): SavedReader[] {
  const lists: SavedReader[] = [];
  while (saved.hasMore) lists.push(saved.list(what));
  return lists;
}

function placeIn(places: Places, name: string): Place {
  const place = places.get(name);
  if (place === undefined) throw new SnapshotUnreadable(`the definition has no state '${name}' there`);
  return place;
}

function groupOf(owner: Frame, state: MapState | ParallelState, saved: SavedReader): Group {
  return {
    kind: 'group',
    owner,
    state,
    inputs: saved.jsonArray(),
    items: saved.optional(() => saved.jsonArray()),
    results: saved.results(),
    concurrency: saved.count(),
    started: saved.count(),
    finished: saved.count(),
    open: new Set(),
    waiting: undefined,
  };
}

function retriesOf(saved: SavedReader): number[] {
  // By retrier, of which some have not been needed.
  return Array.from({ length: saved.length }, () => saved.optional(() => saved.count()) ?? 0);
}

function taskOf(saved: SavedReader): TaskWork {
  return {
    kind: 'task',
    id: saved.count(),
    invocation: saved.count(),
    parameters: saved.json(),
    token: saved.optional(() => saved.text()),
    credentials: saved.optional(() => saved.json()),
    label: saved.optional(() => saved.jsonObject()),
    timeoutMs: saved.optional(() => saved.number()),
    heartbeatMs: saved.optional(() => saved.number()),
    timeoutTimer: saved.optional(() => saved.count()),
    heartbeatTimer: saved.optional(() => saved.count()),
    phase: saved.oneOf(['scheduled', 'running', 'settled']),
    submitted: saved.flag(),
    submission: saved.optional(() => saved.json()),
    early: saved.optional(() => settlementOf(saved.list('an early answer'))),
    result: saved.optional(() => settlementOf(saved.list('a result'))),
  };
}

function settlementOf(saved: SavedReader): Settlement {
  const kind = saved.oneOf(['succeeded', 'failed']);
  const settlement: Settlement =
    kind === 'succeeded'
      ? { kind, output: saved.json() }
      : { kind, failure: failureOf(saved.list('a failure')) };
  saved.end();
  return settlement;
}

export function failureOf(saved: SavedReader): Failure {
  const error = saved.optional(() => saved.text());
  const cause = saved.optional(() => saved.text());
  const alias = saved.optional(() => saved.text());
  const isFatal = saved.flag();
  const evaluation = saved.optional(() => saved.list('the place of a failure'));
  saved.end();
  return {
    error,
    cause,
    ...(alias === undefined ? {} : { alias }),
    ...(isFatal ? { fatal: true } : {}),
    ...(evaluation === undefined
      ? {}
      : { evaluation: { location: evaluation.optional(() => evaluation.text()) } }),
  };
}
