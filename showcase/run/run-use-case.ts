import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { quoted } from '../records/record.ts';
import { count, plural } from '../report/text.ts';
import type { Clients } from './clients.ts';
import type { Followed, Step } from './follow-execution.ts';
import { followExecution } from './follow-execution.ts';
import type { Inbox } from './notifications.ts';
import { waitForNotification } from './notifications.ts';
import type { StoreCounts } from './transfer-store.ts';
import { countStore, leavePoison, POISON_ID, uploadRecords } from './transfer-store.ts';
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
/** As many records that could not be sent are named; the quarantine table has them all. */
const REFUSED_TOLD_MAX = 5;

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
  // A record that was put aside before, in a folder that is used again, is told apart by its time.
  const quarantined = [...after.inQuarantine].filter(
    ([id, { at }]) => before.inQuarantine.get(id)?.at !== at,
  );
  const moved = {
    sent: after.inQueue - before.inQueue,
    quarantined: quarantined.length,
    left: after.inTable,
  };
  const refused = quarantined.filter(([id]) => !withPoison || id !== POISON_ID);
  const problems = refused
    .slice(0, REFUSED_TOLD_MAX)
    .map(([id, { reason }]) => `the record ${quoted(id)} cannot be sent and is in quarantine: ${reason}`);
  if (refused.length > REFUSED_TOLD_MAX) {
    problems.push(`${count(refused.length - REFUSED_TOLD_MAX)} more records are in quarantine`);
  }
  // Rows that were in the table already are sent as well, unless they are the same records and were overwritten.
  const most = records.length + before.inTable;
  // In a folder that was used before, the queue may know a record: it drops what it got within five minutes.
  const known = Math.min(before.inQueue, records.length);
  const least = records.length - known - refused.length;
  if (moved.sent < least || moved.sent > most) {
    problems.push(
      `${plural(moved.sent, 'message')} arrived in the queue instead of ${count(records.length - refused.length)}`,
    );
  }
  if (withPoison && quarantined.length === refused.length) {
    problems.push(`the record ${quoted(POISON_ID)}, which cannot be sent, is not in quarantine`);
  }
  if (moved.left > 0) {
    problems.push(
      moved.left === 1
        ? '1 record is still in the table'
        : `${count(moved.left)} records are still in the table`,
    );
  }
  return { moved, problems };
}
