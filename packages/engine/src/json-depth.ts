/** How deep JSON from outside may be nested; deeper would overflow the stack of whoever walks it. As in AWS's own parser. */
export const JSON_DEPTH_MAX = 1000;

/** An upper bound of the nesting of JSON text, without parsing it: brackets outside of strings. */
export function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const char = text[index];
    if (inString) {
      if (char === '\\') index++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth);
    else if (char === '}' || char === ']') depth--;
  }
  return deepest;
}
