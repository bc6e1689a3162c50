import jsonata from 'jsonata';

/** What is wrong with the syntax of a JSONata expression (without its `{% %}`); undefined: nothing. */
export function jsonataError(text: string): string | undefined {
  try {
    jsonata(text);
    return undefined;
  } catch (error) {
    return typeof error === 'object' && error !== null && 'message' in error
      ? String(error.message)
      : String(error);
  }
}
