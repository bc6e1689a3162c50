/** A real browser for the tests of the console, and what it must never see: errors, failed requests, jumps, barriers. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page } from 'playwright-core';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where a Chromium is installed; undefined: the tests that need one skip. */
export const chromiumPath: string | undefined = CANDIDATES.find((path) => existsSync(path));

/** Why the tests are skipped, as part of their name. */
export const withChromium: string =
  chromiumPath === undefined ? 'skipped: no Chromium is installed (apt-get install chromium)' : 'in Chromium';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('no Chromium is installed');
  return chromium.launch({ executablePath: chromiumPath, headless: true, args: FLAGS });
}

/** A page of the console, and what went wrong in it so far. */
export interface Watched {
  readonly page: Page;
  readonly problems: string[];
  /** Sum of the layout shifts that no input of the user explains, as browsers measure it. */
  layoutShift(): Promise<number>;
  /** Barriers that axe-core finds: `rule: element`. */
  barriers(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface WatchedOptions {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Runs in the browser, before anything else: sums up what the browser says of jumps. */
function watchShifts(): void {
  interface Shift {
    readonly value: number;
    readonly hadRecentInput: boolean;
  }
  interface Watching {
    stepyardShift: number;
    readonly PerformanceObserver: new (take: (list: { getEntries(): readonly Shift[] }) => void) => {
      observe(options: object): void;
    };
  }
  const watching = globalThis as unknown as Watching;
  watching.stepyardShift = 0;
  new watching.PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries())
      if (!hadRecentInput) watching.stepyardShift += value;
  }).observe({ type: 'layout-shift', buffered: true });
}

export async function openPage(browser: Browser, options: WatchedOptions = {}): Promise<Watched> {
  const { width = 1280, height = 900, scheme = 'light' } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  await context.addInitScript(watchShifts);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('requestfailed', (request) => {
    // Live events end with the page that reads them.
    const isEnd = request.failure()?.errorText === 'net::ERR_ABORTED';
    if (!isEnd) problems.push(`failed: ${request.url()} ${request.failure()?.errorText ?? ''}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`status ${response.status()}: ${response.url()}`);
  });
  return {
    page,
    problems,
    layoutShift: () =>
      page.evaluate(() => (globalThis as unknown as { stepyardShift: number }).stepyardShift),
    async barriers() {
      await page.evaluate(AXE);
      return await page.evaluate(findBarriers);
    },
    close: () => context.close(),
  };
}

interface Axe {
  run(): Promise<{
    readonly violations: readonly {
      readonly id: string;
      readonly nodes: readonly { readonly html: string }[];
    }[];
  }>;
}

async function findBarriers(): Promise<readonly string[]> {
  const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 300)}`));
}
