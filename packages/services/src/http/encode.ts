import { isArray, isObject, type Json } from '@stepyard/asl';
import { asText } from '../member.ts';

/** How the items of a list are written in a form. */
export type ArrayFormat = 'INDICES' | 'REPEAT' | 'COMMAS' | 'BRACKETS';

export const ARRAY_FORMATS: ReadonlySet<string> = new Set(['INDICES', 'REPEAT', 'COMMAS', 'BRACKETS']);

/** Deeper forms are cut off by every server that reads one. */
const DEPTH_MAX = 64;

/**
 * JSON as form fields: `metadata%5Border%5D=a%20b`.
 * https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html#url-encode-request-body
 */
export function encodeForm(value: Json, format: ArrayFormat): string {
  const fields: string[] = [];
  const put = (key: string, item: Json, depth: number): void => {
    if (depth > DEPTH_MAX) return;
    if (isArray(item)) putList(key, item, depth);
    else if (isObject(item)) {
      for (const [name, inner] of Object.entries(item))
        put(key === '' ? name : `${key}[${name}]`, inner, depth + 1);
    } else fields.push(`${encodeURIComponent(key)}=${encodeURIComponent(scalar(item))}`);
  };
  const putList = (key: string, items: readonly Json[], depth: number): void => {
    if (format === 'COMMAS') {
      const list = items.map((item) => encodeURIComponent(scalar(item))).join(',');
      fields.push(`${encodeURIComponent(key)}=${list}`);
      return;
    }
    for (const [index, item] of items.entries()) put(`${key}${suffix(format, index)}`, item, depth + 1);
  };
  put('', value, 0);
  return fields.join('&');
}

function suffix(format: ArrayFormat, index: number): string {
  if (format === 'INDICES') return `[${index}]`;
  return format === 'BRACKETS' ? '[]' : '';
}

function scalar(value: Json): string {
  return value === null ? '' : asText(value);
}
