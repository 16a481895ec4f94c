/** How many terminal columns a text takes, and how it is cut to cutTo. */

/** Characters that take two columns: East Asian wide and full-width forms, and emoji shown as pictures (Unicode UAX #11). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;

/** Marks that are drawn over the character before them. */
const NARROW_ONLY = /^[\p{Mark}\u200c\u200d]+$/u;
const ASCII = /^[\u0020-\u007e]*$/;

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

function graphemeWidth(grapheme: string): number {
  if (NARROW_ONLY.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

/** Columns of a text without control characters. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** The text cut to so many columns, its last one an ellipsis where something was cut. Graphemes stay whole. */
export function cutTo(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let cut = "";
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    width += graphemeWidth(segment);
    if (width > columns - 1) break;
    cut += segment;
  }
  return columns < 1 ? "" : `${cut}…`;
}

/** The text filled up with blanks to so many columns, on the right or (for numbers) on the left. */
export function pad(text: string, columns: number, side: "left" | "right" = "right"): string {
  const blanks = " ".repeat(Math.max(0, columns - displayWidth(text)));
  return side === "right" ? text + blanks : blanks + text;
}
