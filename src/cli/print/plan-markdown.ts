/** A plan as Markdown for a pull request: a table of jobs, and a foldable diff for each. */
import type { Change, Plan } from "../../model/plan.ts";
import { formatProblem } from "../../model/problem.ts";
import { fieldLine } from "./field.ts";
import { ACTION_SIGN, impactText, isLineageUnknown, managedText, summaryText, UNKNOWN_LINEAGE } from "./plan.ts";
import { sortedProblems } from "./problems.ts";
import { safe } from "./safe.ts";
import { count } from "./value.ts";

/** Text that stands for itself in Markdown, also in a table cell. */
function plain(text: string): string {
  return safe(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_{}[\]#|~@]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A code block whose fence is longer than any run of backticks in it. */
function fenced(language: string, lines: readonly string[]): string[] {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)));
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence];
}

function fold(change: Change): string[] {
  if (change.fields.length === 0 && change.hint === undefined) return [];
  // GitHub colours lines by their first character: "~" has no colour, "!" has
  const lines = change.fields.map((field) => {
    const { sign, path, text, place } = fieldLine(field);
    return `${sign === "~" ? "!" : sign} ${path}  ${text}${place === "" ? "" : `  (${place})`}`;
  });
  return [
    "<details>",
    `<summary>${plain(change.resource)}: ${plain(change.reason)}</summary>`,
    "",
    ...(lines.length > 0 ? fenced("diff", lines) : []),
    ...(change.hint === undefined ? [] : [plain(change.hint)]),
    "</details>",
    "",
  ];
}

/** The plan as Markdown; times in `timezone`. */
export function planMarkdown(plan: Plan, timezone: string): string {
  const lines = [`### Plan for ${plain(plan.target)}: ${summaryText(plan)}`, ""];
  if (plan.managedBy !== undefined) lines.push(plain(managedText(plan.managedBy)), "");
  for (const problem of sortedProblems(plan.problems)) {
    lines.push(`- **${problem.severity}** ${plain(formatProblem(problem))}`);
  }
  if (plan.problems.length > 0) lines.push("");
  if (plan.behind !== null) {
    lines.push(
      `> **Behind**: ${plain(plan.behind.appliedBy)} applied commit ${plain(plan.behind.appliedCommit.slice(0, 12))}, which is not part of this branch.`,
      "",
    );
  }
  const changes = plan.changes.filter(({ action, hint }) => action !== "noop" || hint !== undefined);
  if (changes.length > 0) {
    lines.push("| | Job | Why | Fields | Impact |", "|---|---|---|---|---|");
    for (const change of changes) {
      const held = change.held === true ? " (held)" : "";
      const impact = impactText(change.impact, plan.madeAt, timezone);
      const cells = [
        `${plain(ACTION_SIGN[change.action])} ${change.action}${held}`,
        plain(change.resource),
        plain(change.reason),
        change.fields.length === 0 ? "" : count(change.fields.length, "field"),
        plain(impact),
      ];
      lines.push(`| ${cells.join(" | ")} |`);
    }
    lines.push("", ...changes.flatMap(fold));
  }
  if (isLineageUnknown(plan)) lines.push(plain(UNKNOWN_LINEAGE), "");
  const commit =
    plan.git === null ? "" : ` at ${plan.git.commit.slice(0, 12)}${plan.git.dirty ? " with local changes" : ""}`;
  lines.push(`<sub>headgate ${plain(plan.headgate)}, project ${plain(plan.project)}${plain(commit)}</sub>`);
  return `${lines.join("\n")}\n`;
}
