/** A plan as Markdown, for a pull request or a ticket. */

import type { PlanView } from "../../../../src/server/api.ts";
import type { PlanChange } from "../../../api/plan-change.ts";
import { foundOf, groupFields, valueText } from "../../../fields/group.ts";
import { shortPath, stepsOf } from "../../../fields/path.ts";
import { counted } from "../../../words/count.ts";
import { longNear } from "../../../words/time.ts";
import { ACTIONS, differing, headOf } from "./actions.ts";

/** Code in one line: longer fences where the text has backticks itself, pipes kept out of tables. */
function code(text: string): string {
  const flat = text.replaceAll("\n", "⏎").replaceAll("|", "\\|");
  const fence = "`".repeat(Math.max(0, ...[...flat.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  const pad = /^`|`$/.test(flat) ? " " : "";
  return `${fence}${pad}${flat}${pad}${fence}`;
}

function fieldLines(change: PlanChange): string[] {
  if (change.fields.length === 0) return [];
  const lines = ["", "| | field | before | after | |", "|---|---|---|---|---|"];
  for (const { rows } of groupFields(change.fields))
    for (const { field, sign, noun, inside } of rows) {
      const found = foundOf(field);
      const whole = noun && `${noun}, ${counted(inside.length, "field")}`;
      const before = found === undefined ? "" : whole ? whole : code(valueText(found));
      const after = field.after === undefined ? "" : whole ? `new ${whole}` : code(valueText(field.after));
      lines.push(`| ${sign} | ${code(shortPath(stepsOf(field.path)))} | ${before} | ${after} | ${field.kind} |`);
    }
  return lines;
}

/** Whom a change hurts, in one line; empty where nobody. */
export function impactLine(impact: PlanChange["impact"], now: Date, zone: string): string {
  const parts: string[] = [];
  if (impact.liveRuns === null) parts.push("live runs unknown");
  else if (impact.liveRuns > 0) parts.push(`${counted(impact.liveRuns, "run")} live`);
  if (impact.nextStart) parts.push(`next start ${longNear(impact.nextStart, now, zone)}`);
  if (impact.calledBy.length > 0)
    parts.push(`called by ${impact.calledBy.map((caller) => caller.resource ?? caller.name).join(", ")}`);
  if (impact.downstream.length > 0)
    parts.push(`feeds ${impact.downstream.map(({ name, resource }) => resource ?? name).join(", ")}`);
  return parts.join(" · ");
}

/** The whole plan. Times are in `zone`. */
export function planMarkdown(plan: PlanView, now: Date, zone: string): string {
  const changes = differing(plan);
  const head = `## Plan for ${plan.target}: ${changes.length === 0 ? "nothing changes" : `${counted(changes.length, "job")} change`}`;
  const sum = ACTIONS.flatMap(({ action, word, sign }) =>
    plan.summary[action] > 0 ? [`${sign}${plan.summary[action]} ${word}`] : [],
  );
  const from = plan.git ? ` from \`${plan.git.branch ?? "detached"}@${plan.git.commit.slice(0, 7)}\`` : "";
  const lines = [head, "", `${[...sum, `${plan.summary.noop} unchanged`].join(" · ")}${from}`];
  for (const { action, title, sign } of ACTIONS) {
    const group = changes.filter((change) => change.action === action);
    if (group.length === 0) continue;
    lines.push("", `### ${title} (${group.length})`);
    for (const change of group) {
      lines.push("", `**${sign} ${change.resource}** ${headOf(change)}${change.held ? " (held back)" : ""}`);
      if (action === "update" || action === "recover") lines.push(...fieldLines(change));
      const impact = impactLine(change.impact, now, zone);
      if (impact !== "") lines.push("", impact);
      if (change.hint) lines.push("", `> ${change.hint}`);
    }
  }
  for (const { place, message, hint } of plan.problems)
    lines.push(
      "",
      `> ${place ? `${place.file}:${place.line}:${place.column} ` : ""}${message}${hint ? `; ${hint}` : ""}`,
    );
  return `${lines.join("\n")}\n`;
}
