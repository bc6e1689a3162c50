/** Where the showcase writes: a terminal, a pipe, or a test. */
export interface Screen {
  write(text: string): void;
  /** Whether lines can be painted over. */
  readonly isTTY: boolean;
  /** Of the terminal, in characters. */
  columns(): number;
}

/** Standard output. A terminal that is dumb, or that a CI pretends to have, gets the plain log. */
export function terminal(): Screen {
  const { stdout, env } = process;
  return {
    write: (text) => stdout.write(text),
    isTTY: stdout.isTTY && env['TERM'] !== 'dumb' && env['CI'] === undefined,
    columns: () => stdout.columns,
  };
}
