import type { HistoryEvent, SFNClient } from '@aws-sdk/client-sfn';
import { DescribeExecutionCommand, GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { setTimeout as sleep } from 'node:timers/promises';

/** How an execution ended, and all that it handed over to. */
export interface Followed {
  /** The execution that was started. */
  readonly firstArn: string;
  /** The execution that ended it all: of a chain the last one, else the same. */
  readonly executionArn: string;
  readonly status: string;
  /** From the start of the first to the end of the last. */
  readonly durationMs: number;
  /** States entered, over the whole chain. */
  readonly transitions: number;
  readonly generations: number;
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
}

/** What is seen of a running execution. */
export interface Step {
  /** The states entered since the last step, in order. */
  readonly states: readonly string[];
  /** States were entered between two looks that are not in `states`. */
  readonly gap: boolean;
  /** Events in the history so far. */
  readonly events: number;
  /** From 1; more for an execution that another one handed over to. */
  readonly generation: number;
}

const POLL_MS = 200;
/** Events looked at in one poll: enough to miss none in a workflow of tasks that take a while. */
const PEEK_EVENTS = 200;

/**
 * Follows an execution to its end, and through `{ "status": "CONTINUED", "next": arn }` to those that it hands over to.
 * Rejects with an error of the SDK's, or when `signal` aborts.
 */
export async function followExecution(
  sfn: SFNClient,
  executionArn: string,
  onStep: (step: Step) => void,
  signal: AbortSignal,
): Promise<Followed> {
  let arn = executionArn;
  let startedMs: number | undefined;
  let transitions = 0;
  for (let generation = 1; ; generation++) {
    const ended = await waitForEnd(sfn, arn, generation, onStep, signal);
    startedMs ??= ended.startDate?.getTime() ?? 0;
    transitions += await countTransitions(sfn, arn, signal);
    const next = ended.status === 'SUCCEEDED' ? nextOf(ended.output) : undefined;
    if (next === undefined) {
      return {
        firstArn: executionArn,
        executionArn: arn,
        status: ended.status ?? 'UNKNOWN',
        durationMs: (ended.stopDate?.getTime() ?? startedMs) - startedMs,
        transitions,
        generations: generation,
        output: ended.output,
        error: ended.error,
        cause: ended.cause,
      };
    }
    arn = next;
  }
}

async function waitForEnd(
  sfn: SFNClient,
  executionArn: string,
  generation: number,
  onStep: (step: Step) => void,
  signal: AbortSignal,
) {
  let seen = 0;
  for (;;) {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }), { abortSignal: signal });
    const step = await peek(sfn, executionArn, seen, generation, signal);
    if (step.events > seen) onStep(step);
    seen = step.events;
    if (execution.status !== 'RUNNING') return execution;
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function peek(
  sfn: SFNClient,
  executionArn: string,
  seen: number,
  generation: number,
  signal: AbortSignal,
): Promise<Step> {
  const { events = [] } = await sfn.send(
    new GetExecutionHistoryCommand({
      executionArn,
      reverseOrder: true,
      maxResults: PEEK_EVENTS,
      includeExecutionData: false,
    }),
    { abortSignal: signal },
  );
  const fresh = events.filter((event) => (event.id ?? 0) > seen).toReversed();
  return {
    states: fresh.map(enteredState).filter((name) => name !== undefined),
    gap: seen > 0 && (fresh[0]?.id ?? seen + 1) > seen + 1,
    events: events[0]?.id ?? seen,
    generation,
  };
}

async function countTransitions(sfn: SFNClient, executionArn: string, signal: AbortSignal): Promise<number> {
  let count = 0;
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(
      new GetExecutionHistoryCommand({
        executionArn,
        maxResults: 1000,
        includeExecutionData: false,
        nextToken,
      }),
      { abortSignal: signal },
    );
    count += page.events?.filter(isTransition).length ?? 0;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return count;
}

/** As AWS bills them: every state entered, and every retry, which is scheduled after a failure and not after the entry. */
function isTransition(event: HistoryEvent, _index: number, page: readonly HistoryEvent[]): boolean {
  if (enteredState(event) !== undefined) return true;
  if (!/^(?:Task|LambdaFunction|Activity)Scheduled$/u.test(event.type ?? '')) return false;
  const firstId = page[0]?.id ?? 0;
  const before = page[(event.previousEventId ?? 0) - firstId]?.type ?? '';
  return /Failed$|TimedOut$/u.test(before);
}

function enteredState(event: HistoryEvent): string | undefined {
  return event.stateEnteredEventDetails?.name;
}

/** The ARN of the execution that goes on, when the output says that one does. */
export function nextOf(output: string | undefined): string | undefined {
  const value = parseObject(output);
  const next = value['next'];
  return value['status'] === 'CONTINUED' && typeof next === 'string' ? next : undefined;
}

/** An execution's output as an object; empty when it is none. */
export function parseObject(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    return {};
  }
}
