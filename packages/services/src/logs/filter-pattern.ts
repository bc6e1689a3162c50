import { apiError, refuseFeature } from '../service.ts';

const PATTERN_LENGTH_MAX = 1024;
const TOKEN = /\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/uy;

/**
 * Compiles a filter pattern of terms: all of them must be in the message, one of those with `?`, none of those with `-`. Patterns for
 * JSON (`{ $.level = "x" }`), fields (`[a, b]`) and regular expressions are refused by name.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function compileFilterPattern(pattern: string): (message: string) => boolean {
  if (pattern.length > PATTERN_LENGTH_MAX) {
    throw apiError(
      'cloudwatchlogs',
      'InvalidParameterException',
      `The filter pattern is longer than ${PATTERN_LENGTH_MAX} characters.`,
    );
  }
  const text = pattern.trim();
  if (/^[{[%]/u.test(text)) {
    throw refuseFeature('cloudwatchlogs', 'FilterLogEvents', 'filter patterns other than terms');
  }
  const all: string[] = [];
  const any: string[] = [];
  const none: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) {
      throw apiError('cloudwatchlogs', 'InvalidParameterException', 'Invalid filter pattern');
    }
    const [, sign, quoted, bare = ''] = match;
    const term = quoted === undefined ? bare : quoted.replaceAll(/\\(.)/gu, '$1');
    if (sign === '?') any.push(term);
    else if (sign === '-') none.push(term);
    else all.push(term);
  }
  return (message) =>
    all.every((term) => message.includes(term)) &&
    (any.length === 0 || all.length > 0 || any.some((term) => message.includes(term))) &&
    !none.some((term) => message.includes(term));
}
