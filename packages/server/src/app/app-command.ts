import { UserError } from '../user-error.ts';

/**
 * Splits cdk.json's `app` command into arguments as a shell would, without one: words, single and double quotes, backslashes.
 * What only a shell could do (pipes, variables, globs and so on) is refused by name. Throws {@link UserError}.
 */
export function splitCommand(command: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let i = 0; i < command.length; i++) {
    const char = command.charAt(i);
    if (quote === "'") {
      if (char === quote) quote = undefined;
      else word += char;
    } else if (char === '\\') {
      const next = command.charAt(i + 1);
      const isLiteral = quote === '"' && !'"\\$`'.includes(next);
      word = (word ?? '') + (isLiteral ? char : next);
      if (!isLiteral) i += 1;
    } else if (char === quote) {
      quote = undefined;
    } else if (quote === undefined && (char === '"' || char === "'")) {
      quote = char;
      word ??= '';
    } else if (quote === undefined && /\s/u.test(char)) {
      if (char === '\n') throw shellOnly(command, 'a line break');
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      refuseMetacharacter(command, char, quote === '"', word === undefined);
      word = (word ?? '') + char;
    }
  }
  if (quote !== undefined)
    throw new UserError(
      `The app command ${JSON.stringify(command)} has an open ${quote} quote: close it in cdk.json.`,
    );
  if (word !== undefined) words.push(word);
  if (words.length > 0 && /^\w+=/u.test(words[0] ?? ''))
    throw shellOnly(command, 'a variable assignment before the command');
  return words;
}

const ALWAYS: ReadonlyMap<string, string> = new Map([
  ['$', 'a variable or substitution ($)'],
  ['`', 'a command substitution (`)'],
]);
const UNQUOTED: ReadonlyMap<string, string> = new Map([
  ['|', 'a pipe (|)'],
  ['&', 'a second command (&)'],
  [';', 'a second command (;)'],
  ['<', 'a redirection (<)'],
  ['>', 'a redirection (>)'],
  ['(', 'a subshell (()'],
  [')', 'a subshell ())'],
  ['*', 'a file pattern (*)'],
  ['?', 'a file pattern (?)'],
  ['[', 'a file pattern ([)'],
  ['{', 'a brace expansion ({)'],
]);
const AT_WORD_START: ReadonlyMap<string, string> = new Map([
  ['~', 'a home directory (~)'],
  ['#', 'a comment (#)'],
  ['!', 'a negation (!)'],
]);

function refuseMetacharacter(command: string, char: string, isQuoted: boolean, isStart: boolean): void {
  const name =
    ALWAYS.get(char) ??
    (isQuoted ? undefined : (UNQUOTED.get(char) ?? (isStart ? AT_WORD_START.get(char) : undefined)));
  if (name !== undefined) throw shellOnly(command, name);
}

function shellOnly(command: string, what: string): UserError {
  return new UserError(
    `The app command ${JSON.stringify(command)} in cdk.json needs a shell because of ${what}, and Stepyard starts it without one: ` +
      'put it into a script, or synthesise it yourself and use --assembly.',
  );
}
