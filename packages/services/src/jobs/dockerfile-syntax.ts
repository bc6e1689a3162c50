/** One instruction with its continuation lines joined. */
export interface Instruction {
  /** Upper case: `COPY`. */
  readonly name: string;
  readonly rest: string;
  /** 1-based line of its first word. */
  readonly line: number;
}

/** Longest Dockerfile that is read. */
export const DOCKERFILE_BYTES_MAX = 1_048_576;

/** Splits a Dockerfile into instructions. Throws an Error that names the line for what it cannot read. */
export function parseInstructions(text: string): readonly Instruction[] {
  if (Buffer.byteLength(text) > DOCKERFILE_BYTES_MAX) {
    throw new Error(`the Dockerfile is longer than ${DOCKERFILE_BYTES_MAX} bytes`);
  }
  const instructions: Instruction[] = [];
  let pending = '';
  let firstLine = 0;
  const lines = text.split(/\r?\n/u);
  for (const [index, raw] of lines.entries()) {
    // A comment or an empty line may stand between continuation lines too.
    if (/^\s*(?:#|$)/u.test(raw)) continue;
    if (pending === '') firstLine = index + 1;
    const continued = /\\\s*$/u.test(raw);
    pending += continued ? `${raw.replace(/\\\s*$/u, '')} ` : raw;
    if (continued && index < lines.length - 1) continue;
    instructions.push(readInstruction(pending.trim(), firstLine));
    pending = '';
  }
  if (pending.trim() !== '') instructions.push(readInstruction(pending.trim(), firstLine));
  return instructions;
}

function readInstruction(text: string, line: number): Instruction {
  const match = /^([A-Za-z]+)\s+(\S.*)$/su.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new Error(`Dockerfile line ${line} is no instruction: ${text.slice(0, 80)}`);
  }
  if (/<<-?["']?\w/u.test(match[2]))
    throw new Error(`Dockerfile line ${line}: here-documents are not supported`);
  return { name: match[1].toUpperCase(), rest: match[2].trim(), line };
}

/** Words separated by blanks; quotes group and are taken away. */
export function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charAt(i);
    if (quote !== undefined) {
      if (char === quote) quote = undefined;
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === ' ' || char === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === '\\' && i + 1 < text.length) {
      i += 1;
      // An escaped dollar sign stays escaped for `substitute`, which comes later.
      word = (word ?? '') + (text.charAt(i) === '$' ? '\\$' : text.charAt(i));
    } else {
      word = (word ?? '') + char;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** Replaces `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+text}`; an unknown name is empty, as docker has it. */
export function substitute(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(
    /\\\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::([-+])([^}]*))?\})/gu,
    (whole, plain?: string, braced?: string, operator?: string, other?: string) => {
      if (whole === '\\$') return '$';
      const value = variables.get(plain ?? braced ?? '') ?? '';
      if (operator === '-') return value === '' ? (other ?? '') : value;
      if (operator === '+') return value === '' ? '' : (other ?? '');
      return value;
    },
  );
}
