import { StringDecoder } from 'node:string_decoder';

/** One line that a job printed. */
export interface LogLine {
  /** Epoch milliseconds at which it was read. */
  readonly timestampMs: number;
  readonly message: string;
}

/** Kept of one job: the newest lines within this many characters. */
export const LOG_CHARACTERS_MAX = 1_048_576;
/** A longer line is cut into several; CloudWatch Logs' own limit for one event. */
export const LINE_CHARACTERS_MAX = 262_144;

/** Cuts output into lines and keeps the newest. */
export class LogBuffer {
  readonly #decoder = new StringDecoder('utf8');
  readonly #now: () => number;
  readonly #onLine: (line: LogLine) => void;
  #lines: LogLine[] = [];
  #characters = 0;
  #dropped = 0;
  #partial = '';

  constructor(now: () => number, onLine: (line: LogLine) => void = () => undefined) {
    this.#now = now;
    this.#onLine = onLine;
  }

  write(chunk: Buffer): void {
    this.#partial += this.#decoder.write(chunk);
    let start = 0;
    for (;;) {
      const end = this.#partial.indexOf('\n', start);
      if (end < 0) break;
      this.#add(this.#partial.slice(start, end));
      start = end + 1;
    }
    this.#partial = this.#partial.slice(start);
    while (this.#partial.length >= LINE_CHARACTERS_MAX) {
      this.#add(this.#partial.slice(0, LINE_CHARACTERS_MAX));
      this.#partial = this.#partial.slice(LINE_CHARACTERS_MAX);
    }
  }

  /** The end of the output: a last line without a newline counts too. */
  end(): void {
    const rest = this.#partial + this.#decoder.end();
    this.#partial = '';
    if (rest !== '') this.#add(rest);
  }

  /** What is kept, oldest first. */
  lines(): readonly LogLine[] {
    return [...this.#lines];
  }

  /** How many lines were dropped to stay within the limit. */
  get dropped(): number {
    return this.#dropped;
  }

  #add(text: string): void {
    const message = text.endsWith('\r') ? text.slice(0, -1) : text;
    for (let at = 0; at === 0 || at < message.length; at += LINE_CHARACTERS_MAX) {
      const line = { timestampMs: this.#now(), message: message.slice(at, at + LINE_CHARACTERS_MAX) };
      this.#lines.push(line);
      this.#characters += line.message.length + 1;
      this.#onLine(line);
    }
    this.#trim();
  }

  #trim(): void {
    let drop = 0;
    while (this.#characters > LOG_CHARACTERS_MAX && drop < this.#lines.length - 1) {
      this.#characters -= (this.#lines[drop]?.message.length ?? 0) + 1;
      drop += 1;
    }
    // Removing from the front costs the whole array: do it seldom.
    if (drop > 0) this.#lines = this.#lines.slice(drop);
    this.#dropped += drop;
  }
}
