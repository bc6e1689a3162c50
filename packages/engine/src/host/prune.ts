import type { Store, Write } from '../journal/store.ts';

/** Executions that one commit forgets. */
const AT_ONCE = 256;

/**
 * Forgets the executions that ended before then, and with each its map runs and their children. Resolves once that is durable.
 * `removed` hears the sequence number of every one, children too; one that may not go just now, as it is being redriven, goes later.
 */
export async function prune(
  store: Store,
  endedBeforeMs: number,
  commit: (writes: readonly Write[]) => Promise<void>,
  removed: (sequence: number) => void,
  mayGo: (sequence: number) => boolean = () => true,
): Promise<{ executions: number }> {
  let executions = 0;
  for (;;) {
    const rows = store.endedBefore(endedBeforeMs, AT_ONCE).filter(({ sequence }) => mayGo(sequence));
    if (rows.length === 0) return { executions };
    const families = rows.map(({ sequence }) => [sequence, ...descendants(store, sequence)]);
    await commit(rows.map(({ sequence }) => ({ kind: 'removed', execution: sequence })));
    for (const sequence of families.flat()) removed(sequence);
    executions += rows.length;
  }
}

/**
 * As {@link prune}, of a store that no engine has open. Revisions that nothing runs any more, and that no machine or version has, go too,
 * and the disk gets the room back.
 */
export async function pruneStore(store: Store, endedBeforeMs: number): Promise<{ executions: number }> {
  const pruned = await prune(
    store,
    endedBeforeMs,
    (writes) => store.commit(writes),
    () => undefined,
  );
  const unused = unusedRevisions(store);
  if (unused.length > 0) await store.commit(unused);
  store.compact();
  return pruned;
}

function unusedRevisions(store: Store): Write[] {
  const used = new Set(store.revisionsInUse());
  for (const { value } of [...store.resources('machine'), ...store.resources('version')]) {
    // Both say which revision they have (machines.ts, versions.ts).
    used.add((JSON.parse(value) as { readonly revision: number }).revision);
  }
  return store
    .resources('revision')
    .filter(({ key }) => !used.has(Number(key)))
    .map(({ key }) => ({ kind: 'resource', of: 'revision', key, value: undefined }));
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
