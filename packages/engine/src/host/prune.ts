import type { Store } from '../journal/store.ts';
import type { JournalWriter } from './journal-writer.ts';
import type { Runs } from './runs.ts';

/** Executions that one commit forgets. */
const AT_ONCE = 256;

/** Forgets the executions that ended before then, and with each its map runs and their children. Resolves once that is durable. */
export async function prune(
  { store, journal, runs }: { store: Store; journal: JournalWriter; runs: Runs },
  endedBeforeMs: number,
): Promise<{ executions: number }> {
  let executions = 0;
  for (;;) {
    const rows = store.endedBefore(endedBeforeMs, AT_ONCE);
    if (rows.length === 0) return { executions };
    const families = rows.map(({ sequence }) => [sequence, ...descendants(store, sequence)]);
    await journal.commit(rows.map(({ sequence }) => ({ kind: 'removed', execution: sequence })));
    for (const sequence of families.flat()) runs.drop(sequence);
    executions += rows.length;
  }
}

function descendants(store: Store, parent: number): number[] {
  return store
    .mapRunsOf(parent)
    .flatMap(({ arn: mapRunArn }) =>
      store
        .executions({ of: { mapRunArn }, limit: Number.MAX_SAFE_INTEGER })
        .flatMap(({ sequence }) => [sequence, ...descendants(store, sequence)]),
    );
}
