/**
 * A process that plays the scenario and kills itself (SIGKILL) at a crash point. Arguments: the directory of the data, the number of the
 * point (0: none), and the instant at which its life begins. Points are before and after every BEGIN and COMMIT, before every row that is written, and before and after
 * every call. Prints how many points it has passed.
 */
import { join } from 'node:path';
import { openSqliteStore } from '@stepyard/engine';
import { crashAtWrites } from './crash-points.ts';
import { play } from './scenario.ts';

const [directory = '', at = '0', startMs = String(Date.UTC(2026, 0, 1))] = process.argv.slice(2);
let points = 0;
const point = (): void => {
  points++;
  if (points === Number(at)) process.kill(process.pid, 'SIGKILL');
};

const store = openSqliteStore({ path: join(directory, 'journal.sqlite') });
crashAtWrites(point);

const faults = await play(store, directory, Number(startMs), point);
for (const fault of faults) console.error(fault);
console.log(points);
process.exitCode = faults.length === 0 ? 0 : 1;
