import type { MapState, ParallelState, State, StateList } from '@stepyard/asl';
import { parseJson } from '@stepyard/asl';
import { rootLine } from '../core/fork.ts';
import type { HistoryEvent } from '../core/history/history-event.ts';
import type { Fork, KeptLine } from '../core/input.ts';

/** A running line of states as the history tells of it: the execution, a branch, an iteration. */
interface Line {
  /** undefined: the execution's own. */
  readonly group: Attempt | undefined;
  /** Index of an iteration; name of the first state of a branch. */
  readonly key: string;
  state: Visit | undefined;
  lastOutput: string | undefined;
  isDone: boolean;
  /** Of a fork, until the line has gone on from there. */
  kept: KeptLine | undefined;
}

/** A state from StateEntered to StateExited. */
interface Visit {
  readonly type: string;
  readonly name: string;
  readonly line: Line;
  /** The event before StateEntered: an EvaluationFailed of the first step points there too. */
  readonly enteredAfter: number;
  /** Scheduled events, or starts of its branches or iterations. */
  attempts: number;
  /** Failed for good, though it may still be caught. */
  hasFailed: boolean;
}

/** One attempt of the branches of a Parallel or the iterations of a Map. */
interface Attempt {
  readonly visit: Visit;
  /** Items of a Map. */
  readonly length: number | undefined;
  readonly lines: Line[];
  /** Of a fork: lines that are to go on where they stood, by branch or iteration. */
  readonly kept: Map<number, KeptLine>;
  isOver: boolean;
}

/**
 * Follows each line of a history by what its events point at (I4, I5, I11): a state is left once, by the line that entered it; what
 * happens in a state happens while the line stands in it; an attempt has one end at most; iterations start in order, once, no
 * more of them than MaxConcurrency at once; a Map or Parallel succeeds when all its lines have come to their end, its result in their
 * order; nothing goes on in what has failed. With the definition, retries and concurrency are counted too.
 */
export class LineFollower {
  readonly wrong: string[] = [];
  readonly #root: Line;
  readonly #states: ReadonlyMap<string, State>;
  /** Of each event: the line that it belongs to. */
  readonly #lineOf = new Map<number, Line>();
  readonly #started = new Map<number, Attempt>();
  readonly #iterationOf = new Map<number, Line>();
  /** The Scheduled event of each event of an attempt of a Task, and those that have ended. */
  readonly #taskOf = new Map<number, number>();
  readonly #ended = new Set<number>();
  readonly #visits: Visit[] = [];
  readonly #openIterations = new Map<string, number>();

  /** `fork`: where the execution began, if not at the first state. */
  constructor(states: StateList | undefined, fork?: Fork) {
    this.#root = newLine(undefined, '', fork && rootLine(fork));
    this.#states = states === undefined ? new Map() : uniqueStates(states);
  }

  follow(event: HistoryEvent): void {
    const { type, id, previousEventId: previous } = event;
    if (type.startsWith('Execution')) return;
    if (/StateAborted$|^MapIteration(Failed|Aborted)$/u.test(type)) {
      if (type.startsWith('MapIteration')) this.#endIteration(event);
      return;
    }
    if (type.endsWith('StateEntered')) this.#enter(event);
    else if (type.endsWith('StateExited')) this.#exit(event);
    else if (type === 'MapIterationStarted') this.#startIteration(event);
    else if (type === 'MapIterationSucceeded') this.#succeedIteration(event);
    else if (/^(Parallel|Map)State(Started|Succeeded|Failed)$/u.test(type)) this.#group(event);
    else if (type === 'EvaluationFailed') this.#evaluationFailed(event);
    else this.#work(event);
    const line = this.#lineOf.get(id);
    if (line !== undefined && isOver(line) && previous !== 0) this.#say(event, 'happens in what is over');
  }

