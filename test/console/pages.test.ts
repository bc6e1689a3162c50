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
async function faults(watched: Watched, { path, act }: Place): Promise<readonly string[]> {
  const { page } = watched;
  const before = watched.problems.length;
  await page.goto(yard.place(path));
  await page.getByRole('heading', { level: 1 }).waitFor();
  // Parts that are loaded late have come.
  await page.waitForLoadState('load');
  await page.waitForTimeout(300);
  // What moves because something was done is no jump; browsers count it as one when it takes longer than half a second.
  const shift = await watched.layoutShift();
  await act?.(page);
  if (act !== undefined) await page.waitForTimeout(300);
  const found = [...watched.problems.slice(before), ...(await watched.barriers())];
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

const FORMS = [
  { scheme: 'light', width: 1280, height: 900 },
  { scheme: 'dark', width: 390, height: 844 },
] as const;

describe.skipIf(chromiumPath === undefined)(
  `every page ${withChromium}, light and wide, dark and narrow: nothing fails, jumps or bars`,
  () => {
    let windows: readonly Watched[] = [];
    beforeAll(async () => {
      windows = await Promise.all(FORMS.map((form) => openPage(browser, form)));
    });
    afterAll(async () => {
      await Promise.all(windows.map((watched) => watched.close()));
    });

    test.each(PLACE_NAMES)('%s', async (name) => {
      const place = places.find((candidate) => candidate.name === name);
      if (place === undefined) throw new Error(`there is no place ${name}`);
      const found = await Promise.all(windows.map((watched) => faults(watched, place)));
      expect(found).toEqual([[], []]);
    });
  },
);
