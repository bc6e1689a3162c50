import { describe, expect, test } from 'vitest';
import { chromiumPath, withChromium } from './browser.ts';
import { heldMap } from './machines.ts';
import { SOON, useSession } from './session.ts';
import { DISTRIBUTED } from './yard.ts';

const session = useSession();

/** Starts a Distributed Map whose children wait for a worker, opens its map run, and gives what that worker needs. */
async function openHeld(name: string, items: readonly unknown[]) {
  const { yard, page } = session;
  const { engine } = yard.yard;
  const { activityArn } = await engine.createActivity(name);
  const stateMachineArn = await yard.machine(name, heldMap(activityArn));
  const { executionArn } = await engine.start({ stateMachineArn, input: JSON.stringify(items) });
  await page.goto(yard.place(`map-runs/${encodeURIComponent(await yard.mapRun(executionArn))}`));
  const take = async (): Promise<string> => (await engine.getActivityTask({ activityArn }))?.taskToken ?? '';
  return { engine, executionArn, take };
}

/** A fact of the page by its name. */
async function fact(label: string): Promise<string> {
  const facts = await session.page.locator('.summary > div').allInnerTexts();
  return (
    facts
      .find((text) => text.startsWith(label))
      ?.slice(label.length)
      .trim() ?? ''
  );
}

describe.skipIf(chromiumPath === undefined)(`a map run ${withChromium}`, () => {
  test('its children are found, the failed ones first, each an execution that can be opened', async () => {
    const { page, yard } = session;
    const arn = await yard.run(await yard.machine('import', DISTRIBUTED), '[1,2,3,4,3]');
    await page.goto(yard.place(`executions/${arn}?visit=2`));
    await page.getByRole('link', { name: 'Open the map run' }).click();
    await page.waitForURL(/map-runs/u);
    await expect.poll(() => page.locator('main').innerText(), SOON).toContain('BadItem');
    await page.getByRole('application').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.child-facts').innerText()).toContain('Child 5');
    await page.keyboard.press('Enter');
    await page.getByRole('note', { name: 'Why it ended' }).getByText('It is a three.').waitFor();
  });

  test('how many run at once, and how many may fail, is changed while it runs', async () => {
    const { page } = session;
    const { engine, executionArn, take } = await openHeld('limited', [1, 2, 3, 4, 5]);
    await expect.poll(() => fact('Running now'), SOON).toBe('2 of at most 2');
    await page.getByRole('button', { name: 'Concurrency and tolerance…' }).click();
    await page.getByRole('spinbutton', { name: 'Children at once' }).fill('4');
    await page.getByRole('spinbutton', { name: 'Tolerated failures, in items' }).fill('1');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => fact('Running now'), SOON).toBe('4 of at most 4');
    await expect.poll(() => fact('Tolerated failures'), SOON).toBe('1');
    // One fails, which is tolerated now; the others succeed.
    await engine.sendTaskFailure({ taskToken: await take(), error: 'Broken' });
    for (let left = 4; left > 0; left--)
      await engine.sendTaskSuccess({ taskToken: await take(), output: '"done"' });
    expect(await engine.whenEnded(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    await expect.poll(() => fact('Status'), SOON).toBe('Succeeded');
    await expect.poll(() => fact('Items failed'), SOON).toBe('1');
  });

  test('it fails, is redriven, and is followed to its end: only what failed runs again', async () => {
    const { page } = session;
    const { engine, executionArn, take } = await openHeld('redriven', ['one', 'two']);
    await engine.sendTaskSuccess({ taskToken: await take(), output: '"done"' });
    await expect.poll(() => fact('Items done'), SOON).toBe('1 of 2');
    await engine.sendTaskFailure({ taskToken: await take(), error: 'Broken' });
    await expect.poll(() => fact('Status'), SOON).toBe('Failed');
    await page.getByRole('button', { name: 'Redrive' }).click();
    await expect.poll(() => fact('Status'), SOON).toBe('Running');
    await engine.sendTaskSuccess({ taskToken: await take(), output: '"mended"' });
    await expect.poll(() => fact('Status'), SOON).toBe('Succeeded');
    expect(await fact('Redrives')).toBe('1');
    expect(await fact('Items done')).toBe('2 of 2');
    expect(await engine.describe(executionArn)).toMatchObject({
      status: 'SUCCEEDED',
      output: '["done","mended"]',
    });
    await page.getByRole('button', { name: '2 succeeded' }).waitFor();
  });
});
