import { expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from './base64.ts';

test('goes there and back in UTF-8', () => {
  expect(encodeBase64('Data to encode')).toBe('RGF0YSB0byBlbmNvZGU=');
  expect(decodeBase64(encodeBase64('\u0000ü✓🚀'))).toBe('\u0000ü✓🚀');
});

test.each(['a', '!!!!', 'YQ===', '/w=='])('%s is no text in Base64', (text) => {
  expect(decodeBase64(text)).toBeUndefined();
});
