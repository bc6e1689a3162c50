/**
 * Measures the console in a browser and prints what it found, in milliseconds: `node test/console/measure.ts`. Nothing is judged: speed
 * depends on the machine, so that no test may fail by it.
 */
import { stdout } from 'node:process';
import type { Browser, Page } from 'playwright-core';
import { launch, openPage } from './browser.ts';
import { DISTRIBUTED, FAILING, startConsoleYard, type ConsoleYard } from './yard.ts';

const RUNS = 5;

const LOOP = {
  StartAt: 'Count',
  States: {
    Count: {
      Type: 'Pass',
      Parameters: { 'n.$': 'States.MathAdd($.n, 1)', note: 'twelve thousand times' },
      Next: 'Enough?',
    },
    'Enough?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.n', NumericGreaterThanEquals: 6_240, Next: 'Done' }],
      Default: 'Count',
    },
    Done: { Type: 'Succeed' },
  },
};

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

interface Opened {
  /** First contentful paint, and when what was asked for was there, since the navigation began. */
  readonly paintMs: number;
  readonly thereMs: number;
  readonly bytes: number;
}

/** Opens a place in a browser that has seen nothing before. */
async function open(browser: Browser, url: string, there: (page: Page) => Promise<unknown>): Promise<Opened> {
  const watched = await openPage(browser);
  const { page } = watched;
  let bytes = 0;
  page.on('requestfinished', (request) => {
    void request.sizes().then(({ responseBodySize }) => (bytes += responseBodySize));
  });
  await page.goto(url, { waitUntil: 'commit' });
  await there(page);
  const [paintMs, thereMs] = await page.evaluate(() => [
    performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    performance.now(),
  ]);
  await page.waitForTimeout(300);
  await watched.close();
  return { paintMs: paintMs ?? 0, thereMs: thereMs ?? 0, bytes };
}

async function report(
  browser: Browser,
  what: string,
  url: string,
  there: (page: Page) => Promise<unknown>,
): Promise<void> {
  const runs: Opened[] = [];
  for (let run = 0; run < RUNS; run++) runs.push(await open(browser, url, there));
  const paint = median(runs.map(({ paintMs }) => paintMs));
  const thereMs = median(runs.map((run) => run.thereMs));
  const kilobytes = median(runs.map(({ bytes }) => bytes)) / 1024;
  stdout.write(
    `${what.padEnd(44)} first paint ${paint.toFixed(0).padStart(5)}   there ${thereMs.toFixed(0).padStart(5)}   ${kilobytes.toFixed(0).padStart(6)} kB over the wire\n`,
  );
}

async function main(): Promise<void> {
  const yard: ConsoleYard = await startConsoleYard();
  const browser = await launch();
  const failing = await yard.run(await yard.machine('order', FAILING), '{"order":50}');
  const long = await yard.run(await yard.machine('loop', LOOP), '{"n":0}');
  const items = JSON.stringify(Array.from({ length: 10_000 }, (_, index) => index % 100));
  const distributed = await yard.run(await yard.machine('import', DISTRIBUTED), items);
  const [mapRun] = (await yard.yard.engine.listMapRuns({ executionArn: distributed })).items;
  const { eventCount } = await yard.yard.engine.describe(long);
  const graph = (page: Page) => page.locator('[data-state]').first().waitFor();

  await report(browser, 'state machines', yard.place('machines'), (page) =>
    page.getByRole('link', { name: 'order', exact: true }).waitFor(),
  );
  await report(browser, 'execution of 9 events, graph', yard.place(`executions/${failing}`), graph);
  await report(browser, `execution of ${eventCount} events, graph`, yard.place(`executions/${long}`), graph);
  await report(
    browser,
    `execution of ${eventCount} events, events`,
    yard.place(`executions/${long}?view=events`),
    (page) => page.getByText('ExecutionStarted').first().waitFor(),
  );
  await report(
    browser,
    'map run of 10,000 children',
    yard.place(`map-runs/${encodeURIComponent(mapRun?.mapRunArn ?? '')}`),
    (page) => page.getByText('BadItem').first().waitFor(),
  );
  await browser.close();
  await yard.close();
}

await main();
