import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, launch, openPage, withChromium, type Watched } from './browser.ts';
import { allPlaces, PLACE_NAMES, type Place } from './places.ts';
import type { ConsoleYard } from './yard.ts';

let browser: Browser;
let yard: ConsoleYard;
let places: readonly Place[] = [];

beforeAll(async () => {
  if (chromiumPath === undefined) return;
  [browser, { yard, places }] = await Promise.all([launch(), allPlaces()]);
});

afterAll(async () => {
  if (chromiumPath === undefined) return;
  await browser.close();
  await yard.close();
});

/** What browsers call good is a tenth; a page here is to stand still. */
const SHIFT_MAX = 0.02;

/** Opens a page and says what is wrong with it. */
async function faults(watched: Watched, path: string): Promise<readonly string[]> {
  const { page } = watched;
  const before = watched.problems.length;
  await page.goto(yard.place(path));
  await page.getByRole('heading', { level: 1 }).waitFor();
  // Parts that are loaded late have come.
  await page.waitForLoadState('load');
  await page.waitForTimeout(300);
  const found = [...watched.problems.slice(before), ...(await watched.barriers())];
  const shift = await watched.layoutShift();
  if (shift > SHIFT_MAX) found.push(`layout shift ${shift.toFixed(3)}`);
  const { scrollWidth, clientWidth } = await page
    .locator('html')
    .evaluate((html: { readonly scrollWidth: number; readonly clientWidth: number }) => ({
      scrollWidth: html.scrollWidth,
      clientWidth: html.clientWidth,
    }));
  if (scrollWidth > clientWidth) found.push(`wider than the window: ${scrollWidth} > ${clientWidth}`);
  return found;
}

describe.skipIf(chromiumPath === undefined)(
  `every page ${withChromium}: nothing fails, jumps or bars`,
  () => {
    describe.each([
      ['light', 1280, 900],
      ['dark', 390, 844],
    ] as const)('%s at %i x %i', (scheme, width, height) => {
      let watched: Watched;
      beforeAll(async () => {
        watched = await openPage(browser, { scheme, width, height });
      });
      afterAll(() => watched.close());

      test.each(PLACE_NAMES)('%s', async (name) => {
        const place = places.find((candidate) => candidate.name === name);
        expect(await faults(watched, place?.path ?? '')).toEqual([]);
      });
    });
  },
);
