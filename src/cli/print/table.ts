/** Aligned columns of text that stay within the width of the terminal. */
import { safe } from "./safe.ts";
import { paint, type Style, type Tone } from "./style.ts";
import { cutTo, displayWidth, pad } from "./width.ts";

/** One cell: text, perhaps with a tone. */
export type Cell = string | { text: string; tone: Tone | undefined };

/** One column. */
export interface Column {
  title: string;
  /** Numbers stand on the right. */
  align?: "right";
  /** The narrowest it may be cut to; a column without this is never cut. */
  least?: number;
}

const GAP = "  ";

function textOf(cell: Cell): string {
  return safe(typeof cell === "string" ? cell : cell.text);
}

/** Takes away columns from the widest that may be cut until the row fits. */
function shrink(widths: number[], columns: readonly Column[], limit: number): void {
  let over = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1) - limit;
  while (over > 0) {
    let widest = -1;
    for (const [i, column] of columns.entries()) {
      const room = (widths[i] ?? 0) - (column.least ?? Number.POSITIVE_INFINITY);
      if (room > 0 && (widest < 0 || (widths[i] ?? 0) > (widths[widest] ?? 0))) widest = i;
    }
    if (widest < 0) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
    over--;
  }
}

/**
 * Lines of a table with a title row, without an end of line. Cells are made safe for a terminal; with `style.width`
 * the columns that may be cut are, the widest first.
 */
export function table(style: Style, columns: readonly Column[], rows: readonly (readonly Cell[])[]): string[] {
  const texts = rows.map((row) => columns.map((_, i) => textOf(row[i] ?? "")));
  const widths = columns.map((column, i) =>
    Math.max(displayWidth(column.title), ...texts.map((row) => displayWidth(row[i] ?? ""))),
  );
  if (style.width !== undefined) shrink(widths, columns, style.width);
  const last = columns.length - 1;
  const line = (cells: readonly string[], tone: (i: number) => Tone | undefined) =>
    cells
      .map((cell, i) => {
        const width = widths[i] ?? 0;
        const cut = cutTo(cell, width);
        const filled =
          i === last && columns[i]?.align === undefined
            ? cut
            : pad(cut, width, columns[i]?.align === "right" ? "left" : "right");
        const chosen = tone(i);
        return chosen === undefined ? filled : paint(style, chosen, filled);
      })
      .join(GAP)
      .trimEnd();
  return [
    line(
      columns.map(({ title }) => title),
      () => "faint",
    ),
    ...texts.map((row, r) =>
      line(row, (i) => {
        const cell = rows[r]?.[i];
        return cell === undefined || typeof cell === "string" ? undefined : cell.tone;
      }),
    ),
  ];
}
