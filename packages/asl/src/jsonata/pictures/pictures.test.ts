import { describe, expect, test } from 'vitest';
import { environment } from '../../environment.fixture.ts';
import type { Json } from '../../json.ts';
import { compileJsonata } from '../compile-jsonata.ts';
import { JsonataError } from '../jsonata-error.ts';
import { fromRoman, toRoman } from './numerals.ts';
import { fromWords, toWords } from './words.ts';

const NOW_MS = Date.UTC(2018, 2, 27, 14, 3, 0, 123);
const run = (text: string): Json | undefined =>
  compileJsonata(text).evaluate(environment({ nowMs: NOW_MS, document: { ms: NOW_MS } }));

function codeOf(text: string): string | undefined {
  try {
    run(text);
  } catch (error) {
    return error instanceof JsonataError ? error.code : String(error);
  }
  return undefined;
}

describe('integers', () => {
  test.each([
    ['$formatInteger(1234567, "#,##0")', '1,234,567'],
    ['$formatInteger(1234, "##,#0")', '12,34'],
    ['$formatInteger(123456, "#-##,#0")', '12-34,56'],
    ['$formatInteger(21, "1;o")', '21st'],
    ['$formatInteger(112, "1;o")', '112th'],
    ['$formatInteger(42, "000")', '042'],
    ['$formatInteger(12, "٠")', '١٢'],
    ['$formatInteger(27, "A")', 'AA'],
    ['$formatInteger(1994, "I")', 'MCMXCIV'],
    ['$formatInteger(555, "w")', 'five hundred and fifty-five'],
    ['$formatInteger(1e9, "Ww;o")', 'One Billionth'],
    ['$formatInteger(-3, "w")', '-three'],
  ])('%s', (text, expected) => {
    expect(run(text)).toBe(expected);
  });

  test.each([
    ['$parseInteger("1,234", "#,##0")', 1234],
    ['$parseInteger("mcmxciv", "i")', 1994],
    ['$parseInteger("aa", "a")', 27],
    ['$parseInteger("two thousand and twenty-first", "w;o")', 2021],
    ['$parseInteger("22nd", "1;o")', 22],
  ])('%s', (text, expected) => {
    expect(run(text)).toBe(expected);
  });

  test('go there and back', () => {
    for (let value = 1; value < 3000; value += 7) {
      expect(fromRoman(toRoman(value) ?? '')).toBe(value);
      expect(fromWords(toWords(value * 1009, false).toLowerCase())).toBe(value * 1009);
    }
  });

  test.each([
    ['$formatInteger(1, "#x")', 'D3130'],
    ['$formatInteger(1, "1٠")', 'D3131'],
  ])('%s is %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });
});

describe('numbers', () => {
  test.each([
    ['$formatNumber(12345.6, "#,###.00")', '12,345.60'],
    ['$formatNumber(1234.5678e3, "00.000e0")', '12.346e5'],
    ['$formatNumber(0.14, "01%")', '14%'],
    ['$formatNumber(-6, "000")', '-006'],
    ['$formatNumber(-6, "000;(000)")', '(006)'],
    ['$formatNumber(0, "0e0")', '0e0'],
    ['$formatNumber(0.5, "#.##")', '.5'],
    ['$formatNumber(1234.5, "#.##0,00", {"decimal-separator": ",", "grouping-separator": "."})', '1.234,50'],
  ])('%s', (text, expected) => {
    expect(run(text)).toBe(expected);
  });

  test.each([
    ['$formatNumber(1, "0;0;0")', 'D3080'],
    ['$formatNumber(1, "0.0.0")', 'D3081'],
    ['$formatNumber(1, "0%%")', 'D3082'],
    ['$formatNumber(1, "0‰%")', 'D3084'],
    ['$formatNumber(1, "0a0")', 'D3086'],
    ['$formatNumber(1, "0,,0")', 'D3089'],
    ['$formatNumber(1, "0#")', 'D3090'],
    ['$formatNumber(1, "0.#0")', 'D3091'],
    ['$formatNumber(1, "0e#")', 'D3093'],
  ])('%s is %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });
});

describe('dates', () => {
  test.each([
    ['$fromMillis($states.input.ms)', '2018-03-27T14:03:00.123Z'],
    ['$now("[D1o] [MNn] [Y0001], [h]:[m] [P]", "-0500")', '27th March 2018, 9:03 am'],
    ['$now("[FNn,*-3] W[W01] of [X], [w] of [x], day [d]")', 'Tue W13 of 2018, 5 of 3, day 86'],
    ['$now("[[[Y]]] [Z] [z] [Z0101t] [C] [E]")', '[2018] +00:00 GMT+00:00 Z ISO ISO'],
    ['$now("[YI] [Mi] [Dw] [H01]:[m01]:[s01].[f001]")', 'MMXVIII iii twenty-seven 14:03:00.123'],
    ['$fromMillis(0, "[Y01]")', '70'],
  ])('%s', (text, expected) => {
    expect(run(text)).toBe(expected);
  });

  test.each([
    ['$toMillis("2018-03-27T14:03:00.123Z")', NOW_MS],
    ['$toMillis("2018-03-27")', Date.UTC(2018, 2, 27)],
    ['$toMillis("2018-03-27T14:03:00")', Date.UTC(2018, 2, 27, 14, 3)],
    ['$toMillis("27th March 2018", "[D1o] [MNn] [Y]")', Date.UTC(2018, 2, 27)],
    ['$toMillis("2018-086", "[Y0001]-[d001]")', Date.UTC(2018, 2, 27)],
    ['$toMillis("11:30 pm", "[h]:[m] [P]")', Date.UTC(2018, 2, 27, 23, 30)],
    ['$toMillis("20240101123849", "[Y0000][M00][D00][H00][m00][s00]")', Date.UTC(2024, 0, 1, 12, 38, 49)],
    ['$toMillis("2020-09-09 12:00 +05:30", "[Y]-[M]-[D] [H]:[m] [Z]")', Date.UTC(2020, 8, 9, 6, 30)],
    ['$toMillis("no date", "[Y]")', undefined],
  ])('%s', (text, expected) => {
    expect(run(text)).toBe(expected);
  });

  test.each([
    ['$toMillis("yesterday")', 'D3110'],
    ['$now("[q]")', 'D3132'],
    ['$now("[YN]")', 'D3133'],
    ['$now("[Y")', 'D3135'],
    ['$toMillis("2018-22", "[Y]-[D]")', 'D3136'],
    ['$now("[Z00000]")', 'D3134'],
  ])('%s is %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });
});
