/** What one execution has under way outside: tasks that run, and tasks that wait for an activity's worker. */
import type { Json } from '@stepyard/asl';
import { lostWorkerError } from '@stepyard/asl';
import type { Effect } from '../core/effect.ts';
import type { Input } from '../core/input.ts';
import type { OpenAttempt } from '../core/outstanding.ts';
import { startsByName } from '../tasks/start-execution.ts';
import type { TaskReporter, TaskRequest, TaskResult } from '../tasks/task-runner.ts';
import { ENGINE_CLOSED } from '../tasks/task-runner.ts';
import { given } from './given.ts';
import type { Run, RunHost } from './run.ts';

type Invocation = Extract<Effect, { kind: 'invokeTask' }>;
type Offer = Extract<Effect, { kind: 'scheduleActivity' }>;

export class Outside {
  readonly #host: RunHost;
  readonly #run: Run;
  readonly #inFlight = new Map<number, AbortController>();
  readonly #offered = new Map<number, Offer>();

  constructor(host: RunHost, run: Run) {
    this.#host = host;
    this.#run = run;
  }

  /** Whether it would be missed if the execution left memory. */
  get isBusy(): boolean {
    return this.#inFlight.size > 0 || this.#offered.size > 0;
  }

  invoke(effect: Invocation): void {
    this.#call(effect, (report, signal) => this.#host.runner.run(this.#requestOf(effect), report, signal));
  }

  #call(effect: Invocation, work: (report: TaskReporter, signal: AbortSignal) => Promise<TaskResult>): void {
    const { task } = effect;
    const isCallback = isCallbackTask(effect);
    let isSubmitted = false;
    const submitted = (output: Json): void => {
      if (isSubmitted || !this.#inFlight.has(task)) return;
      isSubmitted = true;
      this.#run.tell({ kind: 'taskSubmitted', task, output });
    };
    this.#follow(
      task,
      (signal) => work({ submitted }, signal),
      (result) => {
        if (result.kind === 'succeeded' && isCallback) submitted(result.output);
        else this.#run.tell(endOf(task, result));
      },
    );
  }

  /**
   * After a restart. Tokens and activities are as valid as ever, a job is looked for where it was submitted, and what can be repeated
   * without being done twice is. Whatever else was in
   * flight is in doubt: it may have happened, and is not done again behind the user's back. Its attempt fails as AWS tells of a lost
   * worker, and the definition's own Retry decides. Gives what the execution has to be told now.
   */
  recover({ effect, submitted, submission, scheduledMs, early }: OpenAttempt): Input | undefined {
    if (effect.kind === 'scheduleActivity') {
      if (!submitted) this.offer(effect);
      return undefined;
    }
    const { task } = effect;
    if (early !== undefined) return earlyEnd(task, early);
    if (submitted && isCallbackTask(effect)) return undefined;
    const { runner } = this.#host;
    const error = lostWorkerError(effect.resource) ?? 'States.TaskFailed';
    const lost = { kind: 'failed', error, cause: LOST } as const;
    if (!submitted && runner.repeat !== undefined && startsByName(effect.resource)) {
      const request = this.#requestOf(effect);
      this.#call(effect, async (report, signal) => {
        return (await runner.repeat?.(request, scheduledMs, report, signal)) ?? lost;
      });
      return undefined;
    }
    if (!submitted || submission === undefined) return endOf(task, lost);
    this.#follow(
      task,
      async (signal) => (await runner.reattach?.(this.#requestOf(effect), submission, signal)) ?? lost,
      (result) => this.#run.tell(endOf(task, result)),
    );
    return undefined;
  }

  /** The attempt is over: a task is given up, an activity is withdrawn from its queue. */
  cancel(task: number): void {
    this.#inFlight.get(task)?.abort();
    this.#inFlight.delete(task);
    const offered = this.#offered.get(task);
    if (offered !== undefined) this.#host.activities.withdraw(offered.activityArn, offered.token);
    this.#offered.delete(task);
  }

  offer(effect: Offer): void {
    const { task, token, activityArn } = effect;
    const answer = this.#host.runner.takeActivity?.(this.#requestOf(effect));
    if (answer !== undefined) {
      this.#run.tell({ kind: 'activityStarted', task });
      this.#run.tell(endOf(task, answer));
      return;
    }
    this.#offered.set(task, effect);
    this.#host.activities.offer(activityArn, {
      taskToken: token,
      input: JSON.stringify(effect.input),
      start: async (workerName) => {
        if (!this.#offered.has(task) || !this.#run.isLive(task, token)) return false;
        await this.#run.submit({
          kind: 'activityStarted',
          task,
          ...(workerName === undefined ? {} : { workerName }),
        });
        this.#offered.delete(task);
        return true;
      },
    });
  }

  close(): void {
    for (const controller of this.#inFlight.values()) controller.abort(ENGINE_CLOSED);
    this.#inFlight.clear();
    this.#offered.clear();
  }

  #follow(
    task: number,
    work: (signal: AbortSignal) => Promise<TaskResult>,
    ended: (result: TaskResult) => void,
  ): void {
    const controller = new AbortController();
    this.#inFlight.set(task, controller);
    const end = (result: TaskResult): void => {
      if (controller.signal.aborted) return;
      ended(result);
      this.#inFlight.delete(task);
    };
    work(controller.signal).then(end, (error: unknown) => {
      const message = `the task runner rejected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      this.#host.log({ level: 'error', message, executionArn: this.#run.arn });
      end({ kind: 'failed', error: 'States.TaskFailed', cause: message });
    });
  }

  #requestOf(effect: Invocation | Offer): TaskRequest {
    const { task, stateName, invocation } = effect;
    const { stateMachineArn, testCase } = this.#run.started;
    return {
      executionArn: this.#run.arn,
      stateMachineArn,
      stateName,
      ...(effect.kind === 'invokeTask'
        ? {
            resource: effect.resource,
            parameters: effect.parameters,
            token: isCallbackTask(effect) ? effect.token : undefined,
            credentials: effect.credentials,
          }
        : {
            resource: { kind: 'activity', arn: effect.activityArn } as const,
            parameters: effect.input,
            token: effect.token,
            credentials: undefined,
          }),
      invocation,
      ...given('testCase', testCase),
      ...given('traceHeader', this.#run.birth.traceHeader),
      attemptId: `${this.#run.arn}:${task}`,
    };
  }
}

const LOST = 'The yard ended while this task was in flight: whether it happened is not known.';

function isCallbackTask({ resource }: Invocation): boolean {
  return 'pattern' in resource && resource.pattern === 'waitForTaskToken';
}

/** The token was answered before the call had returned: that the call was made is known by it. */
function earlyEnd(task: number, early: NonNullable<OpenAttempt['early']>): Input {
  if (early.kind === 'succeeded') return { kind: 'taskSucceeded', task, output: early.output };
  const { error, cause } = early.failure;
  return { kind: 'taskFailed', task, ...given('error', error), ...given('cause', cause) };
}

function endOf(task: number, result: TaskResult): Input {
  if (result.kind === 'succeeded') return { kind: 'taskSucceeded', task, output: result.output };
  const { error, cause } = result;
  return { kind: 'taskFailed', task, error, ...given('cause', cause) };
}
