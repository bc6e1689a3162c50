import { checkArn, resourceType } from './arns.ts';
import type { ExecutionSummary, ListExecutionsRequest, MachineTally, Page } from './engine-api.ts';
import { EngineError } from './engine-error.ts';
import { describeRun } from './describe.ts';
import { pageSize } from './paging.ts';
import type { Run } from './run.ts';

/** The executions, by ARN and by machine, in the order of their starts. */
export class Runs {
  readonly #byArn = new Map<string, Run>();
  readonly #byMachine = new Map<string, Run[]>();
  readonly #running = new Set<Run>();
  #sequence = 0;

  nextSequence(): number {
    return this.#sequence++;
  }

  add(run: Run): void {
    this.#byArn.set(run.arn, run);
    const own = this.#byMachine.get(run.started.stateMachineArn);
    if (own === undefined) this.#byMachine.set(run.started.stateMachineArn, [run]);
    else own.push(run);
    this.#running.add(run);
  }

  remove(run: Run): void {
    this.#running.delete(run);
    this.#byArn.delete(run.arn);
    const own = this.#byMachine.get(run.started.stateMachineArn);
    own?.splice(own.indexOf(run), 1);
  }

  redriven(run: Run): void {
    this.#running.add(run);
  }

  ended(run: Run): void {
    this.#running.delete(run);
  }

  find(arn: string): Run | undefined {
    return this.#byArn.get(arn);
  }

  /** Throws what AWS says of an ARN that names no execution. */
  get(arn: string): Run {
    checkArn(arn);
    const run = this.#byArn.get(arn);
    if (run === undefined)
      throw new EngineError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return run;
  }

  /** As {@link get}, for the operations that Express executions do not have ([58] of the recordings). */
  getStandard(arn: string): Run {
    checkArn(arn);
    if (resourceType(arn) === 'express') {
      throw new EngineError('InvalidArn', "Invalid Arn: 'Resource type not valid in this context: express'");
    }
    return this.get(arn);
  }

  get running(): ReadonlySet<Run> {
    return this.#running;
  }

  /** How many of each status every machine has, and its newest. */
  tally(): Map<string, MachineTally> {
    const tally = new Map<string, MachineTally>();
    for (const [machineArn, runs] of this.#byMachine) {
      const counts = { RUNNING: 0, SUCCEEDED: 0, FAILED: 0, TIMED_OUT: 0, ABORTED: 0 };
      for (const { visible } of runs) counts[visible.status]++;
      const last = runs.at(-1);
      tally.set(machineArn, { counts, last: last === undefined ? undefined : describeRun(last) });
    }
    return tally;
  }

  /** All of them, newest first. */
  newestFirst(): readonly Run[] {
    return [...this.#byArn.values()].toReversed();
  }

  /** Newest first; `after` is the sequence number of the last one on the page before, so that new starts move nothing. */
  list(request: ListExecutionsRequest, machineArn: string): Page<ExecutionSummary> {
    const before = request.after === undefined ? Number.POSITIVE_INFINITY : Number(request.after);
    if (Number.isNaN(before)) throw new EngineError('InvalidToken', "Invalid Token: 'Invalid token'");
    const size = pageSize(request.maxResults);
    const runs = this.#byMachine.get(machineArn) ?? [];
    const isWanted = ({ started, visible }: Run): boolean =>
      (request.statusFilter === undefined || visible.status === request.statusFilter) &&
      (request.isRedriven === undefined || (visible.redrive !== undefined) === request.isRedriven) &&
      (request.stateMachineArn === machineArn ||
        started.stateMachineVersionArn === request.stateMachineArn ||
        started.stateMachineAliasArn === request.stateMachineArn);
    const items: Run[] = [];
    for (let index = runs.length - 1; index >= 0 && items.length <= size; index--) {
      const run = runs[index];
      if (run === undefined || run.sequence >= before) continue;
      if (isWanted(run)) items.push(run);
    }
    const page = items.slice(0, size);
    return {
      items: page.map(describeRun),
      next: items.length > size ? String(page.at(-1)?.sequence) : undefined,
    };
  }
}
