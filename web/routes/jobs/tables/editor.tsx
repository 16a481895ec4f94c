/** The rows of one control table and the edits of them: list, the chosen row, what is not saved yet. */
import { useDebouncedValue } from "@mantine/hooks";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { TableAnswer } from "../../../../src/server/api.ts";
import { useStatus } from "../../../api/queries.ts";
import { ApiError } from "../../../api/request.ts";
import { readRows, useSaveTable, useTableCheck } from "../../../api/tables.ts";
import { useUrl } from "../../../api/use-url.ts";
import { Empty } from "../../../components/empty.tsx";
import { State } from "../../../components/state.tsx";
import { type Column, VirtualTable } from "../../../components/virtual-table.tsx";
import { useKeys } from "../../../shell/keys.ts";
import { SignIn, useMay } from "../../../shell/sign-in.tsx";
import { counted, grouped } from "../../../words/count.ts";
import { relative } from "../../../words/time.ts";
import { addRow, bodyOf, cellsOf, type Draft, NONE, touch, turnGone, upon, without } from "./drafts.ts";
import { type Row, RowPanel } from "./row-panel.tsx";
import { SaveBar } from "./save-bar.tsx";
import { useDrafts } from "./use-drafts.ts";

/** Columns worth a place in the list; the others are in the row's own panel. */
const SHOWN = ["task_type", "source_type", "depends_on", "execution_order", "task_config", "source_config"];

/** So long nobody has typed when edits are checked. */
const PAUSE_MS = 300;

/** A row of the list: as it is in the table, or as its edit would make it. */
interface Shown extends Row {
  draft: Draft | undefined;
}

const tone = (row: Row) => (row.problems.some(({ severity }) => severity === "error") ? "fail" : "warn");

const markOf = (draft: Draft | undefined) =>
  draft === undefined ? undefined : draft.isNew ? "new" : draft.gone ? "deleted" : "edited";

function columnsOf(names: readonly string[]): Column<Shown>[] {
  const shown = SHOWN.filter((name) => names.includes(name));
  return [
    {
      name: "Row",
      className: "t1",
      cell: ({ label, draft }) => (
        <>
          <b className={draft?.gone ? "row-gone" : undefined}>{label}</b>
          {draft && <span className="tag">{markOf(draft)}</span>}
        </>
      ),
    },
    {
      name: "Faults",
      className: "t2",
      cell: (row) =>
        row.problems.length === 0 ? (
          <span className="d">none</span>
        ) : (
          <State tone={tone(row)} tip={row.problems.map(({ message }) => message).join("\n")}>
            {row.problems.length === 1 ? (row.problems[0]?.message ?? "") : counted(row.problems.length, "fault")}
          </State>
        ),
    },
    ...shown.map((name, index) => ({
      name,
      className: `t${index + 3} m`,
      cell: (row: Shown) => {
        const text = row.cells[names.indexOf(name)];
        return text ?? <span className="d">null</span>;
      },
    })),
  ];
}

const isMoved = (error: unknown) => error instanceof ApiError && error.code === "table_moved";

/** Rows with their edits; new ones first. */
function shownRows(
  rows: readonly Row[],
  drafts: readonly Draft[],
  faults: ReadonlyMap<string, Row["problems"]>,
): Shown[] {
  const byId = new Map(drafts.map((draft) => [draft.id, draft]));
  const fresh = drafts
    .filter(({ isNew }) => isNew)
    .map((draft) => ({ label: draft.id, cells: [], problems: [], draft }));
  return [...fresh, ...rows.map((row) => ({ ...row, draft: byId.get(row.label) }))].map((row): Shown => {
    const { draft } = row;
    if (draft === undefined || draft.gone) return { ...row, draft };
    return { label: row.label, cells: cellsOf(draft), problems: faults.get(draft.id) ?? row.problems, draft };
  });
}

/** Why nothing can be written here; undefined where it can. */
function useReadOnly(table: TableAnswer): string | undefined {
  const status = useStatus().data;
  if (status === undefined) return "";
  if (!status.apply) return "Read only: this server applies nothing (server.apply)";
  return table.editable.length === 0 ? "Read only: these are not the columns of a control table" : undefined;
}

