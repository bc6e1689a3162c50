/**
 * Fn::Cidr for IPv4: the first `count` blocks of `bits` host bits within a block; undefined when they do not fit or the
 * arguments make no sense.
 */
export function cidrBlocks(block: string, count: number, bits: number): readonly string[] | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/u.exec(block);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  const fits = Number.isInteger(count) && count >= 1 && count <= 256 && Number.isInteger(bits) && bits >= 0;
  if (!fits || prefix > 32 || bits > 32 - prefix || count > 2 ** (32 - prefix - bits)) return undefined;
  if ([a, b, c, d].some((part) => part > 255)) return undefined;
  const size = 2 ** (32 - prefix);
  const base = Math.floor((a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / size) * size;
  return Array.from({ length: count }, (_item, index) => {
    const start = base + index * 2 ** bits;
    const parts = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256);
    return `${parts.join('.')}/${32 - bits}`;
  });
}
