/** A page whose times are taken within the browser: what drives it from outside comes too late. */
import type { BrowserContext, Page } from 'playwright-core';

/** Since the navigation began. */
export interface Opened {
  /** First and largest contentful paint. */
  readonly paintMs: number;
  readonly largestPaintMs: number;
  /** When what was asked for had been drawn. */
  readonly shownMs: number;
  readonly longestTaskMs: number;
  /** Over the wire, as they were sent. */
  readonly bytes: number;
}

interface Entry {
  readonly startTime: number;
  readonly duration: number;
}

interface Taken {
  shownMs: number;
  largestPaintMs: number;
  longestTaskMs: number;
}

/** What of the browser is used here: this project is checked without its types. */
interface InPage {
  stepyard: Taken;
  readonly document: {
    querySelector(
      selector: string,
    ): { scrollTop: number; readonly scrollHeight: number; readonly clientHeight: number } | null;
  };
  requestAnimationFrame(then: (atMs: number) => void): void;
  readonly PerformanceObserver: new (take: (list: { getEntries(): readonly Entry[] }) => void) => {
    observe(options: object): void;
  };
}

/** Runs in the page before anything else. */
function takeTimes(selector: string): void {
  const page = globalThis as unknown as InPage;
  const taken: Taken = { shownMs: 0, largestPaintMs: 0, longestTaskMs: 0 };
  page.stepyard = taken;
  new page.PerformanceObserver((list) => {
    for (const { duration } of list.getEntries())
      taken.longestTaskMs = Math.max(taken.longestTaskMs, duration);
  }).observe({ type: 'longtask', buffered: true });
  new page.PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) taken.largestPaintMs = startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  const look = (): void => {
    // The frame after the one in which it was there: it has been drawn.
    if (page.document.querySelector(selector) === null) page.requestAnimationFrame(look);
    else page.requestAnimationFrame(() => (taken.shownMs = performance.now()));
  };
  page.requestAnimationFrame(look);
}

export async function open(
  context: BrowserContext,
  url: string,
  selector: string,
): Promise<{ readonly page: Page; readonly opened: Opened; readonly longestTask: () => Promise<number> }> {
  const page = await context.newPage();
  await page.addInitScript(takeTimes, selector);
  let bytes = 0;
  page.on('requestfinished', (request) => {
    void request.sizes().then(
      ({ responseBodySize }) => (bytes += responseBodySize),
      () => undefined,
    );
  });
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction(() => (globalThis as unknown as InPage).stepyard.shownMs > 0);
  await page.waitForTimeout(400);
  const times = await page.evaluate(() => ({
    ...(globalThis as unknown as InPage).stepyard,
    paintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  }));
  const longestTask = (): Promise<number> =>
    page.evaluate(() => (globalThis as unknown as InPage).stepyard.longestTaskMs);
  return { page, opened: { ...times, bytes }, longestTask };
}

/** Scrolls something from its top to its bottom in two seconds of frames, and gives the longest time between two of them. */
export function scroll(page: Page, selector: string): Promise<number> {
  return page.evaluate(scrollThrough, selector);
}

async function scrollThrough(selector: string): Promise<number> {
  const inPage = globalThis as unknown as InPage;
  const frame = (): Promise<number> => new Promise((resolve) => inPage.requestAnimationFrame(resolve));
  const element = inPage.document.querySelector(selector);
  if (element === null) throw new Error(`there is no ${selector}`);
  const frames = 120;
  let longestMs = 0;
  let lastMs = await frame();
  for (let at = 1; at <= frames; at++) {
    element.scrollTop = ((element.scrollHeight - element.clientHeight) * at) / frames;
    const nowMs = await frame();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
  }
  return longestMs;
}
