/** Where the command line writes to; a test collects it. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
}

export const TERMINAL: Output = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
};
