import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { stripVTControlCharacters } from 'node:util';
import { createProgress } from './progress.ts';
import type { Screen } from './screen.ts';

let written: string[];
let nowMs: number;

const screen = (isTTY: boolean, columns = 80): Screen => ({
  write: (text) => written.push(text),
  isTTY,
  columns: () => columns,
});
const step = (states: readonly string[], rest = {}) => ({
  states,
  gap: false,
  events: 1,
  generation: 1,
  ...rest,
});

beforeEach(() => {
  written = [];
  nowMs = Date.UTC(2026, 10, 22, 11);
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('where lines cannot be painted over: a plain log', () => {
  const open = () => createProgress(screen(false), () => nowMs);

  test('each line has its time and stays', () => {
    const progress = open();
    progress.log('Deployed.');
    progress.begin('state-tour');
    progress.step('state-tour', step(['Greet', 'Which way?']));
    progress.end('state-tour', 'SUCCEEDED after 1.0 s', true);
    progress.close();
    expect(written).toEqual([
      '2026-11-22T11:00:00.000Z  Deployed.\n',
      '2026-11-22T11:00:00.000Z  state-tour                 started\n',
      '2026-11-22T11:00:00.000Z  state-tour                 Greet → Which way?\n',
      '2026-11-22T11:00:00.000Z  state-tour                 SUCCEEDED after 1.0 s\n',
    ]);
  });

  test('a busy use case writes once a second, and nothing of it is lost', () => {
    const progress = open();
    progress.step('t', step(['Read']));
    for (let i = 0; i < 9; i++) {
      nowMs += 100;
      progress.step('t', step(['Send', 'Delete'], { gap: i === 4 }));
    }
    expect(written).toHaveLength(1);
    nowMs += 100;
    progress.step('t', step([]));
    progress.step('t', step(['Send'], { generation: 3 }));
    expect(written[1]).toContain('execution 3 of the chain: Send ×10 → Delete ×9 and more\n');
    progress.step('t', step(['Last']));
    progress.end('t', 'SUCCEEDED', true);
    expect(written.slice(2).map((line) => line.slice(26).trim().split(/ {2,}/u))).toEqual([
      ['t', 'Last'],
      ['t', 'SUCCEEDED'],
    ]);
  });

  test('no control sequence is written', () => {
    const progress = open();
    progress.begin('a');
    progress.step('a', step(['S']));
    progress.end('a', 'FAILED', false);
    progress.close();
    expect(written.join('')).toBe(stripVTControlCharacters(written.join('')));
  });
});

describe('in a terminal: one line for each use case', () => {
  const shown = (): string[] =>
    stripVTControlCharacters(written.at(-1) ?? '')
      .trim()
      .split('\n')
      .map((line) => line.trim());

  test('lines say where each execution is, and are painted over', () => {
    const progress = createProgress(screen(true), () => nowMs);
    progress.begin('a');
    progress.begin('bb');
    progress.step('bb', step(['Read', 'Send'], { events: 4512 }));
    nowMs += 2000;
    vi.advanceTimersByTime(100);
    expect(shown()).toEqual(['⠙ a   starting  2.0 s', '⠙ bb  Send  2.0 s, 4,512 events']);
    expect(written.at(-1)?.startsWith('\u001B[2A')).toBe(true);
    progress.step('bb', step(['Prepare'], { generation: 2, events: 3 }));
    progress.end('a', 'SUCCEEDED', true);
    expect(shown()).toEqual(['✔ a   SUCCEEDED', '⠙ bb  Prepare (execution 2 of the chain)  2.0 s']);
    progress.end('bb', 'FAILED', false);
    expect(shown()[1]).toBe('✘ bb  FAILED');
    progress.close();
    const before = written.length;
    vi.advanceTimersByTime(1000);
    expect(written).toHaveLength(before);
  });

  test('what takes a while has a line as long as it takes', () => {
    const progress = createProgress(screen(true), () => nowMs);
    const done = progress.busy('Synthesising');
    nowMs += 3000;
    vi.advanceTimersByTime(100);
    expect(shown()).toEqual(['⠙ Synthesising  3.0 s']);
    done();
    expect(shown()).toEqual(['']);
    progress.close();
  });

  test('what is logged goes above the lines', () => {
    const progress = createProgress(screen(true), () => nowMs);
    progress.begin('a');
    progress.log('Something happened.');
    expect(shown()).toEqual(['Something happened.', '⠋ a  starting  0 ms']);
    progress.close();
  });

  test('a line never wraps: it would no longer be painted over', () => {
    const progress = createProgress(screen(true, 20), () => nowMs);
    progress.begin('a');
    progress.step('a', step(['A state with quite a long name']));
    vi.advanceTimersByTime(100);
    expect(shown()[0]).toHaveLength(19);
    progress.close();
  });
});
