import { decodeBase64, encodeBase64 } from '../base64.ts';
import { hashText } from '../hash.ts';
import type { Json } from '../json.ts';
import { isArray, isObject, setOwn } from '../json.ts';
import { parseJson } from '../parse-json.ts';
import type { IntrinsicFunction } from './function.ts';
import { withArity } from './function.ts';

/** Most characters that the Base64 and hash functions take (AWS's documented limit). */
export const TEXT_LENGTH_MAX = 10_000;

/** Java's `toString` of a value, which is what States.Format puts in: a map is `{a=1, b=[x, y]}`. */
function javaText(value: Json): string {
  if (typeof value === 'string') return value;
  if (isArray(value)) return `[${value.map(javaText).join(', ')}]`;
  if (!isObject(value)) return String(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}=${javaText(item)}`)
    .join(', ')}}`;
}

/** `{}` takes the next argument; a backslash takes the character after it as it is. All arguments must be used. */
const format: IntrinsicFunction = ([template, ...values]) => {
  if (typeof template !== 'string') return undefined;
  let text = '';
  let used = 0;
  for (let at = 0; at < template.length; at++) {
    const character = template[at] ?? '';
    const next = template[at + 1] ?? '';
    if (character === '\\' && (next === '{' || next === '}' || next === '\\')) {
      text += next;
      at++;
    } else if (character === '{' && next === '}') {
      const value = values[used++];
      if (value === undefined) return undefined;
      text += javaText(value);
      at++;
    } else if (character === '{' || character === '}') {
      return undefined;
    } else {
      text += character;
    }
  }
  return used === values.length ? text : undefined;
};

/** Every character of the splitter separates, and empty parts are dropped (recorded). */
const stringSplit: IntrinsicFunction = ([text, splitter]) => {
  if (typeof text !== 'string' || typeof splitter !== 'string') return undefined;
  const separators = new Set(splitter);
  const parts: string[] = [];
  let part = '';
  for (const character of text) {
    if (!separators.has(character)) part += character;
    else if (part !== '') {
      parts.push(part);
      part = '';
    }
  }
  if (part !== '') parts.push(part);
  return parts;
};

/** A blank text is null, and `-0` is 0 (recorded). */
const stringToJson: IntrinsicFunction = ([text]) => {
  if (typeof text !== 'string') return undefined;
  return text.trim() === '' ? null : parseJson(text);
};

const jsonMerge: IntrinsicFunction = ([left, right, deep]) => {
  if (!isObject(left) || !isObject(right) || deep === true) return undefined;
  const merged: Record<string, Json> = {};
  for (const source of [left, right]) {
    for (const [key, value] of Object.entries(source)) setOwn(merged, key, value);
  }
  return merged;
};

function limitedText(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value.length <= TEXT_LENGTH_MAX ? value : undefined;
}

/** AWS hashes the JSON text of anything that is no string. */
const hash: IntrinsicFunction = ([data, algorithm]) => {
  if (data === undefined || typeof algorithm !== 'string') return undefined;
  const text = limitedText(typeof data === 'string' ? data : JSON.stringify(data));
  return text === undefined ? undefined : hashText(text, algorithm);
};

const base64Encode: IntrinsicFunction = ([text]) => {
  const limited = limitedText(text);
  return limited === undefined ? undefined : encodeBase64(limited);
};

const base64Decode: IntrinsicFunction = ([text]) => {
  const limited = limitedText(text);
  return limited === undefined ? undefined : decodeBase64(limited);
};

export const TEXT_FUNCTIONS: Readonly<Record<string, IntrinsicFunction>> = {
  'States.Format': withArity(1, Infinity, format),
  'States.StringSplit': withArity(2, 2, stringSplit),
  'States.StringToJson': withArity(1, 1, stringToJson),
  'States.JsonToString': withArity(1, 1, ([value]) => JSON.stringify(value)),
  'States.JsonMerge': withArity(3, 3, jsonMerge),
  'States.Base64Encode': withArity(1, 1, base64Encode),
  'States.Base64Decode': withArity(1, 1, base64Decode),
  'States.Hash': withArity(2, 2, hash),
};
