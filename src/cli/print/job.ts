/** One job on a page: where it is declared, how it runs, its tasks, and what differs. */
import type { Change } from "../../model/plan.ts";
import type { JobView, RunMark } from "../../model/view.ts";
import { formatDuration } from "../../util/duration.ts";
import { runMarks, runTone, VERDICT_TONE } from "./marks.ts";
import { changeFieldLines } from "./plan.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";
import { longTime } from "./time.ts";
import { pad } from "./width.ts";

function facts(style: Style, pairs: readonly (readonly [string, string | null])[]): string[] {
  return pairs.flatMap(([name, value]) =>
    value === null || value === "" ? [] : [`  ${paint(style, "faint", pad(name, 9))}  ${safe(value)}`],
  );
}

function runLine(style: Style, run: RunMark): string {
  const at = run.startedAt === null ? "not started" : longTime(run.startedAt, style.timezone);
  const took = run.endedAt === null ? "" : `  ${formatDuration(run.durationMs)}`;
  const why = run.message === null ? "" : `  ${safe(run.message)}`;
  const state = pad(safe(run.state), 9);
  const tone = runTone(run.state);
  return `  ${runMarks([run])} ${tone === undefined ? state : paint(style, tone, state)}  ${at}${took}${why}`;
}

/** Tasks of both graphs: `+` will come, `-` will go, `~` has other predecessors or another type. */
function taskLines(style: Style, graph: JobView["graph"]): string[] {
  const before = new Map(graph.before.map((task) => [task.key, task]));
  const after = new Set(graph.after.map((task) => task.key));
  const known = graph.before.length > 0 && graph.after.length > 0;
  const all = [...graph.after, ...graph.before.filter((task) => !after.has(task.key))];
  const width = Math.min(40, Math.max(0, ...all.map((task) => safe(task.key).length)));
  return all.map((task) => {
    const old = before.get(task.key);
    const moved =
      old !== undefined && (old.type !== task.type || old.dependsOn.join("\0") !== task.dependsOn.join("\0"));
    const sign = !known ? " " : !after.has(task.key) ? "-" : old === undefined ? "+" : moved ? "~" : " ";
    const needs =
      task.dependsOn.length === 0 ? "" : paint(style, "faint", `  after ${safe(task.dependsOn.join(", "))}`);
    return `  ${sign} ${pad(safe(task.key), width)}  ${safe(task.type)}${needs}`;
  });
}

/** The page of `jobs explain`. */
export function jobText(style: Style, job: JobView): string {
  const { row } = job;
  const { schedule, place } = row;
  const change = job.change as Change;
  const head = (title: string) => paint(style, "strong", title);
  const next =
    schedule === null || schedule.nextStart === null
      ? ""
      : `, next ${longTime(schedule.nextStart, style.timezone)} ${style.timezone}`;
  const lines = [`${head(safe(row.resource))}  ${safe(JSON.stringify(row.name))}`];
  lines.push(
    ...facts(style, [
      ["job id", row.jobId ?? "not deployed"],
      ["link", row.url],
      ["declared", place === null ? row.source : `${place.file}:${place.line}:${place.column} (${row.source})`],
      ["owner", row.owner],
      ["tags", row.tags.join(", ")],
      ["schedule", schedule === null ? "none" : `${schedule.text}${schedule.paused ? " (paused)" : ""}${next}`],
    ]),
  );
  const tone = VERDICT_TONE[row.verdict.state];
  lines.push(
    `  ${paint(style, "faint", pad("verdict", 9))}  ${tone === undefined ? safe(row.verdict.text) : paint(style, tone, safe(row.verdict.text))}`,
  );
  if (job.runs.length > 0) {
    lines.push("", head("Runs"), ...[...job.runs].reverse().map((run) => runLine(style, run)));
  }
  const tasks = taskLines(style, job.graph);
  if (tasks.length > 0) lines.push("", head("Tasks"), ...tasks);
  lines.push("", head("Difference"), `  ${safe(change.reason)}`, ...changeFieldLines(style, change));
  return `${lines.join("\n")}\n`;
}
