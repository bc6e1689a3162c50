/**
 * Compiles a StringMatches pattern: `*` stands for any number of characters, `\*` for a star and `\\` for a backslash.
 * Matching takes time proportional to text times pattern at worst: no backtracking into earlier stars.
 */
export function compileStringMatch(pattern: string): (text: string) => boolean {
  const parts = split(pattern);
  const first = parts[0] ?? '';
  if (parts.length === 1) return (text) => text === first;
  const last = parts.at(-1) ?? '';
  const middle = parts.slice(1, -1);
  return (text) => {
    if (text.length < first.length + last.length) return false;
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    let position = first.length;
    const end = text.length - last.length;
    for (const part of middle) {
      const at = text.indexOf(part, position);
      if (at < 0 || at + part.length > end) return false;
      position = at + part.length;
    }
    return true;
  };
}

/** The literal parts between the stars. */
function split(pattern: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? '';
    const next = pattern[at + 1];
    if (character === '\\' && (next === '*' || next === '\\')) {
      part += next;
      at++;
    } else if (character === '*') {
      parts.push(part);
      part = '';
    } else {
      part += character;
    }
  }
  parts.push(part);
  return parts;
}
