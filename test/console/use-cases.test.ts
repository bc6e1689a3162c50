import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, launch, openPage, withChromium } from './browser.ts';
import { startConsoleYard, type ConsoleYard } from './yard.ts';

const appDir = fileURLToPath(new URL('../..', import.meta.url));
let browser: Browser;
let yard: ConsoleYard;

beforeAll(async () => {
  if (chromiumPath === undefined) return;
  [browser, yard] = await Promise.all([launch(), startConsoleYard({ appDir })]);
});
afterAll(async () => {
  if (chromiumPath === undefined) return;
  await browser.close();
  await yard.close();
});

describe.skipIf(chromiumPath === undefined)(`the use cases ${withChromium}`, () => {
  test('a job is started from its samples, fails before the eyes of who watches, and says why', async () => {
    const { page, problems, close } = await openPage(browser);
    await page.goto(yard.place('machines'));
    await page
      .getByRole('link', { name: /batch-job-notification/iu })
      .first()
      .click();
    await page.getByRole('button', { name: /start/iu }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'the job fails', exact: true }).click();
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    // Nobody touches the page from here on: it follows by itself.
    await page.locator('[data-state="/States/Run job"].caught').waitFor({ timeout: 60_000 });
    await page.locator('[data-state="/States/Job failed"].failed').waitFor({ timeout: 60_000 });

    await page.getByRole('button', { name: /^Run job/u }).click();
    await page.getByRole('tab', { name: 'Logs' }).click();
    const panel = page.getByRole('complementary', { name: 'State Run job' });
    await expect.poll(() => panel.innerText(), { timeout: 20_000 }).toMatch(/"fail|fail/iu);

    await page.goto(yard.place('services/topics'));
    await page.getByRole('table').getByRole('link').first().click();
    await expect.poll(() => page.locator('main').innerText()).toContain('Published');
    await page.goto(yard.place('services/jobs'));
    await expect.poll(() => page.locator('main').innerText()).toContain('FAILED');
    expect(problems).toEqual([]);
    await close();
  });
});
