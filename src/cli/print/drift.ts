/** What moved in the workspace behind our back, job by job. */
import type { Plan } from "../../model/plan.ts";
import { changeLines } from "./plan.ts";
import { problemLines } from "./problems.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";
import { count } from "./value.ts";

/** The drift report as text; `plan` holds only jobs that moved. */
export function driftText(style: Style, plan: Plan): string {
  const lines: string[] = [];
  if (plan.problems.length > 0) lines.push(...problemLines(style, plan.problems), "");
  const moved = plan.changes.filter(({ action }) => action !== "noop");
  for (const change of moved) lines.push(...changeLines(style, change, plan, {}), "");
  const sum = moved.length === 0 ? "nothing moved" : `${count(moved.length, "job")} moved in the workspace`;
  lines.push(paint(style, moved.length === 0 ? "good" : "strong", safe(`Drift in ${plan.target}: ${sum}`)));
  if (moved.length > 0) lines.push("headgate jobs plan shows what applying would do about it");
  return `${lines.join("\n")}\n`;
}
