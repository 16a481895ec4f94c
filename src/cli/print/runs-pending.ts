/** Tasks of a run that may be started now, stage by stage. */
import type { PendingAnswer } from "../../model/run-answer.ts";
import { runText } from "./runs-step.ts";
import { paint, type Style } from "./style.ts";
import { type Cell, type Column, table } from "./table.ts";
import { count } from "./value.ts";

const COLUMNS: readonly Column[] = [
  { title: "TASK" },
  { title: "NAME", least: 12 },
  { title: "STAGE", least: 8 },
  { title: "ATTEMPT", align: "right" },
  { title: "STATE" },
  { title: "READS FROM", least: 10 },
  { title: "WAITS FOR", least: 12 },
];

/** The list as text. */
export function pendingText(style: Style, pending: PendingAnswer): string {
  const rows = pending.items.map((task): Cell[] => [
    { text: `${task.workflowId}/${task.taskId}`, tone: "strong" },
    task.taskName ?? "",
    task.sequenceCode ?? String(task.sequenceId),
    String(task.attempt),
    task.dispatchable ? { text: "may start", tone: "good" } : { text: task.phase.toLowerCase(), tone: "faint" },
    task.watermarkValue ?? "",
    task.mandatory ? (task.waitsFor ?? "") : `${task.waitsFor ?? ""} (optional)`.trim(),
  ]);
  const ready = pending.items.filter(({ dispatchable }) => dispatchable).length;
  const sum = pending.items.length === 0 ? "nothing may start now" : `${count(ready, "task")} may start now`;
  return [
    ...(rows.length > 0 ? [...table(style, COLUMNS, rows), ""] : []),
    `${paint(style, "strong", sum)}  ${paint(style, "faint", runText(pending))}`,
  ].join("\n");
}
