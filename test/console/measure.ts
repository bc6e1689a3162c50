/**
 * Measures the console in a browser and prints what it found, times in milliseconds: `node test/console/measure.ts`, with
 * `--runs=3` fewer than seven of each. Nothing is judged: speed depends on the machine, so that no test may fail by it.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { argv, stdout } from 'node:process';
import { gzipSync } from 'node:zlib';
import type { Json, JsonObject } from '@stepyard/asl';
import type { Browser } from 'playwright-core';
import { launch } from './browser.ts';
import { open, scroll, type Opened } from './measured-page.ts';
import { DISTRIBUTED, FAILING, LOOP, startConsoleYard, type ConsoleYard } from './yard.ts';

const RUNS = Number(argv.find((given) => given.startsWith('--runs='))?.slice(7) ?? 7);
const DIST = join(import.meta.dirname, '../../packages/console/dist');

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

function line(what: string, figures: Readonly<Record<string, number>>): void {
  const texts = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(0).padStart(5)}`);
  stdout.write(`${what.padEnd(34)} ${texts.join('   ')}\n`);
}

/** A place, and what of it must be there to be shown. */
interface Case {
  readonly what: string;
  readonly url: string;
  readonly selector: string;
  /** What is scrolled from its top to its bottom. */
  readonly scroller?: string;
}

/** Cold: a browser that has seen nothing before. Warm: the same one again. */
async function report(browser: Browser, { what, url, selector, scroller }: Case): Promise<void> {
  const cold: Opened[] = [];
  const warm: Opened[] = [];
  const frames: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const first = await open(context, url, selector);
    cold.push(first.opened);
    await first.page.close();
    const second = await open(context, url, selector);
    warm.push(second.opened);
    if (scroller !== undefined) frames.push(await scroll(second.page, scroller));
    await context.close();
  }
  for (const [name, runs] of [
    ['cold', cold],
    ['warm', warm],
  ] as const) {
    const of = (figure: (opened: Opened) => number): number => median(runs.map(figure));
    line(`${what}, ${name}`, {
      'first paint': of(({ paintMs }) => paintMs),
      'largest paint': of(({ largestPaintMs }) => largestPaintMs),
      shown: of(({ shownMs }) => shownMs),
      'longest task': of(({ longestTaskMs }) => longestTaskMs),
      kB: of(({ bytes }) => bytes / 1024),
    });
  }
  if (frames.length > 0) line(`  scrolled from top to bottom`, { 'longest frame': median(frames) });
}

/** Makes about 25,000 events, slowly enough to be watched: each round calls a service. */
function calling(queueUrl: Json): JsonObject {
  return {
    StartAt: 'Look',
    States: {
      Look: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:sqs:getQueueAttributes',
        Parameters: { QueueUrl: queueUrl, AttributeNames: ['All'] },
        ResultPath: null,
        Next: 'Count',
      },
      Count: { Type: 'Pass', Parameters: { 'n.$': 'States.MathAdd($.n, 1)' }, Next: 'Enough?' },
      'Enough?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.n', NumericGreaterThanEquals: 2_770, Next: 'Done' }],
        Default: 'Look',
      },
      Done: { Type: 'Succeed' },
    },
  };
}

