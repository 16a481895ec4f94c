/** Rows of a table of declarations with what is wrong in each, by cell. Pure. */
import type { Problem } from "../model/problem.ts";
import type { SourceRows } from "../sources/job-source.ts";
import type { CellProblem, TableView } from "./room.ts";

/** Puts each fault to its row and column by its place (`TABLE[LABEL].COLUMN`); rows of one label share it. */
export function tableView(
  source: string,
  { table, columns, rows }: SourceRows,
  problems: readonly Problem[],
): TableView {
  const byLabel = new Map<string, CellProblem[]>();
  for (const { place, severity, code, message, hint = null } of problems) {
    if (!place?.file.startsWith(`${table}[`)) continue;
    const end = place.file.lastIndexOf("]");
    const label = place.file.slice(table.length + 1, end);
    const column = place.file.slice(end + 2);
    const known = byLabel.get(label) ?? [];
    known.push({ severity, code, message, hint, column: columns.includes(column) ? column : null });
    byLabel.set(label, known);
  }
  return { source, table, columns, rows: rows.map((row) => ({ ...row, problems: byLabel.get(row.label) ?? [] })) };
}
