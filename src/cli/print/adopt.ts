/** An adoption: which jobs are managed now, and the files that declare them. */
import type { AdoptReport } from "../../jobs/room.ts";
import { formatJson } from "../../util/int64-json.ts";
import { problemLines, sortedProblems } from "./problems.ts";
import { paint, type Style } from "./style.ts";
import { table } from "./table.ts";
import { count } from "./value.ts";

const COLUMNS = [{ title: "RESOURCE" }, { title: "ID" }, { title: "NAME", least: 12 }, { title: "FILE" }] as const;

/** The adoption as text. */
export function adoptText(style: Style, report: AdoptReport): string {
  const lines = problemLines(style, report.problems);
  if (lines.length > 0) lines.push("");
  if (report.adopted.length > 0) {
    lines.push(
      ...table(
        style,
        COLUMNS,
        report.adopted.map(({ resource, jobId, name, file }) => [resource, jobId, name, file]),
      ),
      "",
    );
  }
  lines.push(paint(style, "strong", `${count(report.adopted.length, "job")} adopted`));
  const isOther = report.problems.some(({ code }) => code === "development_target");
  if (report.adopted.length > 0 && !isOther) {
    lines.push("Commit the files; headgate jobs plan should find nothing to change.");
  }
  return `${lines.join("\n")}\n`;
}

/** The adoption for machines, jobs by resource. */
export function adoptJson(report: AdoptReport): string {
  const adopted = [...report.adopted]
    .sort((a, b) => (a.resource < b.resource ? -1 : a.resource > b.resource ? 1 : 0))
    .map(({ resource, jobId, name, file }) => ({ resource, jobId, name, file }));
  return formatJson({ count: adopted.length, adopted, problems: sortedProblems(report.problems) }, 2);
}
