import type { Journal, JournalRecord } from './journal.ts';

/** A journal that lasts as long as the process. What it was given is kept when `append` resolves, as with any journal. */
export function createMemoryJournal(): Journal {
  const records = new Map<string, JournalRecord[]>();
  return {
    async append(added) {
      for (const record of added) {
        const own = records.get(record.executionArn);
        if (own === undefined) records.set(record.executionArn, [record]);
        else own.push(record);
      }
    },
    async read(executionArn) {
      return records.get(executionArn)?.slice() ?? [];
    },
    async remove(executionArn) {
      records.delete(executionArn);
    },
    async close() {
      records.clear();
    },
  };
}
