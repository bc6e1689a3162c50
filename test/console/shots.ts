/**
 * Makes pictures of every page of the console, light and dark, wide and narrow, for somebody to look at:
 * `node test/console/shots.ts DIRECTORY [PART-OF-A-NAME]`.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launch, openPage } from './browser.ts';
import { allPlaces } from './places.ts';

const [directory = 'shots', wanted = ''] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
const { yard, places } = await allPlaces();
const browser = await launch();
for (const scheme of ['light', 'dark'] as const) {
  for (const [size, width, height] of [
    ['wide', 1440, 900],
    ['narrow', 390, 844],
  ] as const) {
    const watched = await openPage(browser, { scheme, width, height });
    for (const { name, path, act } of places) {
      if (!name.includes(wanted)) continue;
      await watched.page.goto(yard.place(path));
      await watched.page.getByRole('heading', { level: 1 }).waitFor();
      await act?.(watched.page);
      await watched.page.waitForLoadState('load');
      await watched.page.waitForTimeout(700);
      const file = `${name}-${scheme}-${size}.png`;
      // What is below the fold of a narrow window is a large part of it.
      await watched.page.screenshot({ path: join(directory, file), fullPage: size === 'narrow' });
    }
    await watched.close();
  }
}
await browser.close();
await yard.close();