/** How an execution of 25,000 events runs while nobody looks, and while its page is open. */
async function reportLive(browser: Browser, yard: ConsoleYard): Promise<void> {
  const { QueueUrl: queueUrl = '' } = await yard.call('sqs', 'CreateQueue', { QueueName: 'looked-at' });
  const stateMachineArn = await yard.machine('calling', calling(queueUrl));
  const { engine } = yard.yard;
  const run = async (view: string | undefined): Promise<{ ms: number; longestTaskMs: number }> => {
    const { executionArn } = await engine.start({ stateMachineArn, input: '{"n":0}' });
    const startMs = performance.now();
    if (view === undefined) {
      await engine.whenEnded(executionArn);
      return { ms: performance.now() - startMs, longestTaskMs: 0 };
    }
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const url = yard.place(`executions/${executionArn}?view=${view}`);
    const { page, longestTask } = await open(context, url, 'dl.summary');
    await engine.whenEnded(executionArn);
    const ms = performance.now() - startMs;
    await page.getByText('Succeeded').first().waitFor();
    const longestTaskMs = await longestTask();
    await context.close();
    return { ms, longestTaskMs };
  };
  await run(undefined);
  for (const view of [undefined, 'graph', 'table', 'events']) {
    const runs = [];
    for (let count = 0; count < Math.min(RUNS, 3); count++) runs.push(await run(view));
    line(`25,000 events made, ${view === undefined ? 'nobody looks' : `${view} open`}`, {
      took: median(runs.map(({ ms }) => ms)),
      ...(view === undefined
        ? {}
        : { 'longest task': median(runs.map(({ longestTaskMs }) => longestTaskMs)) }),
    });
  }
}

/** What is built: all of it, and what a first visit of an execution takes. */
async function reportSizes(): Promise<void> {
  const sizes = new Map<string, readonly [raw: number, zipped: number]>();
  for (const name of await readdir(join(DIST, 'assets'))) {
    const text = await readFile(join(DIST, 'assets', name));
    sizes.set(name, [text.length, gzipSync(text).length]);
  }
  const add = (what: string, wanted: (name: string) => boolean): void => {
    const found = [...sizes].filter(([name]) => wanted(name)).map(([, size]) => size);
    const sum = (at: 0 | 1): number => found.reduce((total, size) => total + size[at], 0) / 1024;
    line(`bundle, ${what}`, { 'kB raw': sum(0), 'kB gzip': sum(1) });
  };
  const index = await readFile(join(DIST, 'index.html'), 'utf8');
  add('all', () => true);
  add('what every page begins with', (name) => index.includes(name));
  add('an execution besides', (name) => name.startsWith('execution-page'));
}

async function main(): Promise<void> {
  const yard = await startConsoleYard();
  const browser = await launch();
  const failing = await yard.run(await yard.machine('order', FAILING), '{"order":50}');
  const long = await yard.run(await yard.machine('loop', LOOP), '{"n":0}');
  const items = JSON.stringify(Array.from({ length: 10_000 }, (_, index) => index % 100));
  const distributed = await yard.run(await yard.machine('import', DISTRIBUTED), items);
  const [mapRun] = (await yard.yard.engine.listMapRuns({ executionArn: distributed })).items;
  const { eventCount } = await yard.yard.engine.describe(long);
  const many = `${eventCount} events`;
  const at = (view: string): string => yard.place(`executions/${long}?view=${view}`);
  const cases: readonly Case[] = [
    { what: 'state machines', url: yard.place('machines'), selector: 'table.data tbody tr' },
    { what: '9 events, graph', url: yard.place(`executions/${failing}`), selector: '[data-state]' },
    { what: `${many}, graph`, url: at('graph'), selector: '[data-state]' },
    { what: `${many}, table`, url: at('table'), selector: '.waterfall-row', scroller: '.waterfall-body' },
    {
      what: `${many}, timeline`,
      url: at('timeline'),
      selector: '.waterfall-row',
      scroller: '.waterfall-body',
    },
    { what: `${many}, events`, url: at('events'), selector: '.event-row', scroller: '.event-list' },
    {
      what: 'map run of 10,000',
      url: yard.place(`map-runs/${encodeURIComponent(mapRun?.mapRunArn ?? '')}`),
      selector: '.children canvas',
      scroller: 'html',
    },
  ];
  const only = argv.find((given) => given.startsWith('--only='))?.slice(7) ?? '';
  for (const one of cases.filter(({ what }) => what.includes(only))) await report(browser, one);
  if ('made live'.includes(only)) await reportLive(browser, yard);
  await reportSizes();
  await browser.close();
  await yard.close();
}

await main();
