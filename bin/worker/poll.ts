/** A task that was handed to this worker. */
export interface ActivityTask {
  readonly token: string;
  readonly input: string;
}

/** What a worker asks of Step Functions. */
export interface ActivityService {
  /** Waits up to a minute for a task; undefined: there was none. Rejects when `signal` aborts. */
  poll(signal: AbortSignal): Promise<ActivityTask | undefined>;
  /** Rejects when the task is no longer wanted: timed out, or its execution ended. */
  heartbeat(token: string): Promise<void>;
  succeed(token: string, output: string): Promise<void>;
  fail(token: string, error: string, cause: string): Promise<void>;
}

export interface WorkerOptions {
  readonly service: ActivityService;
  /** Does the work: the result becomes the task's output, an error thrown its failure, by the error's name. */
  readonly answer: (input: string) => unknown;
  /** Shorter than the state's HeartbeatSeconds. */
  readonly heartbeatMs: number;
  /** Aborts when the worker is to stop: it asks for no more work, and finishes what it has. */
  readonly stop: AbortSignal;
  readonly log: (line: string) => void;
}

/** Works until it is told to stop. Returns the number of tasks answered. Rejects when Step Functions cannot be asked. */
export async function workUntilStopped(options: WorkerOptions): Promise<number> {
  const { service, stop } = options;
  let answered = 0;
  while (!stop.aborted) {
    const task = await service.poll(stop).catch((error: unknown) => {
      if (stop.aborted) return undefined;
      throw error;
    });
    if (task === undefined) continue;
    await work(task, options);
    answered += 1;
  }
  return answered;
}

async function work(task: ActivityTask, options: WorkerOptions): Promise<void> {
  const { service, log, heartbeatMs } = options;
  log(`got ${task.input}`);
  const heart = setInterval(() => {
    service.heartbeat(task.token).catch((error: unknown) => log(`heartbeat refused: ${textOf(error)}`));
  }, heartbeatMs);
  try {
    const output = JSON.stringify(await options.answer(task.input));
    await service.succeed(task.token, output).then(() => log(`answered ${output}`), unwanted(log));
  } catch (error) {
    const name = error instanceof Error ? error.name : 'Error';
    await service
      .fail(task.token, name, textOf(error))
      .then(() => log(`failed: ${textOf(error)}`), unwanted(log));
  } finally {
    clearInterval(heart);
  }
}

/** An answer that comes too late is no reason for a worker to give up: the next task may be in time. */
function unwanted(log: WorkerOptions['log']): (error: unknown) => void {
  return (error) => log(`the answer was refused: ${textOf(error)}`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