  /** What must hold once the execution has succeeded. */
  succeeded(): void {
    if (this.#root.state !== undefined)
      this.wrong.push(`the execution has succeeded while in ${this.#root.state.name}`);
    for (const [iteration, open] of this.#openIterations)
      if (open > 0) this.wrong.push(`iteration ${iteration} is open after a success`);
  }

  #say(event: HistoryEvent, what: string): void {
    this.wrong.push(`event ${event.id} (${event.type}) ${what}`);
  }

  #enter(event: HistoryEvent): void {
    const previous = event.previousEventId;
    const attempt = this.#started.get(previous);
    const name = detail(event, 'name');
    let line = this.#iterationOf.get(previous) ?? this.#lineOf.get(previous) ?? this.#root;
    if (attempt !== undefined) {
      const [key, kept] = this.#branch(attempt, name);
      line = newLine(attempt, key, kept);
      if (attempt.lines.some((other) => other.key === key)) this.#say(event, 'starts a branch again');
      attempt.lines.push(line);
    }
    if (line.state !== undefined) this.#say(event, `is entered while the line stands in ${line.state.name}`);
    const type = event.type.slice(0, -'StateEntered'.length);
    line.state = { type, name, line, enteredAfter: previous, attempts: 0, hasFailed: false };
    this.#visits.push(line.state);
    this.#lineOf.set(event.id, line);
  }

