/** The sentences of the demo. Pure. */
import type { IngestedSource } from "../model/ingest-report.ts";
import type { FieldChange, Plan } from "../model/plan.ts";
import type { JobRow } from "../model/view.ts";
import type { DemoLineage } from "./lineage.ts";
import type { DemoRuns, Unwell } from "./runs.ts";
import type { DemoSummary } from "./summary.ts";

/** `1 job`, `12 jobs`, `1 204 runs`. */
export function count(number: number, thing: string): string {
  const grouped = String(number).replace(/\B(?=(\d{3})+$)/g, " ");
  return `${grouped} ${thing}${number === 1 ? "" : "s"}`;
}

/** A plan in one line: what it would do. */
export function planLine(plan: Plan): string {
  const { noop, ...rest } = plan.summary;
  const words = (["create", "update", "recreate", "recover", "delete", "conflict", "refused"] as const)
    .filter((action) => rest[action] > 0)
    .map((action) => `${rest[action]} to ${action === "update" && rest.drift === rest.update ? "put back" : action}`);
  const same = noop > 0 ? [`${noop} as declared`] : [];
  return [...(words.length > 0 ? words : ["nothing to do"]), ...same].join(", ");
}

/** `Sat 14 Nov`. */
export function dayName(time: number, timezone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    weekday: "short",
    day: "numeric",
    month: "short",
  });
  return parts.format(time).replace(",", "");
}

/** The jobs that need a person, a line each, with why. */
export function needLines(rows: readonly JobRow[]): string[] {
  const red = rows.filter((row) => ["failed", "stuck", "late"].includes(row.verdict.state));
  const width = Math.max(0, ...red.map((row) => row.name.length));
  return red.map((row) => {
    const why = row.verdict.state === "failed" ? row.runs.at(-1)?.message : null;
    return `  ${row.name.padEnd(width)}  ${row.verdict.text}${why ? ` - ${why}` : ""}`;
  });
}

/** Each field that moved, a line each. */
export function driftLines(plan: Plan): string[] {
  const value = (one: FieldChange) =>
    `${one.path} is ${String(one.actual ?? "gone")}, declared ${String(one.after ?? "nowhere")}`;
  return plan.changes.flatMap((change) =>
    change.fields.filter((field) => field.kind !== "declared").map((field) => `  ! ${change.name}: ${value(field)}`),
  );
}

/** The runs of the week in one line. */
export function runsLine({ runs }: DemoSummary): string {
  return `${count(runs.done, "run")} done, ${runs.failed} failed, ${runs.late} late, ${runs.lost} hanging`;
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;

/** The processes that the runs are part of, and those that are not well, with why. */
export function processLines({ processes, tasks, runs }: DemoRuns, unwell: readonly Unwell[]): string[] {
  const width = Math.max(0, ...unwell.map(({ health }) => nameOf(health).length));
  return [
    `${count(runs, "run")} collected, as steps of ${processes} processes with ${count(tasks, "task")} and of jobs that none names. headgate runs status:`,
    ...unwell.flatMap(({ health, cause }) => [
      `  ${nameOf(health).padEnd(width)}  ${health.processingDate}  ${health.sentence}`,
      ...(cause === undefined ? [] : [`  ${" ".repeat(width)}  ${cause}`]),
    ]),
  ];
}

const nameOf = ({ projectCode, processLoad }: Unwell["health"]) => `${projectCode}/${processLoad}`;

const sourceLine = ({ source, units, days, skipped }: IngestedSource): string => {
  const beside = skipped.length === 0 ? "" : `, ${skipped.length} not readable`;
  return `  ${source}: ${count(units.read, "unit")}, ${count(days.length, "day")}${beside}`;
};

/** What is in the store now, compared with the truth, and what nothing that was left behind can show. */
export function lineageLines({ report, logBytes, edges, score, consoles, waves }: DemoLineage): string[] {
  const reasons = new Map<string, number>();
  for (const { why } of score.hidden) reasons.set(why, (reasons.get(why) ?? 0) + 1);
  return [
    `The week has left ${(logBytes / 1e6).toFixed(0)} MB of access logs, the consoles of drivers, and the catalog's own lineage. headgate lineage ingest:`,
    ...report.sources.map(sourceLine),
    `The store knows ${count(edges, "edge")}; ${score.claims} say what a job does to a table. Compared with what truly happened: ${percent(score.precision)} right, ${percent(score.recall)} of what can be known found`,
    ...score.wrong.map((one) => `  wrong: job ${one.jobId} ${one.access} ${one.table}`),
    ...score.missed.map((one) => `  missed: ${one.job} ${one.access} ${one.table}: ${one.why}`),
    ...(reasons.size === 0 ? [] : ["  What happened and nothing shows:"]),
    ...[...reasons].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([why, n]) => `    ${n} × ${why}`),
    `Consoles have printed OpenLineage events: ${consoles.events} found, ${consoles.missed} missed, ${consoles.cut} cut off where a driver was killed.`,
    `A migration of these jobs and tables would take ${count(waves, "wave")}.`,
  ];
}

/** How to go on while the page is served. @param shown the folder as a person would type it */
export function goOnLines(shown: string, loginUrl: string): string[] {
  const folder = /^[\w./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`;
  return [
    "",
    "The page (this link signs you in once, within 10 minutes):",
    `  ${loginUrl}`,
    "In another terminal:",
    `  headgate -C ${folder} jobs list          the jobs, worst first`,
    `  headgate -C ${folder} jobs plan          what differs, per field`,
    `  headgate -C ${folder} jobs apply         puts it back`,
    `  headgate -C ${folder} jobs adopt --all   takes the jobs that nobody declared`,
    `  headgate -C ${folder} runs status        the processes, worst first`,
    `  headgate -C ${folder} lineage explain silver.orders   who reads and writes it, and how that is known`,
    "Schedules go on while this runs. Ctrl-C ends it.",
  ];
}
