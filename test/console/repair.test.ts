import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chromiumPath, launch, openPage, withChromium, type Watched } from './browser.ts';
import { DISTRIBUTED, FAILING, HOSTILE, startConsoleYard, waiting, type ConsoleYard } from './yard.ts';

let browser: Browser;
let yard: ConsoleYard;
let watched: Watched;
let page: Page;

const isThere = chromiumPath !== undefined;
beforeAll(async () => {
  if (isThere) [browser, yard] = await Promise.all([launch(), startConsoleYard()]);
});
afterAll(async () => {
  if (!isThere) return;
  await browser.close();
  await yard.close();
});
beforeEach(async () => {
  if (!isThere) return;
  watched = await openPage(browser);
  ({ page } = watched);
});
afterEach(async () => {
  if (!isThere) return;
  const { problems } = watched;
  await watched.close();
  if (problems.length > 0) throw new Error(`the page had problems: ${problems.join('; ')}`);
});

let machines = 0;
/** A machine of its own for each test. */
const machine = (definition: Parameters<ConsoleYard['machine']>[1]): Promise<string> =>
  yard.machine(`machine-${++machines}`, definition);

const shown = (text: string) => page.getByText(text, { exact: true }).first().waitFor();

/** Replaces what is in an editor. */
async function write(label: string, text: string): Promise<void> {
  const editor = page.getByRole('dialog').getByRole('textbox', { name: label, exact: true });
  await editor.focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(text);
}

describe.skipIf(!isThere)(`repair ${withChromium}`, () => {
  test('a failure is understood in three clicks', async () => {
    const stateMachineArn = await machine(FAILING);
    await yard.run(stateMachineArn, '{"order":50}');
    await page.goto(yard.place('machines'));
    await page.getByRole('link', { name: `machine-${machines}`, exact: true }).click();
    await page.getByRole('table').getByRole('link').first().click();
    await page.getByRole('button', { name: /^Refuse/u }).click();
    const panel = page.getByRole('complementary', { name: 'State Refuse' });
    await expect.poll(() => panel.innerText()).toContain('TooLarge');
    expect(await panel.innerText()).toContain(`The order is too large ${HOSTILE}`);
  });

  test('a task is answered by hand: it fails, is redriven and succeeds, and the page follows by itself', async () => {
    const { activityArn } = await yard.yard.engine.createActivity('approval');
    const stateMachineArn = await machine(waiting(activityArn));
    const { executionArn } = await yard.yard.engine.start({ stateMachineArn });
    await page.goto(yard.place(`executions/${executionArn}?visit=2`));
    await page.getByRole('button', { name: 'Fail…' }).click();
    await page.getByRole('textbox', { name: 'Error' }).fill('Denied');
    await page.getByRole('button', { name: 'Send failure' }).click();
    await shown('Failed');
    await page.getByRole('button', { name: 'Redrive', exact: true }).click();
    await page.getByRole('button', { name: 'Succeed…' }).click();
    await write('Output', '{"by":"hand"}');
    await page.getByRole('button', { name: 'Send success' }).click();
    await expect
      .poll(async () => (await yard.yard.engine.describe(executionArn)).output, { timeout: 20_000 })
      .toBe('{"by":"hand"}');
    await page.locator('[data-state="/States/Done"].succeeded').waitFor();
  });

  test('a failed execution is run again from a state with another input', async () => {
    const failed = await yard.run(await machine(FAILING), '{"order":50}');
    await page.goto(yard.place(`executions/${failed}`));
    await page.getByRole('button', { name: /^Is it small/u }).click();
    await page.getByRole('button', { name: 'Run again from here…' }).click();
    await write('Input of the state', '{"order":1}');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.waitForURL((url) => !url.pathname.endsWith(failed));
    await page.locator('[data-state="/States/Accept"].succeeded').waitFor();
    const [fork] = await yard.yard.engine.listAll();
    expect(fork).toMatchObject({ status: 'SUCCEEDED', forkOf: failed });
  });

  test('an iteration of a Map is run again from a state within it, with another input', async () => {
    const inner = { StartAt: 'Each', States: { Each: { Type: 'Pass', End: true } } };
    const arn = await yard.run(
      await machine({ StartAt: 'All', States: { All: { Type: 'Map', ItemProcessor: inner, End: true } } }),
      '[1,2]',
    );
    // Events 1-5: started, the Map entered and started, two iterations.
    await page.goto(yard.place(`executions/${arn}?visit=6`));
    await page.getByRole('button', { name: 'Run again from here…' }).click();
    await write('Input of the state', '"edited"');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.waitForURL((url) => !url.pathname.endsWith(arn));
    await shown('from Each in All, line 1');
    const [fork] = await yard.yard.engine.listAll();
    expect(fork).toMatchObject({ status: 'SUCCEEDED', forkOf: arn });
    const { output } = await yard.yard.engine.describe(fork?.executionArn ?? '');
    expect(output).toBe('["edited",2]');
  });

  test('the children of a Distributed Map are found, the failed ones first', async () => {
    const arn = await yard.run(await machine(DISTRIBUTED), '[1,2,3,4,3]');
    await page.goto(yard.place(`executions/${arn}?visit=2`));
    await page.getByRole('link', { name: 'Open the map run' }).click();
    await page.waitForURL(/map-runs/u);
    await expect.poll(() => page.locator('main').innerText()).toContain('BadItem');
  });

  test('names and data are text, never markup', async () => {
    const arn = await yard.run(await machine(FAILING), '{"order":50}');
    for (const query of ['', '?visit=4', '?view=events', '?view=table', '?view=timeline']) {
      await page.goto(yard.place(`executions/${arn}${query}`));
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForTimeout(300);
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.title()).not.toBe('1');
    }
    const answer = await page.goto(yard.place('machines'));
    const policy = answer?.headers()['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toContain('unsafe');
  });

  test('with the keyboard alone: from the list to a state and its data', async () => {
    const stateMachineArn = await machine(FAILING);
    const arn = await yard.run(stateMachineArn, '{"order":5}');
    await page.goto(yard.place('machines'));
    await page.getByRole('heading', { name: 'State machines' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(`machine-${machines}`);
    const link = page.getByRole('link', { name: `machine-${machines}`, exact: true });
    await link.waitFor();
    await tabTo(() => link.evaluate(isFocused));
    await page.keyboard.press('Enter');
    const execution = page.locator(`a[href*="${arn.split(':').at(-1) ?? ''}"]`).first();
    await execution.waitFor();
    await tabTo(() => execution.evaluate(isFocused));
    await page.keyboard.press('Enter');
    const first = page.getByRole('button', { name: /^Prepare/u });
    await first.waitFor();
    await tabTo(() => first.evaluate(isFocused));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'State Is it small?' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('q');
    await page.getByRole('heading', { name: 'Queues', exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/_stepyard/services/queues');
  });
});

const TABS_MAX = 80;

async function tabTo(isReached: () => Promise<boolean>): Promise<void> {
  for (let tabs = 0; tabs < TABS_MAX; tabs++) {
    if (await isReached()) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`not reached by ${TABS_MAX} tabs`);
}

/** Runs in the browser. */
function isFocused(element: unknown): boolean {
  return (
    (globalThis as unknown as { document: { activeElement: unknown } }).document.activeElement === element
  );
}
