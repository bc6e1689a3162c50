const NAME_CHARS_MAX = 100;

/** The name cannot be greeted: an error that a definition catches by this name. */
export class InvalidNameError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidNameError';
  }
}

export interface Greeting {
  readonly greeting: string;
  /** Characters as a reader counts them, not UTF-16 code units. */
  readonly nameChars: number;
}

/** `Hello, Ada!`. Throws {@link InvalidNameError} for an empty or overlong name. */
export function greet(name: string): Greeting {
  const trimmed = name.trim();
  const nameChars = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(trimmed)].length;
  if (nameChars === 0) throw new InvalidNameError('there is nobody to greet: the name is empty');
  if (nameChars > NAME_CHARS_MAX) {
    throw new InvalidNameError(`the name has ${nameChars} characters; ${NAME_CHARS_MAX} are enough`);
  }
  return { greeting: `Hello, ${trimmed}!`, nameChars };
}
