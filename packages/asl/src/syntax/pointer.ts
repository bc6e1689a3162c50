/** Appends one reference token to a JSON pointer (RFC 6901). */
export function appendPointer(pointer: string, token: string | number): string {
  const text = typeof token === 'number' ? String(token) : token.replaceAll('~', '~0').replaceAll('/', '~1');
  return `${pointer}/${text}`;
}

/** The reference tokens of a JSON pointer, unescaped; `''` has none. */
export function pointerTokens(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(pointer.startsWith('/') ? 1 : 0)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}
