/** A whole workspace at a glance: its jobs with schedule, owner, manager, last runs, and why the red ones are red. */
import type { LookJob, LookReport } from "../../jobs/room.ts";
import { formatJson } from "../../util/int64-json.ts";
import { runMarks } from "./marks.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";
import { type Cell, type Column, table } from "./table.ts";
import { longTime, shortTime } from "./time.ts";
import { count } from "./value.ts";

const COLUMNS: readonly Column[] = [
  { title: "JOB", least: 16 },
  { title: "ID" },
  { title: "RUNS" },
  { title: "MANAGED BY" },
  { title: "OWNER", least: 10 },
  { title: "SCHEDULE", least: 10 },
  { title: "NEXT" },
];

/** The newest run that is over, where it failed. */
export function lastFailure(job: LookJob): LookJob["runs"][number] | undefined {
  const over = job.runs.filter(({ state }) => state === "done" || state === "failed" || state === "cancelled");
  const last = over.at(-1);
  return last?.state === "failed" ? last : undefined;
}

/** The schedule of a job in words. */
export function scheduleText(job: Pick<LookJob, "schedule">): string {
  if (job.schedule === null) return "";
  return job.schedule.paused ? `${job.schedule.text} (paused)` : job.schedule.text;
}

function cells(job: LookJob, report: LookReport, timezone: string): Cell[] {
  const next = job.nextStarts[0];
  return [
    { text: job.name, tone: lastFailure(job) === undefined ? "strong" : "bad" },
    job.jobId,
    runMarks(job.runs),
    job.managedBy,
    job.owner ?? "",
    scheduleText(job),
    next === undefined ? "" : shortTime(next, report.at, timezone),
  ];
}

/** `3 bundle, 9 ui`. */
export function managersText(report: LookReport): string {
  const managers = Object.entries(report.summary.byManager).filter(([, number]) => number > 0);
  return managers
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([manager, number]) => `${number} ${manager}`)
    .join(", ");
}

/** The report as text. */
export function lookText(style: Style, report: LookReport): string {
  const { summary } = report;
  const lines: string[] = [];
  if (report.jobs.length > 0) {
    lines.push(
      ...table(
        style,
        COLUMNS,
        report.jobs.map((job) => cells(job, report, style.timezone)),
      ),
      "",
    );
  }
  const red = report.jobs.flatMap((job) => {
    const run = lastFailure(job);
    return run === undefined ? [] : [{ job, run }];
  });
  if (red.length > 0) {
    lines.push(paint(style, "strong", "Why red"));
    for (const { job, run } of red) {
      const at = run.startedAt === null ? "" : ` ${shortTime(run.startedAt, report.at, style.timezone)}`;
      lines.push(
        `  ${paint(style, "bad", safe(job.name))}${at}  ${safe(run.why ?? "the run failed without a message")}`,
      );
    }
    lines.push("");
  }
  const managers = managersText(report);
  const sum = [count(summary.jobs, "job"), `${summary.paused} paused`, `${summary.failing} failing`].join(", ");
  lines.push(paint(style, "strong", managers === "" ? sum : `${sum}; ${managers}`));
  const seen = `${report.host} (workspace ${report.workspaceId}) as ${report.me} sees it, ${longTime(report.at, style.timezone)} ${style.timezone}`;
  lines.push(paint(style, "faint", safe(seen)));
  return `${lines.join("\n")}\n`;
}

/** The report for machines, in the order that was found. */
export function lookJson(report: LookReport): string {
  return formatJson(report, 2);
}
