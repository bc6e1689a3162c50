import { beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, withChromium } from './browser.ts';
import { useSession } from './session.ts';
import { FAILING, fillServices, HOSTILE } from './yard.ts';

const session = useSession();
let failed = '';

describe.skipIf(chromiumPath === undefined)(`markup in names and data ${withChromium}`, () => {
  beforeAll(async () => {
    const { yard } = session;
    const order = JSON.stringify({ order: 50, [HOSTILE]: HOSTILE });
    failed = await yard.run(await yard.machine('order', FAILING), order);
    await fillServices(yard);
  });

  /** Places where it must be seen as what it is; the first of each pair is below the execution where it begins with `?`. */
  test.each([
    ['?', 'The order is too large'],
    ['?visit=4', HOSTILE],
    ['?visit=2&tab=flow', 'After Parameters'],
    ['?view=table', HOSTILE],
    ['?view=timeline', HOSTILE],
    ['?view=events', HOSTILE],
    ['?view=events&event=9', 'The order is too large'],
    ['?view=data', 'Input and output'],
    ['?view=definition', 'Definition'],
    ['?at=6', 'Time travel'],
    ['services/tables/orders', 'onerror'],
    ['services/topics/arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3Anotifications', HOSTILE],
    ['services/buckets/files?prefix=in/&key=in/one.json', 'onerror'],
    ['services/logs/%2Fapp%2Flog', HOSTILE],
  ])('%s shows it as text', async (place, text) => {
    const { page, yard } = session;
    await page.goto(yard.place(place.startsWith('?') ? `executions/${failed}${place}` : place));
    await page.getByText(text).first().waitFor();
    // What would become an image, or run, has had the time to.
    await page.waitForTimeout(200);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).not.toBe('1');
  });

  test('and a strict policy stands behind that', async () => {
    const { page, yard } = session;
    const answer = await page.goto(yard.place('machines'));
    const policy = answer?.headers()['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toContain('unsafe');
  });
});
