/** What two targets declare differently, job by job. */
import type { TargetComparison } from "../../model/target-comparison.ts";
import { fieldLine } from "./field.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";
import { count } from "./value.ts";

/** The comparison as text. */
export function diffText(style: Style, { first, second, same, jobs }: TargetComparison): string {
  const lines = jobs.flatMap((job) => {
    const name = `${safe(job.resource)} ${paint(style, "faint", JSON.stringify(safe(job.name)))}`;
    if (job.where !== "both") {
      const sign = job.where === "second" ? paint(style, "good", "+") : paint(style, "bad", "-");
      return [`${sign} ${name}  only in ${job.where === "second" ? second : first}`];
    }
    const fields = job.fields.map((field) => {
      const { sign, path, text } = fieldLine({ ...field, kind: "declared" });
      return `    ${sign} ${path}  ${text}`;
    });
    return [`${paint(style, "change", "~")} ${name}  ${count(job.fields.length, "field")}`, ...fields];
  });
  const sum = `${first} → ${second}: ${count(jobs.length, "job")} differ, ${same} the same`;
  return `${[...lines, ...(lines.length > 0 ? [""] : []), paint(style, "strong", safe(sum))].join("\n")}\n`;
}
