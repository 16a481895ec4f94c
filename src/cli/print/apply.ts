/** An apply: a line for each job while it goes, and the sum at the end. */
import type { ApplyReport } from "../../jobs/room.ts";
import type { ApplyItem } from "../../model/view.ts";
import { formatJson } from "../../util/int64-json.ts";
import { safe } from "./safe.ts";
import { paint, type Style, type Tone } from "./style.ts";

const STATE_TONE: Record<ApplyItem["state"], Tone> = {
  waiting: "faint",
  running: "change",
  done: "good",
  failed: "bad",
  skipped: "warn",
};

/** `[3/12] update nightly_sales done (913862)`, and below it why it failed. */
export function itemText(style: Pick<Style, "color">, item: ApplyItem, position: { at: number; of: number }): string {
  const id = item.jobId === null ? "" : ` (${item.jobId})`;
  const state = paint(style, STATE_TONE[item.state], item.state);
  const lines = [`[${position.at}/${position.of}] ${safe(`${item.action} ${item.resource}`)} ${state}${safe(id)}`];
  if (item.error !== null) {
    lines.push(`    ${paint(style, "bad", `${item.error.code}:`)} ${safe(item.error.message)}`);
    if (item.error.hint !== null) lines.push(`    ${paint(style, "change", "hint:")} ${safe(item.error.hint)}`);
  }
  return lines.join("\n");
}

const LAST_WORD: Record<number, string> = {
  1: "Some jobs failed and repeating will not help; see above.",
  75: "What is left can be repeated: run the same command again.",
  77: "Some jobs were not allowed; the messages above name the grant.",
  130: "Interrupted. What was done is recorded; run the same command again to go on.",
};

/** The sum of an apply as text. */
export function applyText(style: Style, report: ApplyReport): string {
  const { done, failed, skipped, held } = report.summary;
  const parts = [`${done} done`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  if (held > 0) parts.push(`${held} held back`);
  const tone = report.exitCode === 0 ? "good" : "bad";
  const lines = [paint(style, tone, `Applied: ${parts.join(", ")}; state serial ${report.serial}`)];
  if (report.error !== undefined) lines.push(paint(style, "bad", safe(report.error)));
  const last = LAST_WORD[report.exitCode];
  if (last !== undefined) lines.push(last);
  return `${lines.join("\n")}\n`;
}

/** The report for machines, jobs by resource. */
export function applyJson(report: ApplyReport): string {
  const { summary, serial, exitCode, error: unsaved } = report;
  const items = [...report.items]
    .sort((a, b) => (a.resource < b.resource ? -1 : a.resource > b.resource ? 1 : 0))
    .map(({ resource, action, state, jobId, error }) => ({ resource, action, state, jobId, error }));
  return formatJson({ items, summary, serial, exitCode, error: unsaved }, 2);
}
