/** Rows of a table of declarations with what is wrong in each, by cell. Pure. */
import { createHash } from "node:crypto";
import type { Problem } from "../model/problem.ts";
import type { SourceRows } from "../sources/job-source.ts";
import type { CellProblem, TableView } from "./room.ts";

/** Says when a table is another: of what may be written, not of who wrote it when. */
function tableVersion({ columns, editable }: Omit<SourceRows, "rows">, rows: SourceRows["rows"]): string {
  const places = editable.map((name) => columns.indexOf(name));
  const hash = createHash("sha256").update(JSON.stringify([columns, editable]));
  // A SELECT without an order gives rows in any.
  for (const row of rows.map(({ cells }) => JSON.stringify(places.map((at) => cells[at]))).sort()) hash.update(row);
  return hash.digest("base64url").slice(0, 22);
}

/** Puts each fault to its row and column by its place (`TABLE[LABEL].COLUMN`); rows of one label share it. */
export function tableView(source: string, { rows, ...about }: SourceRows, problems: readonly Problem[]): TableView {
  const { table, columns } = about;
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
  return {
    source,
    ...about,
    version: tableVersion(about, rows),
    rows: rows.map((row) => ({ ...row, problems: byLabel.get(row.label) ?? [] })),
  };
}
