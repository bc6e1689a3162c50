import { describe, expect, test } from 'vitest';
import { chromiumPath, withChromium } from './browser.ts';
import { SOON, useSession } from './session.ts';

const session = useSession({ virtualTime: 'manual' });

const PATIENT = {
  StartAt: 'A day',
  States: {
    'A day': { Type: 'Wait', Seconds: 86_400, Next: 'An hour' },
    'An hour': { Type: 'Wait', Seconds: 3_600, Next: 'Done' },
    Done: { Type: 'Succeed' },
  },
};

describe.skipIf(chromiumPath === undefined)(`virtual time that is advanced by hand ${withChromium}`, () => {
  test('stands still until the clock is advanced, from its menu or by the state that waits', async () => {
    const { page, yard } = session;
    const { engine } = yard.yard;
    const stateMachineArn = await yard.machine('patient', PATIENT);
    const { executionArn } = await engine.start({ stateMachineArn });
    await page.goto(yard.place(`executions/${executionArn}?visit=2`));
    const panel = page.getByRole('complementary', { name: /^State/u });
    await panel.getByText('Goes on in 1 d').waitFor();
    const clock = page.locator('.clock > button');
    const before = await clock.innerText();

    await clock.click();
    await page.getByRole('button', { name: '+ 1 h', exact: true }).click();
    await panel.getByText('Goes on in 23 h 00 min').waitFor();
    expect(Date.parse(await clock.innerText()) - Date.parse(before)).toBe(3_600_000);
    expect(await engine.describe(executionArn)).toMatchObject({ status: 'RUNNING' });

    await panel.getByRole('button', { name: 'Let this time pass' }).click();
    await page.getByRole('button', { name: /^An hour/u }).click();
    await page
      .getByRole('complementary', { name: 'State An hour' })
      .getByText('Goes on in 1 h 00 min')
      .waitFor();
    await page.getByRole('button', { name: 'Let this time pass' }).click();
    await page.locator('[data-state="/States/Done"].succeeded').waitFor();
    const { startDateMs, stopDateMs } = await engine.describe(executionArn);
    expect((stopDateMs ?? 0) - startDateMs).toBe(90_000_000);
    await expect.poll(() => page.locator('.summary').innerText(), SOON).toContain('1 d 1 h');
  });
});
