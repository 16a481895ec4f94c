/** What folding the log again found. */
import type { ReplayReport } from "../../app.ts";
import { formatTaskPath } from "../../util/task-path.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";
import { count } from "./value.ts";

/** The report as text; at most ten steps are named. */
export function replayText(style: Style, report: ReplayReport, onlyChecked: boolean): string {
  const { commands, steps, differing, verdicts } = report;
  const lines = differing
    .slice(0, 10)
    .map((step) => `  ${safe(formatTaskPath(step))} attempt ${step.attempt}, ${safe(step.processingDate)}`);
  if (differing.length > 10) lines.push(`  and ${differing.length - 10} more`);
  if (verdicts.length > 0) {
    lines.push(
      `${count(verdicts.length, "command")} would be judged otherwise today: ${verdicts.slice(0, 10).join(", ")}`,
    );
  }
  const found =
    differing.length === 0
      ? paint(style, "good", "every step is what the commands lead to")
      : paint(style, "bad", `${count(differing.length, "step")} ${onlyChecked ? "differ" : "put right"}`);
  return [`${count(commands, "command")}, ${count(steps, "step")}: ${found}`, ...lines].join("\n");
}
