/** Edits of a table of declarations: what the table would be with them, and what may be saved. Pure. */
import { HeadgateError } from "../errors.ts";
import type { Problem } from "../model/problem.ts";
import type { RowChange, SourceRows } from "../sources/job-source.ts";
import { stableJson } from "../util/stable-json.ts";
import type { CellProblem, RowEdit, TableCheck, TableView } from "./room.ts";
import { tableView } from "./table-view.ts";

const invalid = (message: string, hint?: string) =>
  new HeadgateError("input_invalid", message, { hint, permanent: true });

type Cells = (string | null)[];

/** Faults that only a table has: text that is no value of its column's type. */
const TYPES: Readonly<Record<string, { fits: RegExp; word: string }>> = {
  BOOLEAN: { fits: /^(true|false)$/i, word: "true or false" },
  ...Object.fromEntries(
    ["TINYINT", "SMALLINT", "INT", "BIGINT"].map((type) => [type, { fits: /^[+-]?\d{1,19}$/, word: "a whole number" }]),
  ),
};

/** What each row is called: its two keys, as in the places of its faults. */
function labelOf({ columns, keys }: Pick<SourceRows, "columns" | "keys">, cells: Cells, at: number): string {
  const [first = "", second = ""] = keys;
  const cell = (name: string) => cells[columns.indexOf(name)] ?? null;
  return `${cell(first) ?? at + 1}/${cell(second) ?? "?"}`;
}

/**
 * The changes that edits are.
 * @throws HeadgateError `input_invalid` for an edit of a row that is not there or there twice, of a column that is not
 * to be written, or of other columns than the table has
 */
export function changesOf(view: TableView, edits: readonly RowEdit[]): RowChange[] {
  const byLabel = new Map<string, Cells[]>();
  for (const { label, cells } of view.rows) byLabel.set(label, [...(byLabel.get(label) ?? []), cells]);
  const seen = new Set<string>();
  return edits.map(({ label, cells: now }) => {
    if (now !== null && now.length !== view.columns.length)
      throw invalid(`a row of ${view.table} has ${view.columns.length} cells, not ${now.length}`);
    if (label === null) {
      if (now === null) throw invalid("a row that is not there cannot be deleted");
      return { was: null, now };
    }
    if (seen.has(label)) throw invalid(`row ${label} is given twice`);
    seen.add(label);
    const [was, ...twins] = byLabel.get(label) ?? [];
    if (was === undefined) throw invalid(`${view.table} has no row ${label}`, "read the table again");
    if (twins.length > 0)
      throw invalid(`${view.table} has more than one row ${label}`, "delete one of them where the table is");
    const locked = view.columns.filter(
      (name, at) => !view.editable.includes(name) && now !== null && now[at] !== was[at],
    );
    if (locked.length > 0) throw invalid(`${locked.join(", ")} of row ${label} is not written by hand`);
    return { was, now };
  });
}

/** The table as it would be, and at which place each change stands in it; -1: it is gone. */
export function withChanges(view: TableView, changes: readonly RowChange[]): { rows: SourceRows; places: number[] } {
  const { table, columns, types, keys, editable } = view;
  const instead = new Map(changes.flatMap(({ was, now }) => (was === null ? [] : [[was, now] as const])));
  const kept = view.rows.flatMap(({ cells }) => {
    const now = instead.get(cells);
    return now === null ? [] : [now ?? cells];
  });
  const all = [...kept, ...changes.flatMap(({ was, now }) => (was === null && now !== null ? [now] : []))];
  const rows = all.map((cells, at) => ({ label: labelOf(view, cells, at), cells }));
  const places = changes.map(({ now }) => (now === null ? -1 : all.indexOf(now)));
  return { rows: { table, columns, types, keys, editable, rows }, places };
}

function typeFaults({ columns, types }: SourceRows, cells: Cells): CellProblem[] {
  return columns.flatMap((column, at) => {
    const wanted = TYPES[types[at] ?? ""];
    const text = cells[at] ?? null;
    if (wanted === undefined || text === null || wanted.fits.test(text)) return [];
    const message = `column ${column} is to be ${wanted.word}`;
    return [{ severity: "error" as const, code: "wrong_type", message, hint: null, column }];
  });
}

/** What edits lead to. @param problems what the checks say of the table with the changes */
export function tableCheck(
  view: TableView,
  changes: readonly RowChange[],
  edits: readonly RowEdit[],
  problems: readonly Problem[],
): TableCheck {
  const { rows, places } = withChanges(view, changes);
  const after = tableView(view.source, rows, problems);
  const found = edits.map(({ label }, index) => {
    const row = after.rows[places[index] ?? -1];
    if (row === undefined) return { label: label ?? "", problems: [] };
    return { label: row.label, problems: [...typeFaults(rows, row.cells), ...row.problems] };
  });
  const own = new Set(places);
  const known = new Map(view.rows.map((row) => [row.cells, new Set(row.problems.map(stableJson))]));
  const others = after.rows.flatMap(({ label, cells, problems: all }, at) => {
    const fresh = own.has(at) ? [] : all.filter((problem) => !known.get(cells)?.has(stableJson(problem)));
    return fresh.length === 0 ? [] : [{ label, problems: fresh }];
  });
  const errors = [...found, ...others].flatMap((row) => row.problems).filter(({ severity }) => severity === "error");
  return { edits: found, others, errors: errors.length };
}

/** @throws HeadgateError `declaration_invalid` with the first error and how many more there are */
export function refuseFaulty({ edits, others, errors }: TableCheck): void {
  if (errors === 0) return;
  const rows = [...edits, ...others].map((row) => ({
    ...row,
    problems: row.problems.filter(({ severity }) => severity === "error"),
  }));
  const [first] = rows.flatMap(({ label, problems }) => problems.map((problem) => ({ label, ...problem })));
  const more = errors > 1 ? ` (and ${errors - 1} more)` : "";
  throw new HeadgateError("declaration_invalid", `row ${first?.label}: ${first?.message}${more}; nothing was written`, {
    hint: first?.hint ?? undefined,
    permanent: true,
    data: { rows: rows.filter(({ problems }) => problems.length > 0) },
  });
}
