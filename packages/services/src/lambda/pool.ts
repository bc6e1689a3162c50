import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { apiError, type LogSink } from '../service.ts';
import {
  Environment,
  type EnvironmentOptions,
  type Invocation,
  type InvocationResult,
} from './environment.ts';
import type { FunctionConfiguration } from './function.ts';

/** How long an unused process is kept warm. */
const IDLE_MS = 60_000;
/** Processes of one function at once: this is one machine. Further invocations wait their turn. */
const PROCESSES_MAX = Math.max(4, availableParallelism() * 2);
/** Log lines of one invocation that are kept for LogResult (4 KB, as Lambda returns). */
const LOG_TAIL_BYTES = 4096;

export interface PoolResult extends InvocationResult {
  /** The last 4 KB of the invocation's log. */
  readonly logTail: string;
}

interface Member {
  readonly environment: Environment;
  lines: string[];
  idleTimer?: NodeJS.Timeout;
}

/** The warm processes of one function. */
export class Pool {
  readonly configuration: FunctionConfiguration;
  readonly #options: Omit<EnvironmentOptions, 'onLine'>;
  readonly #log: LogSink;
  readonly #members = new Set<Member>();
  readonly #idle: Member[] = [];
  readonly #queue: (() => void)[] = [];
  /** Invocations that run or wait. */
  #active = 0;
  #closed = false;

  constructor(
    configuration: FunctionConfiguration,
    options: Omit<EnvironmentOptions, 'onLine'>,
    log: LogSink,
  ) {
    this.configuration = configuration;
    this.#options = options;
    this.#log = log;
  }

  /**
   * Runs one invocation on a warm process, a new one, or the first to become free. Rejects with TooManyRequestsException beyond the
   * reserved concurrency, and when the pool is closed while it waits.
   */
  async invoke(invocation: Invocation): Promise<PoolResult> {
    const { reservedConcurrency, functionName } = this.configuration;
    if (reservedConcurrency !== undefined && this.#active >= reservedConcurrency) {
      throw apiError('lambda', 'TooManyRequestsException', 'Rate Exceeded.', 429);
    }
    this.#active += 1;
    try {
      while (this.#idle.length === 0 && this.#members.size >= PROCESSES_MAX) {
        await new Promise<void>((resolve) => {
          this.#queue.push(resolve);
        });
      }
      if (this.#closed)
        throw apiError('lambda', 'ResourceNotFoundException', `Function not found: ${functionName}`, 404);
      return await this.#run(this.#idle.pop() ?? this.#add(), invocation);
    } finally {
      this.#active -= 1;
    }
  }

  /** Ends idle processes at once and the busy ones after their invocation. */
  retire(): void {
    this.#closed = true;
    for (const member of this.#idle.splice(0)) this.#remove(member);
    for (const next of this.#queue.splice(0)) next();
  }

  /** Ends every process now. */
  close(): void {
    this.retire();
    for (const member of this.#members) this.#remove(member);
  }

  #add(): Member {
    const member: Member = {
      lines: [],
      environment: new Environment(this.configuration, {
        ...this.#options,
        onLine: (line) => {
          this.#write(member, line);
        },
      }),
    };
    this.#members.add(member);
    return member;
  }

  async #run(member: Member, invocation: Invocation): Promise<PoolResult> {
    clearTimeout(member.idleTimer);
    const cold = member.idleTimer === undefined;
    member.lines = [];
    this.#write(member, `START RequestId: ${invocation.requestId} Version: $LATEST`);
    const startMs = performance.now();
    let result: InvocationResult;
    try {
      if (cold) await member.environment.start();
      result = await member.environment.invoke(invocation);
    } catch (error) {
      this.#release(member, false);
      throw error;
    }
    const durationMs = performance.now() - startMs;
    // What the handler wrote before it answered is already in the pipes: one turn of the event loop reads it.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    if (result.failed) this.#write(member, result.payload);
    this.#write(member, `END RequestId: ${invocation.requestId}`);
    this.#write(
      member,
      `REPORT RequestId: ${invocation.requestId}\tDuration: ${durationMs.toFixed(2)} ms\t` +
        `Billed Duration: ${Math.ceil(durationMs)} ms\tMemory Size: ${this.configuration.memoryMb} MB`,
    );
    const logTail = Buffer.from(`${member.lines.join('\n')}\n`)
      .subarray(-LOG_TAIL_BYTES)
      .toString();
    this.#release(member, member.environment.usable && !this.#closed);
    return { ...result, logTail };
  }

  #release(member: Member, keep: boolean): void {
    if (keep) {
      member.idleTimer = setTimeout(() => {
        this.#remove(member);
      }, IDLE_MS).unref();
      this.#idle.push(member);
    } else this.#remove(member);
    this.#queue.shift()?.();
  }

  #remove(member: Member): void {
    clearTimeout(member.idleTimer);
    this.#members.delete(member);
    const index = this.#idle.indexOf(member);
    if (index >= 0) this.#idle.splice(index, 1);
    member.environment.stop();
  }

  #write(member: Member, line: string): void {
    member.lines.push(line);
    if (member.lines.length > 1000) member.lines.shift();
    this.#log({
      source: 'lambda',
      logGroup: `/aws/lambda/${this.configuration.functionName}`,
      logStream: member.environment.logStream,
      message: line,
    });
  }
}
