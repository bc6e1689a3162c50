/** The web console under `/_stepyard/`: its pages, its API, its live events. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerApi, API_PATH } from './api.ts';
import { acceptsHtml, Assets, writePage } from './assets.ts';
import { build, consoleDirectory, isBuilt } from './build.ts';
import type { ConsoleContext } from './context.ts';
import { Inspections } from './inspections.ts';
import { Live } from './live.ts';

export const CONSOLE_PATH = '/_stepyard/';

export interface Console {
  /** Answers a request below {@link CONSOLE_PATH}. A rejection is a bug. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): Promise<void>;
}

/** `log` hears why the pages cannot be built. Nothing is read or built before somebody asks. */
export function createConsole(
  yard: Omit<ConsoleContext, 'inspections'>,
  log: (line: string) => void,
): Console {
  const inspections = new Inspections(yard.engine);
  const context: ConsoleContext = { ...yard, inspections };
  const live = new Live(context);
  const pages = new Pages(log);
  return {
    async handle(request, response) {
      const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
      if (path.startsWith(API_PATH)) await answerApi(context, live, request, response);
      else await pages.answer(path.slice(CONSOLE_PATH.length), request, response);
    },
    async close() {
      live.close();
      inspections.close();
      await pages.close();
    },
  };
}

/** The pages, once they are there; until then one that says so and looks again. */
class Pages {
  readonly #log: (line: string) => void;
  readonly #abort = new AbortController();
  #assets: Assets | undefined;
  #opening: Promise<void> | undefined;
  #failure: string | undefined;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  async answer(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      writePage(response, 405, 'text/plain; charset=utf-8', Buffer.from('Pages are read with GET.\n'));
      return;
    }
    if (this.#assets === undefined) {
      const directory = consoleDirectory();
      const isQuick = directory !== undefined && this.#opening === undefined && (await isBuilt(directory));
      this.#opening ??= this.#open(directory);
      // What is built already takes a moment to read; a build takes many.
      if (isQuick) await this.#opening;
    }
    if (this.#assets === undefined) this.#notYet(request, response);
    else this.#assets.answer(name, request, response);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#opening;
  }

  async #open(directory: string | undefined): Promise<void> {
    const built =
      directory === undefined
        ? ({ kind: 'failed', reason: 'The package @stepyard/console is not installed.' } as const)
        : await build(directory, this.#abort.signal);
    if (this.#abort.signal.aborted) return;
    if (built.kind === 'ready') this.#assets = await Assets.read(built.directory);
    else {
      this.#failure = built.reason;
      this.#log(`the console cannot be built: ${built.reason}`);
    }
  }

  #notYet(request: IncomingMessage, response: ServerResponse): void {
    const failure = this.#failure;
    const text =
      failure === undefined
        ? 'The console is being built from its sources. This page looks again every second.'
        : `The console cannot be built: ${failure}`;
    const again = failure === undefined ? '<meta http-equiv="refresh" content="1">' : '';
    const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Stepyard</title>${again}</head><body><pre>${escaped(text)}</pre></body></html>\n`;
    const isPage = acceptsHtml(request);
    writePage(
      response,
      503,
      isPage ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
      Buffer.from(isPage ? page : `${text}\n`),
      { 'cache-control': 'no-store', 'retry-after': '1' },
    );
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
