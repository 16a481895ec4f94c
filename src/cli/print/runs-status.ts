/** How processes stand: a line each with its verdict, or the tasks of one. */
import type { HealthState, ProcessHealth } from "../../model/process-health.ts";
import type { RunCause } from "../../model/view-runs.ts";
import { formatDuration } from "../../util/duration.ts";
import { ago } from "./runs-time.ts";
import { safe } from "./safe.ts";
import { paint, type Style, type Tone } from "./style.ts";
import { type Cell, type Column, table } from "./table.ts";
import { shortTime } from "./time.ts";
import { count } from "./value.ts";

const TONE: Record<HealthState, Tone> = {
  ok: "good",
  at_risk: "warn",
  late: "bad",
  blocked: "bad",
  stuck: "bad",
  failed: "bad",
  unknown: "faint",
};

const PROCESSES: readonly Column[] = [
  { title: "PROCESS", least: 16 },
  { title: "DAY" },
  { title: "VERDICT" },
  { title: "TASKS" },
  { title: "STARTED" },
  { title: "WHY", least: 20 },
];

const TASKS: readonly Column[] = [
  { title: "TASK" },
  { title: "NAME", least: 12 },
  { title: "STAGE", least: 8 },
  { title: "TRY", align: "right" },
  { title: "STATE" },
  { title: "STARTED" },
  { title: "TOOK", align: "right" },
  { title: "MESSAGE", least: 16 },
];

type Row = Record<string, unknown>;

/** Causes that are told of one run. */
const MOST_CAUSES = 12;

const nameOf = ({ projectCode, processLoad }: ProcessHealth) =>
  `${encodeURIComponent(projectCode)}/${encodeURIComponent(processLoad)}`;

const verdictWord = (verdict: HealthState) => verdict.replace("_", " ");

function tasksDone({ tasks }: ProcessHealth): string {
  const failed = tasks.failed > 0 ? `, ${tasks.failed} failed` : "";
  return tasks.total === 0 ? "" : `${tasks.done}/${tasks.total} done${failed}`;
}

/** All processes, worst first. */
export function processesText(style: Style, items: readonly ProcessHealth[], now: string): string {
  if (items.length === 0) return "no process is registered; headgate runs register declares those of processes/*.yml";
  const rows = items.map((process): Cell[] => [
    { text: nameOf(process), tone: "strong" },
    process.processingDate,
    { text: verdictWord(process.verdict), tone: TONE[process.verdict] },
    tasksDone(process),
    process.startedAt === null ? "" : `${shortTime(process.startedAt, now, process.timezone)} ${process.timezone}`,
    process.sentence,
  ]);
  const notOk = items.filter(({ verdict }) => verdict !== "ok" && verdict !== "unknown").length;
  const sum = `${count(items.length, "process", "processes")}${notOk > 0 ? `, ${notOk} not well` : ""}`;
  return [...table(style, PROCESSES, rows), "", paint(style, "strong", sum)].join("\n");
}

function stateCell(row: Row): Cell {
  if (row.Phase === "SKIPPED") return { text: "skipped", tone: "faint" };
  if (row.Phase === "RUNNING") {
    const late = row.SLAState === "BREACHED" ? " too long" : row.SLAState === "AT_RISK" ? " long" : "";
    return { text: `running${late}`, tone: late === "" ? "change" : "warn" };
  }
  if (row.Status === "DONE") return { text: row.LogType === "WARN" ? "done, warned" : "done", tone: "good" };
  if (row.Status === "FAIL") return { text: row.LogCode ? `failed ${row.LogCode}` : "failed", tone: "bad" };
  return { text: row.Status === "RQUE" ? "queued again" : "queued", tone: undefined };
}

function tookOf(row: Row): string {
  const seconds = Number(row.ElapsedSeconds ?? Number.NaN);
  return Number.isNaN(seconds) || row.StartTime === null ? "" : formatDuration(seconds * 1_000);
}

/** The tasks of one process; its initiation row is left out, it stands for the run as a whole. */
export function statusText(
  style: Style,
  { process, rows, causes }: { process: ProcessHealth | undefined; rows: readonly Row[]; causes: readonly RunCause[] },
  now: string,
): string {
  const zone = process?.timezone ?? style.timezone;
  const lines: string[] = [];
  if (process !== undefined) {
    const { verdict, sentence, processingDate, runNumber, executionId, owner, startedAt } = process;
    const title = [nameOf(process), process.name ?? "", owner === null ? "" : `(${owner})`].filter(Boolean).join(" ");
    const run = runNumber === null ? "no run yet" : `run ${runNumber}, execution ${executionId ?? ""}`;
    const begun = startedAt === null ? "" : `, started ${ago(startedAt, now)}`;
    lines.push(
      paint(style, "strong", safe(title)),
      `${paint(style, TONE[verdict], verdictWord(verdict))}: ${safe(sentence)}`,
      paint(style, "faint", safe(`${processingDate}, ${run}${begun}`)),
    );
  }
  const tasks = rows.filter((row) => row.WorkFlowID !== 0 || row.TaskID !== 0);
  if (tasks.length > 0) {
    const cells = tasks.map((row): Cell[] => [
      { text: `${row.WorkFlowID}/${row.TaskID}`, tone: "strong" },
      `${row.TaskName ?? ""}${row.TaskMandatory === false ? " (optional)" : ""}`,
      String(row.SequenceCode ?? row.SequenceID ?? ""),
      String(row.Attempts),
      stateCell(row),
      row.StartTime === null ? "" : shortTime(String(row.StartTime), now, zone),
      tookOf(row),
      String(row.LogMessage ?? "").split("\n")[0] ?? "",
    ]);
    lines.push("", ...table(style, TASKS, cells), "", paint(style, "faint", `times in ${zone}`));
  } else if (process === undefined) lines.push("no task was found");
  if (causes.length > 0) {
    const told = causes.slice(0, MOST_CAUSES).map(({ sentence }) => `  ${safe(sentence)}`);
    const more = causes.length - told.length;
    lines.push("", paint(style, "strong", "why"), ...told, ...(more > 0 ? [`  and ${more} more (--json)`] : []));
  }
  return lines.join("\n");
}
