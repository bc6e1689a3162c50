/** Bugs that a journalled engine could have. The simulation must find each of them: else it would not find a real one either. */
import type { Engine, Write } from '@stepyard/engine';
import { EngineError } from '@stepyard/engine';
import type { SeededBug } from './simulation.ts';

export const SEEDED_BUGS: Readonly<Record<string, SeededBug>> = {
  'a commit in two halves': {
    async commit(store, writes, { isDead, pause }) {
      for (const [index, write] of writes.entries()) {
        // oxlint-disable-next-line no-await-in-loop
        if (index > 0) await pause();
        if (isDead()) return;
        // oxlint-disable-next-line no-await-in-loop
        await store.commit([write]);
      }
    },
  },
  'a start that is acknowledged before it is durable': later((writes) =>
    writes.some(({ kind }) => kind === 'started'),
  ),
  'effects that are dispatched before their turn is durable': later((writes) =>
    writes.some(({ kind }) => kind === 'turn'),
  ),
  'the end of an execution that is never written': {
    commit: (store, writes) => store.commit(writes.filter(({ kind }) => kind !== 'changed')),
  },
  'timers that stay when their execution wakes up': {
    commit: (store, writes) =>
      store.commit(writes.map((write) => (write.kind === 'awake' ? { ...write, timers: [] } : write))),
  },
  'timers that are lost when their execution falls asleep': {
    commit: (store, writes) =>
      store.commit(writes.map((write) => (write.kind === 'asleep' ? { ...write, timers: [] } : write))),
  },
  'a token that can be used again': { engine: takingTokensAgain },
  'a task in doubt that is called again': { callsAgain: true },
};

/** Commits of that kind are said to be durable, and become so after a while. */
function later(isMeant: (writes: readonly Write[]) => boolean): SeededBug {
  return {
    async commit(store, writes, { isDead, pause }) {
      const commit = async (): Promise<void> => {
        if (!isDead()) await store.commit(writes);
      };
      if (!isMeant(writes)) return commit();
      pause().then(commit, () => undefined);
    },
  };
}

function takingTokensAgain(engine: Engine): Engine {
  return new Proxy(engine, {
    get(target, name) {
      if (name === 'sendTaskSuccess')
        return async (request: Parameters<Engine['sendTaskSuccess']>[0]): Promise<void> => {
          try {
            await target.sendTaskSuccess(request);
          } catch (error) {
            if (!(error instanceof EngineError) || error.code !== 'TaskTimedOut') throw error;
          }
        };
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
