/** The fleet as a table: one line a job, worst first, with its last runs, schedule and difference. */
import type { FleetView, JobRow } from "../../model/view.ts";
import { runMarks, VERDICT_TONE } from "./marks.ts";
import { problemLines } from "./problems.ts";
import { safe } from "./safe.ts";
import { paint, type Style, type Tone } from "./style.ts";
import { type Cell, type Column, table } from "./table.ts";
import { longTime, shortTime } from "./time.ts";
import { count } from "./value.ts";

const COLUMNS: readonly Column[] = [
  { title: "JOB", least: 16 },
  { title: "RUNS" },
  { title: "VERDICT", least: 12 },
  { title: "SCHEDULE", least: 10 },
  { title: "NEXT" },
  { title: "DIFFERENCE", least: 10 },
  { title: "DECLARED", least: 8 },
];

const DIFFERENCE_TONE: Record<JobRow["difference"]["kind"], Tone> = {
  same: "faint",
  create: "good",
  declared: "warn",
  drift: "odd",
  conflict: "bad",
  delete: "bad",
  refused: "bad",
  recover: "change",
  recreate: "warn",
};

function cells(row: JobRow, fleet: FleetView, timezone: string): Cell[] {
  const schedule = row.schedule;
  const next =
    schedule === null || schedule.nextStart === null ? "" : shortTime(schedule.nextStart, fleet.asOf, timezone);
  return [
    { text: row.resource, tone: "strong" },
    runMarks(row.runs),
    { text: row.verdict.text, tone: VERDICT_TONE[row.verdict.state] },
    schedule === null ? "" : schedule.paused ? `${schedule.text} (paused)` : schedule.text,
    next,
    { text: row.difference.text, tone: DIFFERENCE_TONE[row.difference.kind] },
    { text: row.place === null ? row.source : `${row.place.file}:${row.place.line}`, tone: "faint" },
  ];
}

/** The fleet as text. */
export function fleetText(style: Style, fleet: FleetView): string {
  const problems = fleet.problems.map((problem) => ({
    ...problem,
    place: problem.place ?? undefined,
    hint: problem.hint ?? undefined,
  }));
  const lines = problemLines(style, problems);
  if (lines.length > 0) lines.push("");
  if (fleet.items.length > 0) {
    lines.push(
      ...table(
        style,
        COLUMNS,
        fleet.items.map((row) => cells(row, fleet, style.timezone)),
      ),
      "",
    );
  }
  const { needYou, differ } = fleet.counts;
  const sum = [
    count(fleet.count, "job"),
    ...(needYou > 0 ? [`${needYou} need you`] : []),
    ...(differ > 0 ? [`${differ} differ`] : []),
  ];
  lines.push(paint(style, "strong", safe(`${fleet.project} in ${fleet.target}: ${sum.join(", ")}`)));
  if (fleet.unmanaged.count > 0) {
    lines.push(
      paint(
        style,
        "faint",
        `${count(fleet.unmanaged.count, "job")} in the workspace not declared here; headgate look shows them`,
      ),
    );
  }
  lines.push(
    paint(style, "faint", safe(`${fleet.host} as of ${longTime(fleet.asOf, style.timezone)} ${style.timezone}`)),
  );
  return `${lines.join("\n")}\n`;
}
