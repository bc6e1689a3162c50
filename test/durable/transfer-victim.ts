/**
 * A process that transfers records and kills itself (SIGKILL) at a crash point: before and after every call of a service, at every BEGIN,
 * COMMIT and row of the journal and of the queue. Arguments: the directory of the data, the number of the point (0: none), and
 * the order of sending and deleting. Prints the names of the points that it has passed.
 */
import { crashAtWrites } from './crash-points.ts';
import type { Order } from './transfer.ts';
import { transfer } from './transfer.ts';

const [directory = '', at = '0', order = 'send first'] = process.argv.slice(2);
const passed: string[] = [];
const point = (name: string): void => {
  passed.push(name);
  if (passed.length === Number(at)) process.kill(process.pid, 'SIGKILL');
};
crashAtWrites(point);
await transfer(directory, order as Order, point);
console.log(JSON.stringify(passed));