export function Editor(props: {
  source: string;
  pages: readonly TableAnswer[];
  first: TableAnswer;
  more: () => void;
  now: Date;
}) {
  const { source, pages, first, more, now } = props;
  const [params, change] = useUrl();
  const faulty = params.get("faulty") === "true";
  const selected = params.get("sel");
  const select = useCallback((label: string) => change({ sel: label }), [change]);
  const [drafts, edit] = useDrafts(source);
  const [saved, setSaved] = useState<number | null>(null);
  const body = useMemo(() => bodyOf(drafts), [drafts]);
  /** Edits that somebody saved while they were being checked: that is done once they are found to be right. */
  const [wanted, setWanted] = useState<typeof body | null>(null);
  const [settled] = useDebouncedValue(body, PAUSE_MS);
  const check = useTableCheck(source, settled);
  const write = useSaveTable(source);
  const may = useMay("apply");
  const readOnly = useReadOnly(first);
  const stale = drafts.list.length > 0 && drafts.version !== first.version;
  const moved = stale || isMoved(check.error) || isMoved(write.error);
  const checking = settled !== body || check.isFetching || check.isPlaceholderData;

  const faults = new Map(
    settled === body && check.data !== undefined
      ? drafts.list.map((draft, at) => [draft.id, check.data?.edits[at]?.problems ?? []] as const)
      : [],
  );
  const rows = shownRows(
    pages.flatMap((page) => page.rows),
    drafts.list,
    faults,
  );
  const row = rows.find(({ label }) => label === selected);
  const { version, columns, keys } = first;

  const change1 = (next: Parameters<typeof edit>[0]) => {
    setSaved(null);
    write.reset();
    edit(next);
  };
  const add = () => {
    // What is near belongs together: the new row is of the chosen row's job.
    const job = columns.indexOf(keys[0] ?? "");
    const near = columns.map((_, at) => (at === job ? (row?.cells[at] ?? null) : null));
    const [, id] = addRow(drafts, version, near);
    change1((held) => addRow(held, version, near)[0]);
    change({ sel: id });
  };
  const save = () => {
    if (checking) return setWanted(body);
    if (moved || check.data?.errors !== 0 || may !== true || write.isPending) return;
    write.mutate(body, {
      onSuccess: ({ rows: count }) => {
        edit(() => NONE);
        setSaved(count);
        if (row?.draft?.isNew) change({ sel: null });
      },
    });
  };
  useEffect(() => {
    if (wanted === null || checking) return;
    setWanted(null);
    if (wanted === body) save();
  });
  const rebase = async () => {
    const ids = drafts.list.filter(({ isNew }) => !isNew).map(({ id }) => id);
    const anew = await readRows(source, ids);
    write.reset();
    edit((held) => upon(held, anew.version, anew.rows));
  };
  useKeys({ n: () => (readOnly === undefined ? add() : false) });

  const { draft } = row ?? {};
  const ownCells = row && (draft === undefined || draft.gone ? row.cells : draft.row);
  const writes =
    row === undefined || ownCells === undefined || readOnly !== undefined
      ? undefined
      : {
          touch: (at: number, text: string | null) =>
            change1((held) => touch(held, version, row.label, ownCells, at, text)),
          turnGone: () => change1((held) => turnGone(held, version, row.label, ownCells)),
          undo: () => change1((held) => without(held, row.label)),
          save,
        };
  const fresh = drafts.list.filter(({ isNew }) => isNew).length;
  return (
    <>
      <div className="cal-tools table-tools">
        <b className="m">{first.table}</b>
        <span className="s d">
          {counted(first.all, "row")}, {grouped(first.faulty)} with faults; read{" "}
          {relative(first.asOf, Date.parse(first.asOf) > now.getTime() ? new Date(first.asOf) : now)}
        </span>
        <button
          type="button"
          className={`chip${faulty ? " on" : ""}`}
          aria-pressed={faulty}
          onClick={() => change({ faulty: faulty ? null : "true", sel: null })}
        >
          Only faults
        </button>
        {readOnly === undefined ? (
          <button type="button" className="btn" onClick={add}>
            New row
          </button>
        ) : (
          <span className="s d">{readOnly}</span>
        )}
        {readOnly === undefined && may === false && <SignIn label="Sign in to save" />}
        {saved !== null && (
          <span className="s" role="status">
            <State tone="ok">Saved {counted(saved, "row")}; a plan shows what that changes</State>
          </span>
        )}
      </div>
      {first.count + fresh === 0 ? (
        <Empty
          icon={faulty ? "check" : "table"}
          title={faulty ? "No row has a fault." : "The table has no rows."}
          {...(faulty ? {} : { commands: ["headgate jobs control-table load FILE"] })}
        />
      ) : (
        <div className={`def${row ? " with-task" : ""}`}>
          <div className="def-main">
            <VirtualTable
              label={`Rows of ${first.table}`}
              columns={columnsOf(columns)}
              rows={rows}
              count={first.count + fresh}
              keyOf={(each) => each.label}
              selected={selected}
              select={select}
              open={(each) => select(each.label)}
              more={more}
            />
          </div>
          {row && (
            <RowPanel
              key={row.label}
              row={{ ...row, cells: [...(ownCells ?? row.cells)] }}
              table={first}
              draft={draft}
              problems={row.problems}
              writes={writes}
              close={() => change({ sel: null })}
            />
          )}
        </div>
      )}
      {drafts.list.length > 0 && (
        <SaveBar
          drafts={drafts}
          check={check.isPlaceholderData ? undefined : check.data}
          checking={checking}
          error={write.error ?? check.error}
          moved={moved}
          saving={write.isPending}
          may={may}
          save={save}
          discard={() => {
            change1(() => NONE);
            if (draft?.isNew) change({ sel: null });
          }}
          rebase={() => void rebase()}
        />
      )}
    </>
  );
}
