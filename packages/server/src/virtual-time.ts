import type { MapRunIo, ReadItem, TaskRunner, VirtualClock } from '@stepyard/engine';
import { aroundRunner } from './around-runner.ts';

/**
 * Virtual time stands still while a task really runs, or a dataset is read: a timeout must not pass before they had a chance.
 * Without a virtual clock both stay as they are.
 */
export function heldBy(
  clock: VirtualClock | undefined,
  { runner, mapRunIo }: { readonly runner: TaskRunner; readonly mapRunIo: MapRunIo },
): { readonly runner: TaskRunner; readonly mapRunIo: MapRunIo } {
  if (clock === undefined) return { runner, mapRunIo };
  return {
    runner: aroundRunner(runner, (work) => whileHeld(clock, work)),
    mapRunIo: {
      read: (request, signal) => heldItems(clock, mapRunIo.read(request, signal)),
      write: async (request) => whileHeld(clock, () => mapRunIo.write(request)),
    },
  };
}

async function* heldItems(clock: VirtualClock, items: AsyncIterable<ReadItem>): AsyncGenerator<ReadItem> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await whileHeld(clock, () => iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}

async function whileHeld<T>(clock: VirtualClock, work: () => Promise<T>): Promise<T> {
  const letGo = clock.hold();
  try {
    return await work();
  } finally {
    letGo();
  }
}
