import { styleText } from 'node:util';
import type { Step } from '../run/follow-execution.ts';
import type { Screen } from './screen.ts';
import { clip, count, duration, tally } from './text.ts';

/** Shows what goes on, as it goes on. */
export interface Progress {
  /** One thing that happened: a line that stays. */
  log(text: string): void;
  /** Something that takes a while; the function that it gives says that it is over. */
  busy(text: string): () => void;
  /** A use case begins. */
  begin(name: string): void;
  step(name: string, step: Step): void;
  end(name: string, text: string, well: boolean): void;
  /** Nothing more will come; the terminal is as it was. */
  close(): void;
}

export function createProgress(screen: Screen, now: () => number = Date.now): Progress {
  return screen.isTTY ? new LiveProgress(screen, now) : new LogProgress(screen, now);
}

/** How often a busy use case may write to the plain log. */
const LOG_INTERVAL_MS = 1000;

interface Pending {
  names: string[];
  isGapped: boolean;
  writtenMs: number;
}

/** A plain log: each line has its time and stays. */
class LogProgress implements Progress {
  readonly #screen: Screen;
  readonly #now: () => number;
  readonly #pending = new Map<string, Pending>();
  readonly #width = 'fargate-task-notification'.length;

  constructor(screen: Screen, now: () => number) {
    this.#screen = screen;
    this.#now = now;
  }

  log(text: string): void {
    this.#screen.write(`${new Date(this.#now()).toISOString()}  ${text}\n`);
  }

  busy(text: string): () => void {
    this.log(`${text} …`);
    return () => undefined;
  }

  begin(name: string): void {
    this.#line(name, 'started');
  }

  step(name: string, step: Step): void {
    if (step.states.length === 0) return;
    const pending = this.#pending.get(name) ?? { names: [], isGapped: false, writtenMs: 0 };
    this.#pending.set(name, pending);
    pending.names.push(...step.states);
    pending.isGapped ||= step.gap;
    if (this.#now() - pending.writtenMs >= LOG_INTERVAL_MS) this.#flush(name, pending, step.generation);
  }

  end(name: string, text: string): void {
    const pending = this.#pending.get(name);
    if (pending !== undefined && pending.names.length > 0) this.#flush(name, pending, 1);
    this.#line(name, text);
  }

  close(): void {
    // Nothing was painted that would have to go.
  }

  #flush(name: string, pending: Pending, generation: number): void {
    const chain = generation > 1 ? `execution ${generation} of the chain: ` : '';
    const more = pending.isGapped ? ' and more' : '';
    this.#line(name, `${chain}${tally(pending.names).join(' → ')}${more}`);
    pending.names = [];
    pending.isGapped = false;
    pending.writtenMs = this.#now();
  }

  #line(name: string, text: string): void {
    this.log(`${name.padEnd(this.#width)}  ${text}`);
  }
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

interface Line {
  readonly name: string;
  readonly startedMs: number;
  text: string;
  events: number;
  done: { readonly well: boolean } | undefined;
}

/** One line for each use case at the bottom of the terminal, painted again several times a second; what is logged goes above. */
class LiveProgress implements Progress {
  readonly #screen: Screen;
  readonly #now: () => number;
  readonly #lines: Line[] = [];
  #painted = 0;
  #frame = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(screen: Screen, now: () => number) {
    this.#screen = screen;
    this.#now = now;
  }

  log(text: string): void {
    this.#paint(`${text}\n`);
  }

  busy(text: string): () => void {
    const line = this.#add(text, '');
    return () => {
      this.#lines.splice(this.#lines.indexOf(line), 1);
      this.#paint('');
    };
  }

  begin(name: string): void {
    this.#add(name, 'starting');
  }

  step(name: string, step: Step): void {
    const line = this.#find(name);
    const state = step.states.at(-1);
    if (line === undefined || line.done !== undefined) return;
    if (state !== undefined)
      line.text = step.generation > 1 ? `${state} (execution ${step.generation} of the chain)` : state;
    line.events = step.events;
  }

  end(name: string, text: string, well: boolean): void {
    const line = this.#find(name);
    if (line === undefined) return;
    line.text = text;
    line.done = { well };
    this.#paint('');
  }

  close(): void {
    clearInterval(this.#timer);
    this.#paint('');
    this.#lines.length = 0;
    this.#painted = 0;
  }

  #add(name: string, text: string): Line {
    const line: Line = { name, startedMs: this.#now(), text, events: 0, done: undefined };
    this.#lines.push(line);
    this.#timer ??= setInterval(() => {
      this.#frame += 1;
      this.#paint('');
    }, FRAME_MS);
    this.#paint('');
    return line;
  }

  #find(name: string): Line | undefined {
    return this.#lines.find((line) => line.name === name);
  }

  #paint(above: string): void {
    const up = this.#painted === 0 ? '' : `\u001B[${this.#painted}A\r\u001B[J`;
    const lines = this.#lines.map((line) => `${this.#render(line)}\n`);
    this.#painted = lines.length;
    this.#screen.write(up + above + lines.join(''));
  }

  #render(line: Line): string {
    const width = Math.max(...this.#lines.map(({ name }) => name.length));
    const mark =
      line.done === undefined ? (FRAMES[this.#frame % FRAMES.length] ?? ' ') : line.done.well ? '✔' : '✘';
    const detail =
      line.done === undefined
        ? `${line.text === '' ? '' : `${line.text}  `}${duration(this.#now() - line.startedMs)}${line.events > 100 ? `, ${count(line.events)} events` : ''}`
        : line.text;
    const text = clip(`${line.name.padEnd(width)}  ${detail}`, this.#screen.columns() - 3);
    const colour = line.done === undefined ? 'cyan' : line.done.well ? 'green' : 'red';
    return `${paint(colour, mark)} ${text}`;
  }
}

/** Colours only where the terminal shows them (NO_COLOR and its kin are honoured). */
export function paint(colour: 'cyan' | 'green' | 'red' | 'bold' | 'dim', text: string): string {
  return styleText(colour, text, { stream: process.stdout, validateStream: true });
}
