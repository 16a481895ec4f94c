/** A plan as text: faults first, then one block a job with its fields and whom it hurts, then the sum. */
import {
  type Change,
  type ChangeAction,
  type FieldChange,
  hasDifferences,
  type Impact,
  type OtherManager,
  type Plan,
} from "../../model/plan.ts";
import { type FieldSign, fieldLine } from "./field.ts";
import { leavesOf } from "./leaves.ts";
import { problemLines } from "./problems.ts";
import { safe } from "./safe.ts";
import { paint, type Style, type Tone } from "./style.ts";
import { shortTime } from "./time.ts";
import { count } from "./value.ts";
import { pad } from "./width.ts";

/** What stands before a job of each action. */
export const ACTION_SIGN: Record<ChangeAction, string> = {
  create: "+",
  update: "~",
  recreate: "±",
  recover: "↻",
  delete: "-",
  noop: " ",
  conflict: "!",
  refused: "!",
};

export const ACTION_TONE: Record<ChangeAction, Tone> = {
  create: "good",
  update: "warn",
  recreate: "warn",
  recover: "change",
  delete: "bad",
  noop: "faint",
  conflict: "bad",
  refused: "bad",
};

const FIELD_TONE: Record<FieldSign, Tone> = { "+": "good", "-": "bad", "~": "warn", "!": "odd" };

const ORDER: readonly ChangeAction[] = ["create", "update", "recreate", "recover", "delete", "conflict", "refused"];

/** Options of {@link planText}. */
export interface PlanTextOptions {
  /** Shows every field of a new job instead of their number, and values whole. */
  whole?: boolean;
}

/** `1 create, 2 update (1 drifted), 1 delete (held); 41 unchanged`. */
export function summaryText(plan: Plan): string {
  const { summary } = plan;
  const held = plan.changes.filter((change) => change.held === true).length;
  const some = ORDER.flatMap((action) => {
    const number = summary[action];
    if (number === 0) return [];
    const note = action !== "delete" || held === 0 ? "" : held === number ? " (held)" : ` (${held} held)`;
    return [`${number} ${action}${note}`];
  });
  const changed = some.length === 0 ? "no changes" : some.join(", ");
  const drift = summary.drift === 0 ? "" : `, ${summary.drift} with drift`;
  return `${changed}${drift}; ${summary.noop} unchanged`;
}

/** `1 run live · next start Sat 02:30 UTC · called by ingest/trigger`, or "" when it hurts nobody. */
export function impactText(impact: Impact, now: string, timezone: string): string {
  const parts: string[] = [];
  if (impact.liveRuns === null) parts.push("live runs unknown");
  else if (impact.liveRuns > 0) parts.push(`${count(impact.liveRuns, "run")} live`);
  if (impact.nextStart !== null) parts.push(`next start ${shortTime(impact.nextStart, now, timezone)} ${timezone}`);
  if (impact.calledBy.length > 0) {
    parts.push(
      `called by ${impact.calledBy.map((caller) => `${caller.resource ?? caller.name}/${caller.taskKey}`).join(", ")}`,
    );
  }
  if (impact.downstream.length > 0) {
    const tables = impact.downstream.filter(({ kind }) => kind === "dataset").length;
    const jobs = impact.downstream.length - tables;
    parts.push(`feeds ${feedsText(impact, tables, jobs)}`);
  }
  return safe(parts.join(" · "));
}

/** Names of jobs that are written out. */
const NAMED = 4;

/** `14 tables, 6 jobs: gl_post, churn model and 4 more; 30 further down`; what only may be is marked. */
function feedsText({ downstream, further }: Impact, tables: number, jobs: number): string {
  const counts = [tables > 0 ? count(tables, "table") : "", jobs > 0 ? count(jobs, "job") : ""];
  const readers = downstream.filter(({ kind }) => kind === "job");
  const names = readers
    .slice(0, NAMED)
    .map(({ resource, name, unsure }) => `${resource ?? name}${unsure === true ? "?" : ""}`);
  const rest = readers.length > NAMED ? ` and ${readers.length - NAMED} more` : "";
  const beyond = (further?.tables ?? 0) + (further?.jobs ?? 0);
  return [
    counts.filter((part) => part !== "").join(", "),
    names.length > 0 ? `: ${names.join(", ")}${rest}` : "",
    beyond > 0 ? `; ${beyond} further down` : "",
  ].join("");
}

/** Said once for a plan whose lineage nobody knows: that no reader is named does not mean that there is none. */
export const UNKNOWN_LINEAGE = "whom the changes feed is not known: the store has no lineage (headgate lineage ingest)";

/** Said first of a plan that another tool carries out. */
export const managedText = (tool: OtherManager): string =>
  `what ${tool === "bundle" ? "databricks bundle deploy" : "terraform apply"} would do; headgate explains it and never applies it`;

/** Whether {@link UNKNOWN_LINEAGE} is to be said. */
export const isLineageUnknown = (plan: Plan): boolean => plan.lineage === null;

