import { command } from '../api/client.ts';
import { formatTick } from '../model/format.ts';
import { attempt, flash } from './flashes.ts';
import { setYardTime } from './yard-clock.ts';

/** Has virtual time go on: whole milliseconds, at most a year at once. What was due by then has happened afterwards. */
export async function advanceClock(byMs: number): Promise<void> {
  await attempt(async () => {
    const { nowMs } = await command('advanceClock', { byMs });
    setYardTime(nowMs, true);
    flash({ type: 'success', message: `The clock has gone on by ${formatTick(byMs)}.` });
  });
}