  /** The branch that begins with a state, and what is kept of it. */
  #branch({ visit, kept }: Attempt, name: string): [key: string, kept: KeptLine | undefined] {
    const state = this.#states.get(visit.name);
    const [index, line] = [...kept].find(([, { stateName }]) => stateName === name) ?? [];
    if (index === undefined) return [name, undefined];
    kept.delete(index);
    return [(state?.type === 'Parallel' && state.branches[index]?.startAt) || name, line];
  }

  /** A state that a fork has entered with part of its work done has the lines that were finished. */
  #begin(visit: Visit, length: number | undefined): Attempt {
    const { kept } = visit.line;
    visit.line.kept = undefined;
    const group = kept?.stateName === visit.name ? kept.group : undefined;
    const attempt: Attempt = { visit, length, lines: [], kept: new Map(group?.lines), isOver: false };
    const state = this.#states.get(visit.name);
    for (const [index, result] of group?.results ?? []) {
      const key = state?.type === 'Parallel' ? state.branches[index]?.startAt : undefined;
      const line = newLine(attempt, key ?? String(index));
      attempt.lines.push({ ...line, lastOutput: JSON.stringify(result), isDone: true });
    }
    return attempt;
  }

  #exit(event: HistoryEvent): void {
    const visit = this.#visitOf(event, detail(event, 'name'));
    if (visit === undefined || visit.line.state !== visit) {
      this.#say(event, `leaves ${detail(event, 'name')}, where the line does not stand`);
      return;
    }
    if (event.type !== `${visit.type}StateExited`) this.#say(event, `leaves a ${visit.type}`);
    const output = event.details?.['output'];
    visit.line.lastOutput = typeof output === 'string' ? output : undefined;
    this.#checkResults(event, visit);
    visit.line.state = undefined;
    this.#lineOf.set(event.id, visit.line);
  }

  /** The state, of the line that the event points at or of the line around that one. */
  #visitOf(event: HistoryEvent, name: string | undefined): Visit | undefined {
    const line = this.#lineOf.get(event.previousEventId);
    const fits = (visit: Visit | undefined): boolean =>
      visit !== undefined && (name === undefined || visit.name === name);
    if (fits(line?.state)) return line?.state;
    return fits(line?.group?.visit) ? line?.group?.visit : undefined;
  }

  /** ParallelStateStarted and its like carry no name: they speak of the innermost Parallel or Map that it can be. */
  #group(event: HistoryEvent): void {
    const kind = event.type.startsWith('Map') ? 'Map' : 'Parallel';
    const line = this.#lineOf.get(event.previousEventId);
    const visit = [line?.state, line?.group?.visit].find(
      (candidate) => candidate?.type === kind && !candidate.hasFailed,
    );
    if (visit === undefined) {
      this.#say(event, `is in no ${kind}`);
      return;
    }
    this.#lineOf.set(event.id, visit.line);
    const current = this.#current(visit);
    if (event.type.endsWith('Succeeded')) this.#joined(event, current);
    if (event.type.endsWith('Failed')) visit.hasFailed = true;
    if (current !== undefined) current.isOver = true;
    if (!event.type.endsWith('Started')) return;
    const length = event.details?.['length'];
    const attempt = this.#begin(visit, typeof length === 'number' ? length : undefined);
    this.#started.set(event.id, attempt);
    this.#currents.set(visit, attempt);
    this.#count(event, visit);
  }

  readonly #currents = new Map<Visit, Attempt>();

  #current(visit: Visit): Attempt | undefined {
    return this.#currents.get(visit);
  }

  #joined(event: HistoryEvent, attempt: Attempt | undefined): void {
    if (attempt === undefined) {
      this.#say(event, 'without having started');
      return;
    }
    const { visit, lines } = attempt;
    const inside = lines.find(({ state }) => state !== undefined);
    if (inside !== undefined) this.#say(event, `while a line stands in ${inside.state?.name ?? ''}`);
    const state = this.#states.get(visit.name);
    if (state?.type === 'Parallel' && lines.length !== state.branches.length)
      this.#say(event, `with ${lines.length} branches`);
    if (visit.type !== 'Map' || state?.type !== 'Map' || state.mode === 'DISTRIBUTED') return;
    if (lines.length !== attempt.length || lines.some(({ isDone }) => !isDone))
      this.#say(event, `with ${lines.length} of ${attempt.length} iterations`);
  }

  /** Where nothing is done to the results, they are the outputs of the lines, in the order of items or branches. */
  #checkResults(event: HistoryEvent, visit: Visit): void {
    const attempt = this.#current(visit);
    const state = this.#states.get(visit.name);
    if (attempt === undefined || (state?.type !== 'Map' && state?.type !== 'Parallel')) return;
    const { flow } = state;
    const isPlain = [flow.resultSelector, flow.resultPath, flow.outputPath, flow.output].every(
      (field) => field === undefined,
    );
    const wasCaught = attempt.lines.some((line) => line.state !== undefined) || !this.#hasSucceeded(attempt);
    if (!isPlain || wasCaught || (state.type === 'Map' && state.mode === 'DISTRIBUTED')) return;
    const outputs = keysOf(state, attempt).map(
      (key) => attempt.lines.find((line) => line.key === key)?.lastOutput,
    );
    const expected = JSON.stringify(outputs.map((text) => (text === undefined ? null : parseJson(text))));
    if (visit.line.lastOutput !== undefined && visit.line.lastOutput !== expected)
      this.#say(event, `gives ${visit.line.lastOutput} where its lines gave ${expected}`);
  }

  /** Each line is out of its last state; of a Map, each iteration has said so. */
  #hasSucceeded({ visit, lines, length }: Attempt): boolean {
    if (visit.type === 'Map') return lines.length === length && lines.every(({ isDone }) => isDone);
    const state = this.#states.get(visit.name);
    return state?.type === 'Parallel' && lines.length === state.branches.length;
  }

  #startIteration(event: HistoryEvent): void {
    const previous = event.previousEventId;
    const attempt = this.#started.get(previous) ?? this.#lineOf.get(previous)?.group;
    const index = detail(event, 'index');
    if (attempt?.visit.type !== 'Map') {
      this.#say(event, 'is in no Map');
      return;
    }
    const kept = attempt.kept.get(Number(index));
    const isNext = Number(index) === attempt.lines.length && attempt.kept.size === 0;
    if ((kept === undefined && !isNext) || Number(index) >= (attempt.length ?? Infinity))
      this.#say(event, `has index ${index} after ${attempt.lines.length} of ${attempt.length} iterations`);
    attempt.kept.delete(Number(index));
    const line = newLine(attempt, index, kept);
    attempt.lines.push(line);
    this.#lineOf.set(event.id, line);
    this.#iterationOf.set(event.id, line);
    this.#addOpen(event, 1);
    const state = this.#states.get(attempt.visit.name);
    const limit = state?.type === 'Map' ? state.maxConcurrency : undefined;
    const open = attempt.lines.filter(({ isDone }) => !isDone).length;
    if (typeof limit === 'number' && limit > 0 && open > limit)
      this.#say(event, `makes ${open} iterations at once, where ${limit} may be`);
  }

  #succeedIteration(event: HistoryEvent): void {
    const line = this.#lineOf.get(event.previousEventId);
    const isIteration = line?.group?.visit.type === 'Map' && line.key === detail(event, 'index');
    if (line === undefined || !isIteration || line.isDone || line.state !== undefined) {
      this.#say(event, 'ends no iteration that has come to its end');
      return;
    }
    line.isDone = true;
    this.#lineOf.set(event.id, line);
    this.#addOpen(event, -1);
  }

  #endIteration(event: HistoryEvent): void {
    this.#addOpen(event, -1);
  }

  /** Iterations of a Map within another may bear the same name and index: they are told apart no further here. */
  #addOpen(event: HistoryEvent, by: number): void {
    const key = `${detail(event, 'name')} #${detail(event, 'index')}`;
    const open = (this.#openIterations.get(key) ?? 0) + by;
    this.#openIterations.set(key, open);
    if (open < 0) this.#say(event, `ends iteration ${key} more often than it was started`);
  }

  /** It points at where the line stood before the step that failed, which may be before its state. */
  #evaluationFailed(event: HistoryEvent): void {
    const name = detail(event, 'state');
    const entered = this.#visits.findLast(
      (visit) => visit.name === name && visit.enteredAfter === event.previousEventId,
    );
    const visit = entered?.line.state === entered ? entered : undefined;
    const found = visit ?? this.#visitOf(event, name);
    if (found === undefined) this.#say(event, `speaks of ${name}, where the line does not stand`);
    else this.#lineOf.set(event.id, found.line);
  }

  /** What happens within a Task or a map run. */
  #work(event: HistoryEvent): void {
    const line = this.#lineOf.get(event.previousEventId);
    if (line?.state === undefined) {
      this.#say(event, 'happens in no state');
      return;
    }
    this.#lineOf.set(event.id, line);
    if (event.type.startsWith('MapRun')) return;
    if (line.state.type !== 'Task') this.#say(event, `happens in a ${line.state.type}`);
    if (/^(Task|LambdaFunction|Activity)Scheduled$/u.test(event.type)) {
      this.#taskOf.set(event.id, event.id);
      this.#count(event, line.state);
      return;
    }
    const attempt = this.#taskOf.get(event.previousEventId);
    if (attempt === undefined) {
      this.#say(event, 'belongs to no attempt');
      return;
    }
    this.#taskOf.set(event.id, attempt);
    if (this.#ended.has(attempt)) this.#say(event, `comes after the end of attempt ${attempt}`);
    if (/(Succeeded|Failed|TimedOut)$/u.test(event.type)) this.#ended.add(attempt);
  }

  #count(event: HistoryEvent, visit: Visit): void {
    visit.attempts++;
    const state = this.#states.get(visit.name);
    if (state === undefined || !('retry' in state)) return;
    const most = 1 + state.retry.reduce((sum, { maxAttempts }) => sum + maxAttempts, 0);
    if (visit.attempts > most) this.#say(event, `is attempt ${visit.attempts} of ${most}`);
  }
}

