import { expect, test } from 'vitest';
import { LINE_CHARACTERS_MAX, LOG_CHARACTERS_MAX, LogBuffer } from './log-buffer.ts';

function messages(log: LogBuffer): readonly string[] {
  return log.lines().map((line) => line.message);
}

test('cuts output into lines, wherever the pieces end', () => {
  const heard: string[] = [];
  const log = new LogBuffer(
    () => 5,
    (line) => heard.push(line.message),
  );
  const bytes = Buffer.from('one\r\n\ngrün\nlast');
  for (const byte of bytes) log.write(Buffer.from([byte]));
  expect(messages(log)).toEqual(['one', '', 'grün']);
  log.end();
  expect(log.lines().at(-1)).toEqual({ timestampMs: 5, message: 'last' });
  expect(heard).toEqual(['one', '', 'grün', 'last']);
});

test('a line longer than the limit becomes several', () => {
  const log = new LogBuffer(Date.now);
  log.write(Buffer.from('x'.repeat(LINE_CHARACTERS_MAX + 1)));
  log.end();
  expect(messages(log).map((message) => message.length)).toEqual([LINE_CHARACTERS_MAX, 1]);
});

test('keeps the newest lines within the limit', () => {
  const log = new LogBuffer(Date.now);
  const line = 'x'.repeat(1_023);
  const fits = LOG_CHARACTERS_MAX / 1_024;
  for (let i = 0; i < fits; i += 1) log.write(Buffer.from(`${line}\n`));
  expect([log.lines().length, log.dropped]).toEqual([fits, 0]);
  log.write(Buffer.from('new\n'));
  expect([log.lines().length, log.dropped, messages(log).at(-1)]).toEqual([fits, 1, 'new']);
});
