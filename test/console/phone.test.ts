import { describe, expect, test } from 'vitest';
import { chromiumPath, withChromium } from './browser.ts';
import { useSession, write } from './session.ts';
import { FAILING } from './yard.ts';

const session = useSession({ width: 390, height: 844 });

/** Runs in the browser. */
function isWiderThanWindow(html: unknown): boolean {
  const { scrollWidth, clientWidth } = html as { readonly scrollWidth: number; readonly clientWidth: number };
  return scrollWidth > clientWidth;
}

describe.skipIf(chromiumPath === undefined)(`a window as wide as a phone ${withChromium}`, () => {
  test('from the drawer to a start, its failure, its data and a second try', async () => {
    const { page, yard } = session;
    await yard.machine('order', FAILING);
    await page.goto(yard.place('services/queues'));
    await page.getByRole('button', { name: 'Navigation', exact: true }).click();
    await page.getByRole('link', { name: 'State machines', exact: true }).click();
    await page.getByRole('link', { name: 'order', exact: true }).click();
    await page.getByRole('button', { name: 'Start execution…' }).click();
    await write(page, 'Input', '{"order":50}');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('note', { name: 'Why it ended' }).getByText('TooLarge').waitFor();
    await page.getByRole('button', { name: /^in Refuse/u }).click();
    const panel = page.getByRole('complementary', { name: 'State Refuse' });
    await panel.waitFor();
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.getByRole('option').getByText('ExecutionFailed').click();
    await page.getByRole('complementary', { name: 'Event 9' }).getByText('TooLarge').waitFor();
    expect(await page.locator('html').evaluate(isWiderThanWindow)).toBe(false);
    await page.getByRole('tab', { name: 'Graph' }).click();
    await page.getByRole('button', { name: /^Is it small/u }).click();
    await page.getByRole('button', { name: 'Run again from here…' }).click();
    await write(page, 'Input of the state', '{"order":1}');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.locator('[data-state="/States/Accept"].succeeded').waitFor();
    expect(await page.locator('html').evaluate(isWiderThanWindow)).toBe(false);
  });
});