function newLine(group: Attempt | undefined, key: string, kept?: KeptLine): Line {
  return { group, key, state: undefined, lastOutput: undefined, isDone: false, kept };
}

function isOver(line: Line): boolean {
  for (let group = line.group; group !== undefined; group = group.visit.line.group) {
    if (group.isOver) return true;
  }
  return false;
}

function keysOf(state: MapState | ParallelState, attempt: Attempt): readonly string[] {
  if (state.type === 'Parallel') return state.branches.map(({ startAt }) => startAt);
  return Array.from({ length: attempt.length ?? 0 }, (_, index) => String(index));
}

function detail(event: HistoryEvent, member: string): string {
  const value = event.details?.[member];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** All states by name, those within others too; a name that stands twice is left out. */
function uniqueStates(list: StateList): ReadonlyMap<string, State> {
  const found = new Map<string, State>();
  const twice = new Set<string>();
  const visit = ({ states }: StateList): void => {
    for (const state of states.values()) {
      if (found.has(state.name)) twice.add(state.name);
      found.set(state.name, state);
      if (state.type === 'Parallel') state.branches.forEach(visit);
      if (state.type === 'Map' && state.mode === 'INLINE') visit(state.processor);
    }
  };
  visit(list);
  for (const name of twice) found.delete(name);
  return found;
}
