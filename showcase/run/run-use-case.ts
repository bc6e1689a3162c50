import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Clients } from './clients.ts';
import type { Followed, Step } from './follow-execution.ts';
import { followExecution } from './follow-execution.ts';
import type { Inbox } from './notifications.ts';
import { waitForNotification } from './notifications.ts';
import type { StoreCounts } from './transfer-store.ts';
import { countStore, leavePoison, uploadRecords } from './transfer-store.ts';
import type { Transfer, UseCase } from './use-cases.ts';

/** What came of a use case. */
export interface Result {
  readonly useCase: UseCase;
  readonly followed: Followed;
  /** The status that the notification told; undefined: none came. */
  readonly notified: string | undefined;
  readonly moved: Moved | undefined;
  /** What is not as it should be, one line each; empty: all is well. */
  readonly problems: readonly string[];
}

/** Counted in the services before and after, not taken from the workflow's own report. */
export interface Moved {
  readonly sent: number;
  readonly quarantined: number;
  readonly left: number;
}

const NOTIFICATION_TIMEOUT_MS = 15_000;

/** Runs one use case to its end. Rejects only when the yard does not answer, or `signal` aborts. */
export async function runUseCase(
  clients: Clients,
  useCase: UseCase,
  inbox: Inbox,
  onStep: (step: Step) => void,
  signal: AbortSignal,
): Promise<Result> {
  const { transfer } = useCase;
  const before = transfer === undefined ? undefined : await countStore(clients, transfer.store);
  const input =
    transfer === undefined ? JSON.stringify(useCase.input) : await prepareTransfer(clients, transfer);
  const { executionArn = '' } = await clients.sfn.send(
    new StartExecutionCommand({ stateMachineArn: useCase.stateMachineArn, input }),
  );
  const followed = await followExecution(clients.sfn, executionArn, onStep, signal);
  const notified = await waitForNotification(
    clients.sqs,
    useCase.notificationQueueUrl,
    inbox,
    followed.executionArn,
    NOTIFICATION_TIMEOUT_MS,
    signal,
  );
  const counted =
    transfer === undefined || before === undefined
      ? undefined
      : judgeTransfer(transfer, before, await countStore(clients, transfer.store));
  return {
    useCase,
    followed,
    notified,
    moved: counted?.moved,
    problems: [...judgeEnd(useCase, followed, notified), ...(counted?.problems ?? [])],
  };
}

/** Gives the input of the execution. */
async function prepareTransfer(clients: Clients, transfer: Transfer): Promise<string> {
  const { store, records, key, via } = transfer;
  if (transfer.withPoison) await leavePoison(clients, store.tableName);
  if (via === 'bucket') {
    const object = await uploadRecords(clients, store.bucketName, records);
    return JSON.stringify({ source: { bucket: store.bucketName, key: object, recordKey: key } });
  }
  return `{"source":{"records":[${records.map((record) => record.text).join(',')}],"key":${JSON.stringify(key)}}}`;
}

/** What is wrong with how an execution ended. */
export function judgeEnd(
  { expectedStatus }: Pick<UseCase, 'expectedStatus'>,
  followed: Pick<Followed, 'status' | 'error' | 'cause'>,
  notified: string | undefined,
): readonly string[] {
  const problems: string[] = [];
  if (followed.status !== expectedStatus) {
    const reason = [followed.error, followed.cause].filter((text) => text !== undefined).join(': ');
    problems.push(
      `ended ${followed.status} instead of ${expectedStatus}${reason === '' ? '' : `: ${reason}`}`,
    );
  }
  if (notified === undefined) problems.push('no notification arrived');
  else if (notified !== followed.status) problems.push(`the notification told of ${notified}`);
  return problems;
}

/** Compares what the services hold with what was given to them. */
export function judgeTransfer(
  { records, withPoison }: Pick<Transfer, 'records' | 'withPoison'>,
  before: StoreCounts,
  after: StoreCounts,
): { readonly moved: Moved; readonly problems: readonly string[] } {
  const moved = {
    sent: after.inQueue - before.inQueue,
    quarantined: after.inQuarantine - before.inQuarantine,
    left: after.inTable,
  };
  const problems: string[] = [];
  // Rows that were in the table already are sent as well, unless they are the same records and were overwritten.
  const most = records.length + before.inTable;
  // In a folder that was used before, the queue may know a record: it drops what it got within five minutes.
  const least = before.inQueue > 0 ? records.length - before.inQueue : records.length;
  if (moved.sent < least || moved.sent > most) {
    problems.push(`${moved.sent} messages arrived in the queue instead of ${records.length}`);
  }
  const poison = withPoison && before.inQuarantine === 0 ? 1 : 0;
  if (moved.quarantined !== poison) {
    problems.push(`${moved.quarantined} records are in quarantine instead of ${poison}`);
  }
  if (moved.left > 0) problems.push(`${moved.left} records are still in the table`);
  return { moved, problems };
}
