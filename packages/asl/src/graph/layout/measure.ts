/** Widths of text without a font at hand: generous, so that what is drawn with any usual sans-serif font fits. */

const NARROW = /[ijltfrI.,:;'"`|!()[\]{} \-/\\]/u;
const WIDE = /[mwMW@%&\u2014]/u;
const CAPITAL = /[A-Z0-9#$+<>=~_?*^\u2026]/u;
/** From Hangul on, characters fill the square. */
const FULL_WIDTH_FROM = 0x11_00;

/** Width in em of one character. */
function em(character: string): number {
  if (NARROW.test(character)) return 0.4;
  if (WIDE.test(character)) return 0.96;
  if (CAPITAL.test(character)) return 0.7;
  const code = character.codePointAt(0) ?? 0;
  if (code < FULL_WIDTH_FROM || (code >= 0x20_00 && code < 0x20_70)) return 0.62;
  return 1.1;
}

const ASCII_WIDTHS = Array.from({ length: 128 }, (_, code) => em(String.fromCodePoint(code)));

/** Width of one line in pixels at a font size in pixels. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) {
    width += (character.length === 1 ? ASCII_WIDTHS[character.charCodeAt(0)] : undefined) ?? em(character);
  }
  return Math.ceil(width * fontSize);
}

/** Most names: nothing in them needs to be looked at character by character. */
const PLAIN = /^[!-~]{1,30}(?: [!-~]{1,30}){0,4}$/u;

/** A name longer than this is cut before it is measured; it is shown whole in the drawing's title. */
const CHARACTERS_MAX = 160;

/**
 * Breaks a name into lines of at most `widthMax` pixels, after spaces and signs or before a capital within a word; when there
 * are too many lines, the last ends in an ellipsis.
 */
export function wrapText(text: string, fontSize: number, widthMax: number, linesMax: number): string[] {
  if (PLAIN.test(text) && textWidth(text, fontSize) <= widthMax) return [text];
  const characters = Array.from(text.slice(0, CHARACTERS_MAX * 2));
  const cut = characters.slice(0, CHARACTERS_MAX).join('').replaceAll(/\s+/gu, ' ').trim();
  const isCut = characters.length > CHARACTERS_MAX || text.length > CHARACTERS_MAX * 2;
  if (!isCut && textWidth(cut, fontSize) <= widthMax) return [cut];
  const words = cut.split(/(?<=[\s_\-./:,])|(?<=[\p{Ll}\d])(?=\p{Lu})/u);
  const lines: string[] = [''];
  for (const word of words.flatMap((long) => pieces(long, fontSize, widthMax))) {
    const line = lines.at(-1) ?? '';
    if (textWidth((line + word).trimEnd(), fontSize) <= widthMax) lines[lines.length - 1] = line + word;
    else lines.push(word);
  }
  const trimmed = lines.map((line) => line.trim()).filter((line) => line !== '');
  if (trimmed.length <= linesMax && !isCut) return trimmed.length === 0 ? [''] : trimmed;
  const kept = trimmed.slice(0, linesMax);
  kept[kept.length - 1] = shortened(kept.at(-1) ?? '', fontSize, widthMax);
  return kept;
}

/** A word wider than a line, in pieces that fit. */
function pieces(word: string, fontSize: number, widthMax: number): string[] {
  if (textWidth(word.trimEnd(), fontSize) <= widthMax) return [word];
  const result = [''];
  for (const character of word) {
    const piece = (result.at(-1) ?? '') + character;
    if (textWidth(piece, fontSize) <= widthMax) result[result.length - 1] = piece;
    else result.push(character);
  }
  return result;
}

function shortened(line: string, fontSize: number, widthMax: number): string {
  const characters = Array.from(line);
  while (characters.length > 0 && textWidth(`${characters.join('')}…`, fontSize) > widthMax) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}
