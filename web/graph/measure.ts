/** Width of text as this browser draws it, so that boxes fit their words. */

let context: CanvasRenderingContext2D | null | undefined;
const widths = new Map<string, number>();

/** Pixels of a text in 12 px of the page's face. */
export function textWidth(text: string, weight = 400): number {
  const key = `${weight} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  context ??= document.createElement("canvas").getContext("2d");
  if (context) context.font = `${weight} 12px ${getComputedStyle(document.body).fontFamily}`;
  const width = context ? context.measureText(text).width : text.length * 7;
  widths.set(key, width);
  return width;
}

const LONGEST = 220;

/** The text, cut in the middle where it is wider than a box may be: the ends of task names tell them apart. */
export function fitted(text: string): string {
  if (textWidth(text, 600) <= LONGEST) return text;
  let keep = text.length - 1;
  const cut = (length: number) =>
    `${text.slice(0, Math.ceil(length / 2))}…${text.slice(text.length - Math.floor(length / 2))}`;
  while (keep > 4 && textWidth(cut(keep), 600) > LONGEST) keep -= 1;
  return cut(keep);
}
