import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumPath, withChromium } from './browser.ts';
import { SOON, useSession, write } from './session.ts';

const session = useSession({ appDir: fileURLToPath(new URL('../..', import.meta.url)) });

/** A job begins in a process, or a function in another one, on a machine that has other things to do. */
const LATE = { timeout: 90_000 } as const;

/** Starts a use case from one of the samples that its app brings along. The page is then that of the execution. */
async function startFromSample(page: Page, machine: string, sample: string): Promise<void> {
  await page.goto(session.yard.place('machines'));
  await page.getByRole('link', { name: `stepyard-dev-${machine}`, exact: true }).click();
  await page.getByRole('button', { name: 'Start execution…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: sample, exact: true }).click();
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await page.waitForURL(/executions/u);
}

const state = (page: Page, name: string, status: string) =>
  page.locator(`[data-state="/States/${name}"].${status}`);

describe.skipIf(chromiumPath === undefined)(`the use cases ${withChromium}`, () => {
  test('a job is started from its samples, fails before the eyes of who watches, and says why', async () => {
    const { page, yard } = session;
    await startFromSample(page, 'batch-job-notification', 'the job fails');
    // Nobody touches the page from here on: it follows by itself.
    await state(page, 'Run job', 'caught').waitFor(LATE);
    await state(page, 'Job failed', 'failed').waitFor(LATE);

    await page.getByRole('button', { name: /^Run job/u }).click();
    await page.getByRole('tab', { name: 'Logs' }).click();
    const panel = page.getByRole('complementary', { name: 'State Run job' });
    await expect.poll(() => panel.innerText(), SOON).toMatch(/"fail|fail/iu);

    await page.goto(yard.place('services/topics'));
    await page.getByRole('table').getByRole('link').first().click();
    await expect.poll(() => page.locator('main').innerText(), SOON).toContain('Published');
    await page.goto(yard.place('services/jobs'));
    await expect.poll(() => page.locator('main').innerText(), SOON).toContain('FAILED');
  });

  test('a Fargate task is started and followed to its end; its output is among the tasks', async () => {
    const { page, yard } = session;
    await startFromSample(page, 'fargate-task-notification', 'the task succeeds');
    await state(page, 'Run task', 'succeeded').waitFor(LATE);
    await state(page, 'Task succeeded', 'succeeded').waitFor(LATE);
    await page.goto(yard.place('services/jobs'));
    const row = page.getByRole('row').filter({ hasText: 'ECS' });
    await row.getByRole('link').first().click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.locator('main').innerText()).toMatch(/STOPPED|SUCCEEDED/u);
  });

  test.each([
    ['transfer-records', 'loads two records and transfers them in two pages'],
    ['transfer-records-parent', 'loads, then drives two batches'],
  ])('%s: the records are seen to leave their table and to lie in the queue', async (machine, sample) => {
    const { page, yard } = session;
    await startFromSample(page, machine, sample);
    await state(page, 'All transferred', 'succeeded').waitFor(LATE);
    const stack = machine.replace('parent', 'express');
    await page.goto(yard.place('services/queues'));
    const queue = page.getByRole('row').filter({ hasText: `stepyard-dev-${stack}` });
    await expect.poll(() => queue.allInnerTexts(), SOON).toContainEqual(expect.stringMatching(/\t2\t0\t0/u));
  });

  test.each(['state-tour', 'state-tour-jsonata'])('%s: its activity is answered by hand', async (machine) => {
    const { page } = session;
    await startFromSample(page, machine, 'without waiting, and with nothing but defaults');
    await state(page, 'Ask a worker', 'waiting').waitFor(LATE);
    await page.getByRole('button', { name: /^Ask a worker/u }).click();
    await page.getByRole('button', { name: 'Succeed…' }).click();
    await write(page, 'Output', '{"answer":"by hand"}');
    await page.getByRole('button', { name: 'Send success' }).click();
    await state(page, 'Tour finished', 'succeeded').waitFor(LATE);
    expect(await page.locator('.summary').innerText()).toContain('Succeeded');
  });
});
