/** Edits of a control table that are not saved yet: of each row the cells that were touched, so that others may touch other cells. Pure. */
import type { TableEdits } from "../../../../src/server/api.ts";

export type Cells = readonly (string | null)[];

/** An edit of one row. */
export interface Draft {
  /** Label of the row; `new 1`, … of one that is not there yet. */
  id: string;
  isNew: boolean;
  /** The row as it was read; of a new one what it began with. */
  row: Cells;
  /** Touched cells by column number, with what they were when they were touched. */
  touched: ReadonlyMap<number, { was: string | null; now: string | null }>;
  gone: boolean;
}

/** All of them, and the version of the table they are made upon. */
export interface Drafts {
  version: string;
  list: readonly Draft[];
}

export const NONE: Drafts = { version: "", list: [] };

export const cellsOf = ({ row, touched }: Draft): (string | null)[] =>
  row.map((cell, at) => touched.get(at)?.now ?? (touched.has(at) ? null : cell));

const put = (drafts: Drafts, draft: Draft): Drafts => {
  const empty = !draft.isNew && !draft.gone && draft.touched.size === 0;
  const known = drafts.list.some(({ id }) => id === draft.id);
  const list = known
    ? drafts.list.flatMap((one) => (one.id !== draft.id ? [one] : empty ? [] : [draft]))
    : empty
      ? drafts.list
      : [...drafts.list, draft];
  return { ...drafts, list };
};

const draftOf = (drafts: Drafts, id: string, row: Cells): Draft =>
  drafts.list.find((draft) => draft.id === id) ?? { id, isNew: false, row, touched: new Map(), gone: false };

/** A cell becomes another text; what it was takes the edit back. An empty text is null. @param version of the row */
export function touch(
  drafts: Drafts,
  version: string,
  id: string,
  row: Cells,
  at: number,
  text: string | null,
): Drafts {
  const draft = draftOf(drafts, id, row);
  const now = text === "" ? null : text;
  const touched = new Map(draft.touched);
  if (now === (draft.row[at] ?? null)) touched.delete(at);
  else touched.set(at, { was: draft.row[at] ?? null, now });
  return put(drafts.list.length === 0 ? { version, list: [] } : drafts, { ...draft, touched });
}

/** A row is to go, or to stay after all. */
export function turnGone(drafts: Drafts, version: string, id: string, row: Cells): Drafts {
  const draft = draftOf(drafts, id, row);
  return put(drafts.list.length === 0 ? { version, list: [] } : drafts, { ...draft, gone: !draft.gone });
}

/** A new row. @returns the drafts and its id */
export function addRow(drafts: Drafts, version: string, row: Cells): [Drafts, string] {
  const taken = new Set(drafts.list.map(({ id }) => id));
  let number = 1;
  while (taken.has(`new ${number}`)) number += 1;
  const id = `new ${number}`;
  const base = drafts.list.length === 0 ? { version, list: [] } : drafts;
  return [put(base, { id, isNew: true, row, touched: new Map(), gone: false }), id];
}

/** Without one of them. */
export const without = (drafts: Drafts, id: string): Drafts => ({
  ...drafts,
  list: drafts.list.filter((draft) => draft.id !== id),
});

/** The same edits upon rows as they are now; an edit of a row that somebody else deleted is that of a new row. */
export function upon(drafts: Drafts, version: string, rows: ReadonlyMap<string, Cells>): Drafts {
  const list = drafts.list.flatMap((draft): Draft[] => {
    if (draft.isNew) return [draft];
    const row = rows.get(draft.id);
    if (row === undefined)
      return draft.gone ? [] : [{ ...draft, isNew: true, row: cellsOf(draft), touched: new Map() }];
    const touched = new Map([...draft.touched].filter(([at, { now }]) => now !== (row[at] ?? null)));
    return touched.size === 0 && !draft.gone ? [] : [{ ...draft, row, touched }];
  });
  return { version, list };
}

/** What somebody else wrote into a touched cell since it was touched. */
export function theirs(draft: Draft, at: number): { text: string | null } | undefined {
  const cell = draft.touched.get(at);
  const text = draft.row[at] ?? null;
  return draft.isNew || cell === undefined || cell.was === text ? undefined : { text };
}

/** As the API takes them. */
export const bodyOf = ({ version, list }: Drafts): TableEdits => ({
  version,
  edits: list.map((draft) => ({
    label: draft.isNew ? null : draft.id,
    cells: draft.gone ? null : cellsOf(draft),
  })),
});

/** `2 changed, 1 new, 1 deleted`. */
export function draftWords({ list }: Drafts): string {
  const counts: [number, string][] = [
    [list.filter(({ isNew, gone }) => !isNew && !gone).length, "changed"],
    [list.filter(({ isNew }) => isNew).length, "new"],
    [list.filter(({ gone }) => gone).length, "deleted"],
  ];
  return counts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`])).join(", ");
}
