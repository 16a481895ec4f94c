/** The rows of the grid: a process with its sentence, and days of a task. */
import { memo } from "react";
import { Link } from "wouter";
import { Copy } from "../../../components/copy.tsx";
import { Icon } from "../../../components/icon.tsx";
import { State } from "../../../components/state.tsx";
import { dayAfter } from "../../../words/day.ts";
import { sentence } from "../../../words/plain.ts";
import { healthWord } from "../../../words/run-state.ts";
import { keyOf, runPath } from "../place.ts";
import { Cells, type Columns } from "./cells.tsx";
import { cellWords, rowWords } from "./row-words.ts";
import type { DaysRow, GridRow } from "./rows.ts";

/** A process: verdict, name, why, whose. */
export const ProcessLine = memo(function ProcessLine(props: {
  row: Extract<GridRow, { kind: "process" }>;
  selected: boolean;
  width: number;
  fold: (key: string) => void;
}) {
  const { row, selected, width, fold } = props;
  const { process, open, runs } = row;
  const { tone, word } = healthWord(process.verdict);
  const name = `${process.projectCode}/${process.processLoad}`;
  return (
    <div className={`proc-line${selected ? " sel" : ""}`} style={{ width }}>
      <button
        type="button"
        className="fold"
        aria-expanded={open}
        aria-label={`Tasks of ${name}`}
        disabled={!runs}
        onClick={() => fold(row.key)}
      >
        <Icon name={open ? "down" : "right"} size={12} />
      </button>
      <State tone={tone}>{word}</State>
      <p>
        <Link href={runPath(process, process.day)}>
          <b>{name}</b>
        </Link>{" "}
        {process.mode !== "live" && <span className="tag">{process.mode}</span>}
        {process.discovered && (
          <span className="tag" data-tip="Nobody declared it: headgate saw it running">
            discovered
          </span>
        )}{" "}
        <span className="f2">{sentence(process.sentence)}</span>{" "}
        {!runs && !process.discovered && (
          <Copy text={`headgate runs generate ${keyOf(process)}`} label={`headgate runs generate ${keyOf(process)}`} />
        )}
      </p>
      {process.owner && <span className="own s d cut">{process.owner}</span>}
    </div>
  );
});

/** Days of a task, or of the worst one. */
export const DaysLine = memo(function DaysLine(props: {
  row: DaysRow;
  from: string;
  /** Place of the selected day; undefined where another row is selected. */
  at: number | undefined;
  /** Place of the day under the pointer. */
  over: number | undefined;
  columns: Columns;
  name: number;
  height: number;
}) {
  const { row, from, at, over, columns, name, height } = props;
  const { process, task, states, attempts } = row;
  const query: Record<string, string> = task ? { task: `${task.workflowId}/${task.taskId}` } : {};
  const cell = (place: number, kind: "sel" | "over") => {
    const day = dayAfter(from, place);
    return (
      <Link
        key={kind}
        href={runPath(process, day, query)}
        className={`cell-${kind}`}
        tabIndex={kind === "sel" ? 0 : -1}
        aria-label={`${row.label}, ${cellWords(states[place], attempts.get(place), day)}`}
        data-tip={cellWords(states[place], attempts.get(place), day)}
        style={{ left: place * columns.width, width: columns.width, height }}
      />
    );
  };
  return (
    <>
      <div className="days-name" style={{ width: name }} data-tip={row.label}>
        <span className={`cut${task ? "" : " d"}`}>{row.label}</span>
        {task && !task.mandatory && <span className="s d">optional</span>}
      </div>
      <div className="days-track" style={{ width: states.length * columns.width, height }}>
        <Cells
          states={states}
          attempts={attempts}
          columns={columns}
          height={height}
          words={`${row.label}, ${rowWords(states, from)}`}
        />
        {over !== undefined && over !== at && cell(over, "over")}
        {at !== undefined && cell(at, "sel")}
      </div>
    </>
  );
});
