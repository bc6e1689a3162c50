import type { Json } from '@stepyard/asl';
import type { Clip } from '@stepyard/console';

/** Characters of a payload that go to the browser; every payload of Step Functions fits. */
export const CLIP_CHARACTERS_MAX = 262_144;

export function clip(text: string): Clip {
  const isLong = text.length > CLIP_CHARACTERS_MAX;
  return { text: isLong ? text.slice(0, CLIP_CHARACTERS_MAX) : text, length: text.length };
}

export function clipJson(value: Json): Clip {
  return clip(JSON.stringify(value));
}

/** `null` is how the console's contract says that there is none. */
export function orNull<T>(value: T | undefined): T | null {
  return value ?? null;
}