/** Columns of a value with `--verbose`: as good as whole. */
const WHOLE = 10_000;

/** What a change brings: its fields, for a new job every leaf of its settings. */
function fieldsOf(change: Pick<Change, "action" | "fields" | "desired" | "queries">): FieldChange[] {
  if (change.action !== "create" || change.fields.length > 0 || change.desired === undefined) return change.fields;
  const settings = leavesOf(change.desired).map(({ path, value }) => ({ path, after: value }));
  const queries = (change.queries ?? []).map(({ name, text }) => ({
    path: `queries['${name}'].query_text`,
    after: text,
  }));
  return [...settings, ...queries].map((field) => ({ ...field, kind: "declared" }));
}

/** The fields of a change, one line each, indented. */
export function changeFieldLines(
  style: Style,
  change: Pick<Change, "action" | "fields" | "desired" | "queries">,
  options: PlanTextOptions = {},
): string[] {
  const shown = fieldsOf(change).map((field) => fieldLine(field, options.whole === true ? WHOLE : undefined));
  const width = Math.min(60, Math.max(0, ...shown.map(({ path }) => path.length)));
  return shown.map(({ sign, path, text, place }) => {
    const where = place === "" ? "" : paint(style, "faint", `  ${place}`);
    return `    ${paint(style, FIELD_TONE[sign], `${sign} ${pad(path, width)}`)}  ${text}${where}`;
  });
}

/** One change as a block of lines: what and why, its fields, what to do, whom it hurts. */
export function changeLines(
  style: Style,
  change: Change,
  plan: Pick<Plan, "madeAt">,
  options: PlanTextOptions,
): string[] {
  const { action } = change;
  const id = change.jobId === null ? "" : ` (${change.jobId})`;
  const name = change.name === change.resource ? "" : ` ${JSON.stringify(change.name)}`;
  const collapsed = (action === "create" || action === "delete") && options.whole !== true;
  const fields = collapsed ? fieldsOf(change).length : 0;
  const number = fields > 0 ? `, ${count(fields, "field")}` : "";
  const head = paint(style, ACTION_TONE[action], `${ACTION_SIGN[action]} ${safe(change.resource)}`);
  const held = change.held === true ? paint(style, "warn", " [held]") : "";
  const lines = [`${head}${paint(style, "faint", safe(name + id))}  ${safe(change.reason)}${number}${held}`];
  if (!collapsed) lines.push(...changeFieldLines(style, change, options));
  if (change.hint !== undefined) lines.push(`    ${paint(style, "change", "hint:")} ${safe(change.hint)}`);
  const impact = impactText(change.impact, plan.madeAt, style.timezone);
  if (impact !== "") lines.push(`    ${paint(style, "faint", `impact: ${impact}`)}`);
  return lines;
}

/** The plan as text, ended by its sum. */
export function planText(style: Style, plan: Plan, options: PlanTextOptions = {}): string {
  const lines: string[] = [];
  if (plan.problems.length > 0) lines.push(...problemLines(style, plan.problems), "");
  if (plan.behind !== null) {
    const { appliedCommit, appliedBy, appliedAt } = plan.behind;
    const when = shortTime(appliedAt, plan.madeAt, style.timezone);
    const what = `behind: ${appliedBy} applied commit ${appliedCommit.slice(0, 12)} on ${when} ${style.timezone}, which is not part of this checkout`;
    lines.push(paint(style, "bad", `! ${safe(what)}`));
    lines.push(
      `    ${paint(style, "change", "hint:")} merge it first; --allow-behind applies anyway and undoes what is shown`,
      "",
    );
  }
  if (plan.managedBy !== undefined) lines.push(paint(style, "change", managedText(plan.managedBy)), "");
  else if (plan.state === null) {
    lines.push(paint(style, "warn", "first deployment: there is no state yet"), "");
  }
  for (const change of plan.changes) {
    // Nothing differs, but somebody has to know something: a copy carries its marker.
    if (change.action === "noop" && change.hint === undefined) continue;
    lines.push(...changeLines(style, change, plan, options), "");
  }
  lines.push(paint(style, "strong", safe(`Plan for ${plan.target}: ${summaryText(plan)}`)));
  if (isLineageUnknown(plan)) lines.push(paint(style, "faint", UNKNOWN_LINEAGE));
  const held = plan.changes.filter((change) => change.held === true).length;
  if (held > 0) lines.push(`${count(held, "deletion")} held back; apply with --allow-delete ${held} to delete`);
  if (plan.unmanaged > 0) {
    lines.push(paint(style, "faint", `${count(plan.unmanaged, "job")} in the workspace not declared here, left alone`));
  }
  if (plan.problems.some(({ severity }) => severity === "error") && hasDifferences(plan)) {
    lines.push(paint(style, "warn", "Jobs with errors are left out of this plan."));
  }
  return `${lines.join("\n")}\n`;
}
