import { describe, expect, test } from 'vitest';
import { chromiumPath, withChromium } from './browser.ts';
import { tabTo, useSession } from './session.ts';
import { FAILING, waiting } from './yard.ts';

const session = useSession();

describe.skipIf(chromiumPath === undefined)(`with the keyboard alone ${withChromium}`, () => {
  test('from the list to a state and its data', async () => {
    const { page, yard } = session;
    const arn = await yard.run(await yard.machine('orders', FAILING), '{"order":5}');
    await page.goto(yard.place('machines'));
    await page.getByRole('heading', { name: 'State machines' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('orders');
    await tabTo(page, page.getByRole('link', { name: 'orders', exact: true }));
    await page.keyboard.press('Enter');
    await tabTo(page, page.locator(`a[href*="${arn.split(':').at(-1) ?? ''}"]`).first());
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('button', { name: /^Prepare/u }));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'State Is it small?' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('q');
    await page.getByRole('heading', { name: 'Queues', exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/_stepyard/services/queues');
  });

  test('started with an input, failed by hand, redriven and brought to its end', async () => {
    const { page, yard } = session;
    const { activityArn } = await yard.yard.engine.createActivity('approval');
    await yard.machine('approve', waiting(activityArn));
    await page.goto(yard.place('machines/approve'));
    await page.getByRole('button', { name: 'Start execution…' }).waitFor();
    await page.keyboard.press('s');
    const input = page.getByRole('dialog').getByRole('textbox', { name: 'Input', exact: true });
    await tabTo(page, page.getByRole('dialog').locator('.code-host'));
    await input.waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('{"order":7}');
    await tabTo(page, page.getByRole('button', { name: 'Start', exact: true }));
    await page.keyboard.press('Enter');

    const approve = page.getByRole('button', { name: /^Approve/u });
    await tabTo(page, approve);
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('button', { name: 'Fail…' }));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('textbox', { name: 'Error' }));
    await page.keyboard.type('Denied');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Not like this.');
    await tabTo(page, page.getByRole('button', { name: 'Send failure' }));
    await page.keyboard.press('Enter');

    await page.getByRole('note', { name: 'Why it ended' }).getByText('Not like this.').waitFor();
    await tabTo(page, page.getByRole('button', { name: 'Redrive', exact: true }));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('button', { name: 'Succeed…' }));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('button', { name: 'Send success' }));
    await page.keyboard.press('Enter');
    await page.locator('[data-state="/States/Done"].succeeded').waitFor();
    const [execution] = await yard.yard.engine.listAll();
    expect(execution).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1 });
  });
});
