import type { Engine } from '@stepyard/engine';
import type { LogSink } from '@stepyard/services';
import { messageOf } from './user-error.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Forgets what ended more than so many days ago, now and every hour; undefined: never. Gives what ends that. */
export function keepFor(days: number | undefined, engines: () => Iterable<Engine>, log: LogSink): () => void {
  if (days === undefined) return () => undefined;
  const prune = (): void => {
    for (const engine of engines()) {
      engine.prune({ endedBeforeMs: Date.now() - days * DAY_MS }).catch((error: unknown) => {
        log({
          source: 'engine',
          message: `What is past its retention could not be forgotten: ${messageOf(error)}`,
        });
      });
    }
  };
  prune();
  const timer = setInterval(prune, HOUR_MS);
  timer.unref();
  return () => clearInterval(timer);
}
