/** A new project: its files and the next steps. */
import { formatJson } from "../../util/int64-json.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";

/** What `init` made. */
export interface InitReport {
  project: string;
  /** Absolute path. */
  folder: string;
  written: string[];
  /** Files that were there and stayed as they are. */
  kept: string[];
}

/** A word as a POSIX shell reads it back. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The report as text; `byEnv` when host and token come from the environment. */
export function initText(style: Style, report: InitReport, options: { shown: string; byEnv: boolean }): string {
  const lines = [
    ...report.written.map((file) => `${paint(style, "good", "+")} ${safe(file)}`),
    ...report.kept.map((file) => `  ${safe(file)} ${paint(style, "faint", "(was there, left as it is)")}`),
    "",
    `Project ${paint(style, "strong", safe(report.project))} is ready. Next:`,
  ];
  const steps: [string, string][] = [];
  if (options.shown !== ".") steps.push([`cd ${shellWord(options.shown)}`, ""]);
  if (options.byEnv) steps.push(["export DATABRICKS_HOST=https://… DATABRICKS_TOKEN=…", ""]);
  steps.push(["headgate doctor", "checks credentials and rights"]);
  steps.push(["headgate jobs plan", "shows what applying would change"]);
  steps.push(["headgate jobs apply", "changes it, after a question"]);
  const width = Math.max(...steps.map(([command, effect]) => (effect === "" ? 0 : command.length)));
  for (const [command, effect] of steps) {
    lines.push(effect === "" ? `  ${safe(command)}` : `  ${command.padEnd(width)}  ${paint(style, "faint", effect)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** The report for machines. */
export function initJson(report: InitReport): string {
  const { project, folder, written, kept } = report;
  return formatJson({ project, folder, written, kept }, 2);
}
