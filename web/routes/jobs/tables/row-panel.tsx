/** One row of a control table: its cells with what is wrong in each, and, where the server writes, as fields. */
import { type KeyboardEvent, useLayoutEffect, useRef } from "react";
import type { TableAnswer } from "../../../../src/server/api.ts";
import { Icon } from "../../../components/icon.tsx";
import { useKeys } from "../../../shell/keys.ts";
import { type Draft, theirs } from "./drafts.ts";

export type Row = TableAnswer["rows"][number];
type Faults = Row["problems"];

/** Lines that a field shows at most; the rest scrolls. */
const MOST_LINES = 12;

/** JSON laid out; other text as it is. */
function laidOut(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    // Numbers keep their digits: a long id is no double.
    return /\d{16}/.test(text) ? text : JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function Fault({ problems, id }: { problems: Faults; id?: string }) {
  return (
    <div id={id}>
      {problems.map((problem) => (
        <p
          key={`${problem.code}${problem.message}`}
          className={`st ${problem.severity === "error" ? "fail" : "warn"} cell-fault`}
        >
          <Icon />
          <span>
            {problem.message} <code>{problem.code}</code>
            {problem.hint && <span className="f2"> {problem.hint}</span>}
          </span>
        </p>
      ))}
    </div>
  );
}

function Field(props: {
  name: string;
  type: string;
  text: string | null;
  faulty: boolean;
  /** Id of the words that say what is wrong. */
  told: string | undefined;
  change: (text: string | null) => void;
}) {
  const { name, type, text, faulty, told, change } = props;
  const field = { "aria-label": name, "aria-invalid": faulty, "aria-describedby": told, className: "cell-field" };
  if (type === "BOOLEAN")
    return (
      <select {...field} value={text ?? ""} onChange={(event) => change(event.target.value)}>
        <option value="">null</option>
        {!["", "true", "false"].includes(text ?? "") && <option value={text ?? ""}>{text}</option>}
        <option value="true">true</option>
        <option value="false">false</option>
      </select>
    );
  const lines = Math.min(MOST_LINES, (text ?? "").split("\n").length);
  return (
    <textarea
      {...field}
      rows={lines}
      spellCheck={false}
      placeholder="null"
      value={text ?? ""}
      onChange={(event) => change(event.target.value)}
    />
  );
}

/** What can be done with a row; absent where the server does not write. */
export interface RowWrites {
  touch: (at: number, text: string | null) => void;
  turnGone: () => void;
  undo: () => void;
  save: () => void;
}

export function RowPanel(props: {
  row: Row;
  table: Pick<TableAnswer, "columns" | "types" | "editable">;
  draft: Draft | undefined;
  /** What is wrong, with the edits of the row. */
  problems: Faults;
  writes: RowWrites | undefined;
  close: () => void;
}) {
  const { row, table, draft, problems, writes, close } = props;
  const panel = useRef<HTMLElement>(null);
  const first = () => panel.current?.querySelector<HTMLElement>(".cell-field")?.focus();
  useKeys({ e: () => (writes === undefined ? false : first()) });
  const { isNew = false, gone = false } = draft ?? {};
  // A new row is there to be filled.
  useLayoutEffect(() => {
    if (isNew) panel.current?.querySelector<HTMLElement>(".cell-field")?.focus();
  }, [isNew]);
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    writes?.save();
  };
  const name = isNew ? "New row" : row.label;
  return (
    <aside className="panel" aria-label={isNew ? "New row" : `Row ${row.label}`} ref={panel} onKeyDown={press}>
      <h2>
        <Icon name="table" />
        <span className={`panel-name${gone ? " row-gone" : ""}`}>{name}</span>
        <button type="button" className="btn ic q" aria-label="Close row" onClick={close}>
          <Icon name="cross" />
        </button>
      </h2>
      {writes && (
        <p className="row-do">
          {!isNew && (
            <button type="button" className="btn" onClick={writes.turnGone}>
              {gone ? "Keep row" : "Delete row"}
            </button>
          )}
          {draft && !gone && (
            <button type="button" className="btn q" onClick={writes.undo}>
              {isNew ? "Drop new row" : "Undo edits"}
            </button>
          )}
        </p>
      )}
      {gone ? (
        <p className="f2">This row goes when the edits are saved.</p>
      ) : (
        <>
          <Fault problems={problems.filter(({ column }) => column === null)} />
          <dl className="cells">
            {table.columns.map((column, at) => {
              const touched = draft?.touched.get(at);
              const text = touched === undefined ? (row.cells[at] ?? null) : touched.now;
              const own = problems.filter((problem) => problem.column === column);
              const other = draft && theirs(draft, at);
              const told = own.length > 0 ? `fault-${at}` : undefined;
              const editable = writes !== undefined && table.editable.includes(column);
              const state = own.length > 0 ? "bad" : touched ? "touched" : undefined;
              return (
                <div key={column} className={state}>
                  <dt className="m">
                    {column}
                    {touched && !isNew && <span className="tag">edited</span>}
                  </dt>
                  <dd>
                    {editable ? (
                      <Field
                        name={column}
                        type={table.types[at] ?? "STRING"}
                        text={text}
                        faulty={own.length > 0}
                        told={told}
                        change={(next) => writes.touch(at, next)}
                      />
                    ) : text === null ? (
                      <span className="d">null</span>
                    ) : (
                      <pre className="cell-text">{laidOut(text)}</pre>
                    )}
                    <Fault problems={own} {...(told ? { id: told } : {})} />
                    {other && (
                      <p className="st warn cell-fault">
                        <Icon />
                        <span>
                          Somebody wrote <code>{other.text ?? "null"}</code> here since; saving puts yours in its place.
                        </span>
                      </p>
                    )}
                  </dd>
                </div>
              );
            })}
          </dl>
        </>
      )}
    </aside>
  );
}
