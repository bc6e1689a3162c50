/** JSON as text: laid out anew without being read as values, so that big numbers and the order of keys stay as they are. */

const INDENT = '  ';
/** Short lists and objects without others inside stay on one line. */
const ONE_LINE_MAX = 72;

/** Lays JSON text out in lines. Never throws: what is no JSON, or is cut off, comes out with all its characters but white space. */
export function formatJson(text: string): string {
  const tokens = text.match(/"(?:[^"\\]|\\[\s\S])*"?|[{}[\],:]|[^\s"{}[\],:]+/gu) ?? [];
  const lines: string[] = [];
  let line = '';
  let depth = 0;
  const flush = (): void => {
    lines.push(line);
    line = INDENT.repeat(depth);
  };
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    if (token === '{' || token === '[') {
      const short = shortGroup(tokens, at);
      if (short !== undefined && line.length + short.text.length <= ONE_LINE_MAX) {
        line += short.text;
        at = short.end;
        continue;
      }
      line += token;
      depth += 1;
      flush();
    } else if (token === '}' || token === ']') {
      depth = Math.max(0, depth - 1);
      if (line.trim() !== '') flush();
      else line = INDENT.repeat(depth);
      line += token;
    } else if (token === ',') {
      line += token;
      flush();
    } else line += token === ':' ? ': ' : token;
  }
  if (line.trim() !== '') lines.push(line);
  return lines.join('\n');
}

const SHORT_TOKENS_MAX = 24;

/** A list or object that has no others inside, written in one line; undefined when it is no such, or too long. */
function shortGroup(
  tokens: readonly string[],
  start: number,
): { readonly text: string; readonly end: number } | undefined {
  let text = tokens[start] ?? '';
  for (let at = start + 1; at < tokens.length && at - start <= SHORT_TOKENS_MAX; at += 1) {
    const token = tokens[at] ?? '';
    if (token === '{' || token === '[') return undefined;
    if (token === '}' || token === ']') {
      const isEmpty = at === start + 1;
      const isObject = token === '}';
      return { text: isEmpty || !isObject ? text + token : `${text} ${token}`, end: at };
    }
    const isFirst = at === start + 1;
    if (isFirst && tokens[start] === '{') text += ' ';
    text += token === ',' ? ', ' : token === ':' ? ': ' : token;
  }
  return undefined;
}

/** Why a text is no JSON, in a sentence; undefined when it is. */
export function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
