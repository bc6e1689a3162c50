/** What the tests of the console begin with: a browser, a yard, and a page of its own for each test. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { chromiumPath, launch, openPage, type Watched, type WatchedOptions } from './browser.ts';
import { startConsoleYard, type ConsoleYard, type ConsoleYardOptions } from './yard.ts';

export interface Session {
  readonly yard: ConsoleYard;
  readonly browser: Browser;
  readonly page: Page;
  /** Problems of the page that a test has met on purpose are taken out by it; any that is left fails the test. */
  readonly problems: string[];
}

/** Has the tests of a file share a browser and a yard. Each fails when its page had a problem, whatever else it looks at. */
export function useSession(options: ConsoleYardOptions & WatchedOptions = {}): Session {
  let browser: Browser | undefined;
  let yard: ConsoleYard | undefined;
  let watched: Watched | undefined;
  if (chromiumPath !== undefined) {
    beforeAll(async () => {
      [browser, yard] = await Promise.all([launch(), startConsoleYard(options)]);
    });
    afterAll(async () => {
      await browser?.close();
      await yard?.close();
    });
    beforeEach(async () => {
      watched = await openPage(present(browser), options);
    });
    afterEach(async () => {
      const { problems } = present(watched);
      await watched?.close();
      if (problems.length > 0) throw new Error(`the page had problems: ${problems.join('; ')}`);
    });
  }
  return {
    get yard() {
      return present(yard);
    },
    get browser() {
      return present(browser);
    },
    get page() {
      return present(watched).page;
    },
    get problems() {
      return present(watched).problems;
    },
  };
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('used before the tests have begun');
  return value;
}

/** Replaces what is in an editor of the dialog that is open. */
export async function write(page: Page, label: string, text: string): Promise<void> {
  await page.getByRole('dialog').getByRole('textbox', { name: label, exact: true }).focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(text);
}

/** For `expect.poll`: machines are shared and slow. */
export const SOON = { timeout: 20_000 } as const;

const TABS_MAX = 80;

/** Goes to an element by Tab alone. */
export async function tabTo(page: Page, element: Locator): Promise<void> {
  await element.waitFor();
  for (let tabs = 0; tabs < TABS_MAX; tabs++) {
    if (await element.evaluate(isFocused)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`not reached by ${TABS_MAX} tabs`);
}

/** Runs in the browser. */
function isFocused(element: unknown): boolean {
  return (
    (globalThis as unknown as { document: { activeElement: unknown } }).document.activeElement === element
  );
}
