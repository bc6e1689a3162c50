/** The end of a switch that has a case for everything: whatever comes here is a bug. `what` it is, with its article: `an input`. */
export function assertNever(what: string, value: never): never {
  throw new Error(`${what} of no known kind: ${JSON.stringify(value)}`);
}
