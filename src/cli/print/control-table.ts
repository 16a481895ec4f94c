/** What stands in a control table, and what a load did to it. */
import type { LoadReport, TableReport } from "../../app.ts";
import { safe } from "./safe.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";
import { count } from "./value.ts";

/** `2 jobs with 5 tasks loaded into main.etl.control: 5 rows new, 0 changed, 1 deleted`. */
export function loadText(report: LoadReport): string {
  const { jobs, tasks, inserted, updated, deleted, notDeclared } = report;
  const done = `${count(inserted, "row")} new, ${updated} changed, ${deleted} deleted`;
  const lines = [`${count(jobs, "job")} with ${count(tasks, "task")} in ${report.table}: ${done}`];
  if (notDeclared.length > 0) {
    lines.push(`in the table but in none of these files, left alone: ${notDeclared.join(", ")}`);
  }
  return `${lines.map(safe).join("\n")}\n`;
}

/** A line a row: job, task, type, what it waits for, whether it runs; then the jobs that the rows became. */
export function tableText(style: Style, report: TableReport): string {
  const { columns, rows } = report;
  const old = report.version === "v0.1";
  const names = old
    ? ["module_name", "source_id", "source_type", "execution_order", "is_active"]
    : ["resource_id", "task_key", "task_type", "depends_on", "disabled"];
  const cells = rows
    .map((row) => names.map((name) => row[columns.indexOf(name)] ?? ""))
    .sort((a, b) => (a.join("\0") < b.join("\0") ? -1 : 1));
  const lines = table(
    style,
    names.map((title) => ({ title, least: 8 })),
    cells,
  );
  lines.push("", safe(`${report.table}: ${count(rows.length, "row")} of ${report.version}`));
  for (const { key, jobId, name } of report.jobs ?? []) lines.push(safe(`  ${key} is job ${jobId} ${name ?? ""}`));
  return `${lines.join("\n")}\n`;
}
