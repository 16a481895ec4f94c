/** A run that was started: its id, and how it ended where that was waited for. */
import type { Run } from "../../model/run.ts";
import { formatDuration } from "../../util/duration.ts";
import { formatJson } from "../../util/int64-json.ts";
import { runMarks, runTone } from "./marks.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";

/** What `jobs run` did; `run` is the ended run, where it was waited for. */
export interface RunReport {
  resource: string;
  jobId: string;
  runId: string;
  run: Run | undefined;
}

function stateText(style: Style, state: string): string {
  const tone = runTone(state);
  const text = `${runMarks([{ state }])} ${safe(state)}`;
  return tone === undefined ? text : paint(style, tone, text);
}

/** The report as text. */
export function runText(style: Style, report: RunReport): string {
  const { resource, runId, jobId, run } = report;
  if (run === undefined) return `run ${runId} of ${safe(resource)} (job ${jobId}) started\n`;
  const took = run.durationMs > 0 ? ` after ${formatDuration(run.durationMs)}` : "";
  const why = run.message === undefined || run.message === "" ? "" : `: ${safe(run.message)}`;
  const lines = [`${stateText(style, run.state)}  run ${runId} of ${safe(resource)}${took}${why}`];
  for (const task of run.tasks) {
    if (task.state === "done") continue;
    const reason = task.message === undefined || task.message === "" ? "" : `  ${safe(task.message)}`;
    lines.push(`  ${stateText(style, task.state)}  ${safe(task.taskKey)}${reason}`);
  }
  if (run.url !== undefined) lines.push(safe(run.url));
  return `${lines.join("\n")}\n`;
}

/** The report for machines; `run` only where it was waited for. */
export function runJson(report: RunReport): string {
  const { resource, jobId, runId, run } = report;
  return formatJson({ resource, jobId, runId, run }, 2);
}
