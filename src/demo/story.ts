/** The sentences of the demo. Pure. */
import type { FieldChange, Plan } from "../model/plan.ts";
import type { JobRow } from "../model/view.ts";
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
    "Schedules go on while this runs. Ctrl-C ends it.",
  ];
}
