/**
 * Text in a terminal: how wide it is, how to fit it into a given width, how to colour it.
 *
 * @module
 */

/** What a style is called in the pictures; each is one SGR code, so it follows the user's theme. */
export const STYLES = {
  none: "",
  output: "33",
  input: "36",
  serial: "35",
  wait: "90",
  run: "92",
  finished: "32",
  failed: "91",
  cancelled: "33",
  faint: "90",
} as const;

/** The name of a style. */
export type Style = keyof typeof STYLES;

/** Puts `text` into a style, or leaves it alone where there is no colour. */
export function paint(text: string, style: Style, color: boolean): string {
  const code = STYLES[style];
  return color && code !== "" && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text;
}

const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const EMOJI = /^\p{Emoji_Presentation}$/u;

/** First and last code points of the blocks that East Asian fonts draw two cells wide. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
];

/** Tells how many terminal cells one code point takes: 0, 1 or 2. */
export function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return 0;
  if (code < 0x300) return 1;
  if (ZERO_WIDTH.test(character)) return 0;
  if (WIDE.some(([first, last]) => code >= first && code <= last)) return 2;
  return EMOJI.test(character) ? 2 : 1;
}

/** Tells how many terminal cells `text` takes. It must hold no escape sequences. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/**
 * Cuts `text` to at most `width` cells, with `…` where something is missing. A wide character that
 * would stick out is left off, so the result can be a cell narrower.
 */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return "";
  let result = "";
  let used = 1;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) break;
    result += character;
  }
  return result + "…";
}

/** Cuts or pads `text` to exactly `width` cells. */
export function fit(text: string, width: number): string {
  return pad(cut(text, width), width);
}

/** Pads `text` to at least `width` cells. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

const COLOUR_CODE = /\p{Cc}\[[0-9;]*m/gu;
const CONTROL = /\p{Cc}/gu;

/**
 * Makes what a program wrote safe to show on one line: colour codes go, a line end becomes `↵`
 * (none at the end of the text), any other control character `·`.
 */
export function visible(text: string): string {
  return printable(text.replace(/[\r\n]+$/, "").replace(/\r?\n/g, "↵"));
}

/** Makes a line that a program printed safe for a terminal: no codes, no other control characters. */
export function printable(line: string): string {
  return line.replace(COLOUR_CODE, "").replace(/\r$/, "").replaceAll("\t", "  ")
    .replace(CONTROL, "·");
}

/** Writes a time in ms as seconds with three decimals: `1.250 s`. */
export function seconds(time: number): string {
  return `${(time / 1000).toFixed(3)} s`;
}

/** Writes a share of 1 as a percentage without decimals: `62 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Writes a frequency in hertz with at most three significant decimals: `490 Hz`, `0.5 Hz`. */
export function hertz(frequency: number): string {
  return `${Number(frequency.toPrecision(frequency >= 1000 ? 6 : 3))} Hz`;
}
