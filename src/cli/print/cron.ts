/** An explained schedule: in words, with its next starts in its own zone and in UTC. */
import { formatJson } from "../../util/int64-json.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";
import { longTime } from "./time.ts";

/** What `jobs cron` found out. */
export interface CronReport {
  expression: string;
  timezone: string;
  words: string;
  /** UTC text. */
  after: string;
  /** UTC texts. */
  starts: string[];
}

export function cronText(style: Style, report: CronReport): string {
  const { expression, timezone, words, starts } = report;
  const lines = [`${paint(style, "strong", safe(expression))}  ${safe(words)}, ${safe(timezone)}`];
  if (starts.length === 0) lines.push("never starts again");
  // Seconds where they tell starts apart.
  const isFine = starts.some((start) => start.slice(17, 19) !== "00");
  for (const start of starts) {
    const second = isFine ? start.slice(16, 19) : "";
    const utc = timezone === "UTC" ? "" : paint(style, "faint", `  ${start.replace(".000Z", "Z")}`);
    lines.push(`  ${longTime(start, timezone)}${second}${utc}`);
  }
  return `${lines.join("\n")}\n`;
}

export function cronJson(report: CronReport): string {
  const { expression, timezone, words, after, starts } = report;
  return formatJson({ expression, timezone, words, after, starts }, 2);
}
