import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { chromiumPath, openPage, withChromium } from './browser.ts';
import { LARGE } from './machines.ts';
import { SOON, useSession } from './session.ts';
import { FAILING, startConsoleYard } from './yard.ts';

const session = useSession();
const isThere = chromiumPath !== undefined;

describe.skipIf(!isThere)(`addresses opened cold ${withChromium}`, () => {
  test('lead to a state and its data, to an event, and to a point in time', async () => {
    const { page, yard } = session;
    const arn = await yard.run(await yard.machine('order', FAILING), '{"order":50}');
    await page.goto(yard.place(`executions/${arn}?visit=6&tab=flow`));
    const panel = page.getByRole('complementary', { name: 'State Is it small?' });
    await panel.getByRole('tab', { name: 'Data flow', selected: true }).waitFor();
    await panel.getByRole('heading', { name: 'Context object' }).waitFor();

    await page.goto(yard.place(`executions/${arn}?view=events&event=9`));
    const event = page.getByRole('complementary', { name: 'Event 9' });
    await event.getByText('TooLarge').waitFor();
    await page.getByRole('option', { selected: true }).getByText('ExecutionFailed').waitFor();

    await page.goto(yard.place(`executions/${arn}?at=3`));
    await page.locator('[data-state="/States/Prepare"].succeeded').waitFor();
    await page.locator('[data-state="/States/Refuse"].idle').waitFor();
    expect(await page.getByRole('slider').inputValue()).toBe('3');
  });

  test('an execution that is not there says so and leads back', async () => {
    const { page, yard, problems } = session;
    const arn = 'arn:aws:states:us-east-1:000000000000:execution:order:nobody';
    await page.goto(yard.place(`executions/${arn}`));
    await page.getByRole('heading', { name: 'There is no such execution' }).waitFor();
    await page.getByText(arn).waitFor();
    await page.getByRole('link', { name: 'Go to the state machines' }).click();
    await page.getByRole('heading', { name: 'State machines' }).waitFor();
    // The question itself is answered with 404, which browsers note.
    expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
    problems.length = 0;
  });

  test('a large machine that failed is opened where it failed', async () => {
    const { page, yard } = session;
    const late = { Type: 'Fail', Error: 'TooLate', Cause: 'At the end of all.' };
    const { Done, ...states } = LARGE['States'] as Record<string, object>;
    expect(Done).toBeDefined();
    const machine = await yard.machine('large', { ...LARGE, States: { ...states, 'Record stage 15': late } });
    await page.goto(yard.place(`executions/${await yard.run(machine, '{"n":3}')}`));
    const failed = page.locator('[data-state="/States/Record stage 15"].failed');
    await failed.waitFor();
    await expect.poll(() => failed.evaluate(isInFrame), SOON).toBe(true);
    await page.getByRole('button', { name: 'Show all of it' }).click();
    await expect
      .poll(() => page.locator('[data-state="/States/Receive 1"]').evaluate(isInFrame), SOON)
      .toBe(true);
  });
});

interface Box {
  readonly top: number;
  readonly bottom: number;
}
interface Drawn {
  getBoundingClientRect(): Box;
  closest(selector: string): Drawn | null;
}

/** Runs in the browser: whether a state is within what is seen of its graph. */
function isInFrame(element: unknown): boolean {
  const drawn = element as Drawn;
  const [box, frame] = [drawn.getBoundingClientRect(), drawn.closest('.graph')?.getBoundingClientRect()];
  return frame !== undefined && box.top >= frame.top - 10 && box.bottom <= frame.bottom + 10;
}

describe.skipIf(!isThere)(`a yard that begins, ends and comes back ${withChromium}`, () => {
  const directories: string[] = [];
  afterAll(async () => {
    for (const directory of directories) await rm(directory, { recursive: true, force: true });
  });

  test('an empty yard says what to do first, and its example is started', async () => {
    const yard = await startConsoleYard();
    const { page, problems, barriers, close } = await openPage(session.browser);
    await page.goto(yard.place('machines'));
    await page.getByRole('heading', { name: 'There are no state machines yet' }).waitFor();
    expect(await page.locator('main').innerText()).toContain(`AWS_ENDPOINT_URL=${yard.yard.origin}`);
    expect(await barriers()).toEqual([]);
    await page.getByRole('button', { name: 'Create an example' }).click();
    await page.getByText('It has not been started yet').waitFor();
    await page.getByRole('button', { name: 'Start execution…' }).click();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.waitForURL(/executions/u);
    await page.locator('[data-state="/States/Is it large?"]').waitFor();
    expect(problems).toEqual([]);
    await close();
    await yard.close();
  });

  test('the page says that the yard is gone, and goes on by itself when it is back', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'stepyard-console-'));
    directories.push(dataDir);
    const first = await startConsoleYard({ dataDir });
    await first.machine('order', FAILING);
    const { page, close } = await openPage(session.browser);
    await page.goto(first.place('machines'));
    await page.getByText('Live', { exact: true }).waitFor();
    await first.close();
    await page.getByText('The yard does not answer').waitFor();
    await page.getByRole('link', { name: 'order', exact: true }).waitFor();

    const second = await startConsoleYard({ dataDir, port: Number(new URL(first.yard.origin).port) });
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 30_000 });
    await page.getByText('The yard does not answer').waitFor({ state: 'detached' });
    await second.machine('another', FAILING).then((machine) => second.run(machine));
    await page.getByRole('link', { name: 'another', exact: true }).waitFor();
    expect(await page.getByRole('table').getByRole('row').count()).toBe(3);
    await close();
    await second.close();
  });

  test('more tabs than a browser has connections are all live', async () => {
    const { yard, browser } = session;
    const machine = await yard.machine('many-tabs', FAILING);
    const context = await browser.newContext();
    const pages = await Promise.all(Array.from({ length: 8 }, () => context.newPage()));
    for (const page of pages) {
      await page.goto(yard.place('machines'));
      await page.getByRole('link', { name: 'many-tabs', exact: true }).waitFor();
      await page.evaluate(setVisibility, 'hidden');
    }
    const [first] = pages;
    await yard.run(machine, '{"order":50}');
    await first?.evaluate(setVisibility, 'visible');
    const row = first?.getByRole('row').filter({ hasText: 'many-tabs' });
    await expect.poll(() => row?.innerText(), SOON).toContain('1 failed');
    await context.close();
  });
});

interface Tab {
  readonly document: { dispatchEvent(event: unknown): boolean };
  readonly Event: new (name: string) => unknown;
}

/** Runs in the browser: what happens to a tab that another one covers. Without a screen all tabs count as seen. */
function setVisibility(state: string): void {
  const { document, Event } = globalThis as unknown as Tab;
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}
