/** What must hold of the data of the scenario after a kill, and once another process has gone on from there. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  openSqliteStore,
  readTaskToken,
  recordedInputs,
  storeViolations,
  type Store,
} from '@stepyard/engine';
import { linesOf, notesIn, play } from './scenario.ts';

/** What is wrong with the corpse. */
export async function wrongWithCorpse(directory: string): Promise<string[]> {
  const corpse = openSqliteStore({ path: join(directory, 'journal.sqlite') });
  const wrong = [...storeViolations(corpse), ...broken(corpse, directory)];
  await corpse.close();
  return wrong;
}

/** Lets the next process go on, to the end, and says what is wrong then. */
export async function wrongAfterRestart(directory: string, startMs: number): Promise<string[]> {
  const path = join(directory, 'journal.sqlite');
  const faults = await play(openSqliteStore({ path }), directory, startMs, () => undefined);
  const after = openSqliteStore({ path });
  const wrong = [...faults, ...storeViolations(after), ...broken(after, directory), ...unended(after)];
  await after.close();
  return [...wrong, ...damage(path)];
}
/** What was acknowledged is there; what was called was called once. */
function broken(store: Store, directory: string): string[] {
  const notes = notesIn(directory);
  const lost = linesOf(notes.started).filter((arn) => store.execution(arn) === undefined);
  const unheard = linesOf(notes.answered).filter((token) => {
    const { executionArn = '', task } = readTaskToken(token) ?? {};
    const inputs = recordedInputs(store, executionArn);
    return !inputs.some((input) => input.kind === 'taskSucceeded' && input.task === task);
  });
  // An asynchronous Express execution begins again (I13).
  const calls = linesOf(notes.calls).filter((call) => !call.includes(':express:'));
  const twice = calls.filter((call, index) => calls.indexOf(call) !== index);
  return [
    ...lost.map((arn) => `${arn} was acknowledged and lost`),
    ...unheard.map((token) => `the answer by ${token} was acknowledged and lost`),
    ...twice.map((call) => `${call} was made twice`),
  ];
}

/** I13, I16: everything that was accepted has come to its end. */
function unended(store: Store): string[] {
  const rows = store.executions({ of: 'all', limit: 1000 });
  const running = rows.filter(({ status }) => status === 'RUNNING');
  // A client that heard nothing of its start asks again; the name of an Express execution does not make that one start.
  const standard = rows.filter(({ started }) => started.type === 'STANDARD');
  const machines = new Set(rows.map(({ started }) => started.stateMachineArn));
  const isComplete = machines.size === 7 && standard.length === 6;
  const missing = isComplete ? [] : [`${rows.length} executions of ${machines.size} machines`];
  return [...running.map(({ started }) => `${started.executionArn} never came to its end`), ...missing];
}

/** I15. */
function damage(path: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const check = database.prepare('PRAGMA integrity_check').all();
  const keys = database.prepare('PRAGMA foreign_key_check').all();
  database.close();
  return JSON.stringify(check) === '[{"integrity_check":"ok"}]' && keys.length === 0
    ? []
    : [`the file is damaged: ${JSON.stringify([check, keys])}`];
}
