/**
 * Whether it stays as fast as it grows: `node bench/growth.ts [--only=TEXT] [--short]`. Time of one transition, small against
 * large; flat is 1.
 */
import type { Json } from '@stepyard/asl';
import { compile } from '@stepyard/asl';
import {
  createMemoryStore,
  newExecution,
  openEngine,
  step,
  systemClock,
  type Execution,
} from '@stepyard/engine';
import { cpuUsOf, median, pairUs } from './measure.ts';
import { isShort, isWanted, printGrowth, printGrowthHead } from './report.ts';
import { SHORT, startedWith } from './workloads.ts';

/** The time of one transition, in microseconds. */
function perTransition(
  definition: Json,
  sizes: readonly Json[],
  counts: readonly [number, number],
): [number, number] {
  const program = compile(definition);
  const texts = sizes.map((input) => JSON.stringify(input));
  const run = (text: string | undefined) => (): Execution => {
    const execution = newExecution(program);
    const started = { ...startedWith(text ?? ''), type: 'EXPRESS' as const };
    step(execution, { timeMs: 0, inputs: [started] });
    if (execution.status !== 'SUCCEEDED') throw new Error(`wrong: ${execution.status}`);
    return execution;
  };
  const { oursUs, floorUs } = pairUs(run(texts[0]), run(texts[1]), isShort ? 3 : 9);
  return [oursUs / counts[0], floorUs / counts[1]];
}

function events(): void {
  const what = 'from 40 to 25,000 events';
  if (!isWanted(what)) return;
  const loop = {
    StartAt: 'Add',
    States: {
      Add: {
        Type: 'Pass',
        Parameters: { 'i.$': 'States.MathAdd($.i, 1)', 'n.$': '$.n' },
        Next: 'Done?',
      },
      'Done?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.i', NumericLessThanPath: '$.n', Next: 'Add' }],
        Default: 'End',
      },
      End: { Type: 'Succeed' },
    },
  };
  const [few, many] = [9, 6249];
  const sizes = [few, many].map((n): Json => ({ i: 0, n }));
  printGrowth(what, perTransition(loop, sizes, [2 * few + 1, 2 * many + 1]));
}

function items(): void {
  const what = 'from 10 to 100,000 items of a Map';
  if (!isWanted(what)) return;
  const map = {
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        ItemProcessor: { StartAt: 'One', States: { One: { Type: 'Pass', End: true } } },
        ResultPath: null,
        End: true,
      },
    },
  };
  // One digit each, so that the whole stays within the payload limit.
  const many = 100_000;
  const sizes = [10, many].map((length): Json => Array.from({ length }, (_, n) => n % 10));
  printGrowth(what, perTransition(map, sizes, [11, many + 1]));
}

/** The same number of executions, some at a time. */
async function crowdUs(atOnce: number, total: number): Promise<number> {
  const runner = { run: () => Promise.reject(new Error('no task runs here')) };
  const engine = await openEngine({ clock: systemClock, store: createMemoryStore(), runner, seed: 'bench' });
  const definition = JSON.stringify(SHORT);
  const roleArn = 'arn:aws:iam::000000000000:role/bench';
  const { stateMachineArn } = await engine.createStateMachine({ name: 'm', definition, roleArn });
  let left = total;
  const us = await cpuUsOf(async () => {
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        while (left-- > 0) {
          const { executionArn } = await engine.start({ stateMachineArn, input: '{"n":1}' });
          await engine.whenEnded(executionArn);
        }
      }),
    );
  });
  await engine.close();
  return us / total / 5;
}

async function executions(): Promise<void> {
  const many = isShort ? 1000 : 10_000;
  const what = `from 1 to ${many.toLocaleString('en')} executions at once`;
  if (!isWanted(what)) return;
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < (isShort ? 3 : 7); round++) {
    times[0].push(await crowdUs(1, many));
    times[1].push(await crowdUs(many, many));
  }
  printGrowth(what, [median(times[0]), median(times[1])]);
}

printGrowthHead();
events();
items();
await executions();
