/** What keeps the next stage from beginning, in sentences. */
import type { CanAdvanceAnswer } from "../../model/run-answer.ts";
import type { CausesOfRun, RunCause } from "../../model/view-runs.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";
import { count } from "./value.ts";

type Row = Record<string, unknown>;

/** Causes that say what no blocker says: a task that takes too long, a table that is not what it should be. */
const BESIDE: readonly RunCause["kind"][] = ["running", "table"];

/** The blockers, a sentence each, and what else keeps their runs from being whole. */
export function blockersText(
  style: Style,
  { items, sentences, causes }: { items: readonly Row[]; sentences: readonly string[]; causes: readonly CausesOfRun[] },
): string {
  if (items.length === 0) return paint(style, "good", "nothing blocks");
  const lines = items.map((row, index) => {
    const tone = row.BlockReason === "FAILED" || row.BlockReason === "LOST" ? "bad" : "faint";
    return paint(style, tone, safe(sentences[index] ?? String(row.TaskName)));
  });
  const beside = causes.flatMap(({ projectCode, processLoad, processingDate, causes: told }) =>
    told
      .filter(({ kind }) => BESIDE.includes(kind))
      .map(({ sentence }) => safe(`${projectCode}/${processLoad} ${processingDate}: ${sentence}`)),
  );
  return [...lines, ...beside, paint(style, "strong", count(items.length, "blocker"))].join("\n");
}

/** Whether the next stage may begin. */
export function canAdvanceText(style: Style, answer: CanAdvanceAnswer): string {
  const lines = [paint(style, answer.advance ? "good" : "bad", safe(answer.sentence))];
  const more = answer.blockers.filter(({ sentence }) => sentence !== answer.sentence);
  for (const { sentence } of more) lines.push(`  ${safe(sentence)}`);
  for (const { sentence } of answer.warnings) lines.push(`  ${paint(style, "warn", safe(`optional: ${sentence}`))}`);
  return lines.join("\n");
}
