import { DatabaseSync, StatementSync } from 'node:sqlite';

/** From now on `point` is called before and after every BEGIN and COMMIT of this process, and before every row that is written. */
export function crashAtWrites(point: (name: string) => void): void {
  const exec = Reflect.get(DatabaseSync.prototype, 'exec');
  DatabaseSync.prototype.exec = function crashing(this: DatabaseSync, sql: string): void {
    const name = /^(?:BEGIN|COMMIT)/u.exec(sql)?.[0];
    if (name !== undefined) point(`before ${name}`);
    Reflect.apply(exec, this, [sql]);
    if (name !== undefined) point(`after ${name}`);
  };
  const run = Reflect.get(StatementSync.prototype, 'run');
  StatementSync.prototype.run = function crashing(this: StatementSync, ...values: unknown[]) {
    point('before a row');
    return Reflect.apply(run, this, values);
  };
}
