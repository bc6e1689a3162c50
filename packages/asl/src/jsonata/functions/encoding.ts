import { JsonataError } from '../jsonata-error.ts';
import type { Functions } from './define.ts';
import { define } from './define.ts';
import type { NativeFn } from '../fn.ts';

/** One of the four that JavaScript has too; a malformed text is D3140. */
function urlFunction(name: string, run: (text: string) => string): NativeFn {
  return define(1, '<s-:s>', ([text]) => {
    if (typeof text !== 'string') return undefined;
    try {
      return run(text);
    } catch {
      throw new JsonataError('D3140', { value: text, functionName: name });
    }
  });
}

/** Each character is one byte (Latin-1), as in the reference implementation. */
function encode(text: string): string {
  let binary = '';
  for (const character of text) binary += String.fromCharCode((character.codePointAt(0) ?? 0) & 0xff);
  return btoa(binary);
}

function decode(text: string): string {
  const clean = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replaceAll(/[^A-Za-z0-9+/]/g, '');
  return atob(clean.length % 4 === 1 ? clean.slice(0, -1) : clean);
}

export const ENCODING_FUNCTIONS: Functions = {
  base64encode: define(1, '<s-:s>', ([text]) => (typeof text === 'string' ? encode(text) : undefined)),
  base64decode: define(1, '<s-:s>', ([text]) => (typeof text === 'string' ? decode(text) : undefined)),
  encodeUrlComponent: urlFunction('encodeUrlComponent', encodeURIComponent),
  encodeUrl: urlFunction('encodeUrl', encodeURI),
  decodeUrlComponent: urlFunction('decodeUrlComponent', decodeURIComponent),
  decodeUrl: urlFunction('decodeUrl', decodeURI),
};
