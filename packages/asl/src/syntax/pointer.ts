/** Appends one reference token to a JSON pointer (RFC 6901). */
export function appendPointer(pointer: string, token: string | number): string {
  if (typeof token === 'number' || !(token.includes('/') || token.includes('~')))
    return `${pointer}/${token}`;
  return `${pointer}/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The reference tokens of a JSON pointer, unescaped; `''` has none. */
export function pointerTokens(pointer: string): string[] {
  if (pointer === '') return [];
  const tokens = pointer.slice(pointer.startsWith('/') ? 1 : 0).split('/');
  if (!pointer.includes('~')) return tokens;
  return tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}
