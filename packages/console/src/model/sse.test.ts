import { expect, test } from 'vitest';
import { eventReader } from './sse.ts';

const TEXT = ': hello\n\nid: 7\nevent: executions\ndata: [1,\ndata: 2]\n\ndata:x\r\n\r\nevent: none\n\n';

test('events are the same however the text is cut', () => {
  const whole = eventReader()(TEXT);
  expect(whole).toEqual([
    { event: 'executions', data: '[1,\n2]', id: '7' },
    { event: 'message', data: 'x', id: '7' },
  ]);
  for (let size = 1; size < TEXT.length; size += 1) {
    const read = eventReader();
    const pieces = TEXT.match(new RegExp(`[\\s\\S]{1,${size}}`, 'gu')) ?? [];
    expect(pieces.flatMap((piece) => [...read(piece)])).toEqual(whole);
  }
});
