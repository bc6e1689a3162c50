import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
} from '@aws-sdk/client-sfn';

/** How an execution ended. */
export interface Ended {
  readonly executionArn: string;
  readonly status: string;
  readonly output: unknown;
  readonly error: string | undefined;
}

const POLL_MS = 2_000;

/** Starts executions and waits for their end. */
export class Executions {
  readonly #client = new SFNClient({});
  readonly #timeoutMs: number;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Runs an execution of a Standard machine, following it through those that it hands over to. */
  async run(stateMachineArn: string, input: unknown): Promise<Ended> {
    const started = await this.#client.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    );
    let executionArn = started.executionArn ?? '';
    const deadlineMs = Date.now() + this.#timeoutMs;
    for (;;) {
      const execution = await this.#client.send(new DescribeExecutionCommand({ executionArn }));
      if (execution.status === 'RUNNING') {
        if (Date.now() > deadlineMs) throw new Error(`${executionArn} is still running`);
        await sleep(POLL_MS);
        continue;
      }
      const output = parsed(execution.output);
      const next = text(output, 'next');
      if (text(output, 'status') !== 'CONTINUED' || next === undefined) {
        return { executionArn, status: execution.status ?? '', output, error: execution.error };
      }
      executionArn = next;
    }
  }

  /** Runs an execution of an Express machine. */
  async runSync(stateMachineArn: string, input: unknown): Promise<Ended> {
    const answer = await this.#client.send(
      new StartSyncExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    );
    return {
      executionArn: answer.executionArn ?? '',
      status: answer.status ?? '',
      output: parsed(answer.output),
      error: answer.error,
    };
  }
}

function parsed(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json);
}

/** A text member of a value that may be anything. */
function text(value: unknown, name: string): string | undefined {
  const member: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof member === 'string' ? member : undefined;
}
