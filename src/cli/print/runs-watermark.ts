/** Watermarks and modes: what is read from, what moved, and why. */
import type { ActiveWatermark, ModeAnswer, WatermarkAnswer, WatermarkHistoryItem } from "../../model/run-answer.ts";
import { moveLines } from "./runs-step.ts";
import { moment } from "./runs-time.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";
import { type Cell, type Column, table } from "./table.ts";
import { longTime } from "./time.ts";

const HISTORY: readonly Column[] = [
  { title: "CHANGE", align: "right" },
  { title: "WHEN" },
  { title: "WATERMARK", least: 10 },
  { title: "BEFORE" },
  { title: "AFTER" },
  { title: "CAUSE" },
  { title: "BY", least: 6 },
  { title: "RUN", least: 10 },
  { title: "REASON", least: 10 },
];

/** The value a task reads from: alone on its line, so that a shell can take it. */
export function activeText({ activeValue }: ActiveWatermark): string {
  return safe(activeValue);
}

/** What became of a watermark. */
export function movedText(style: Style, moved: WatermarkAnswer, preview = false): string {
  const { name, before, after, sentence } = moved;
  const change = `${before ?? "none"} → ${after ?? "none"}`;
  const what = preview ? "would be set" : moved.moved ? "moved" : "stays";
  return [
    `${paint(style, "strong", safe(name))} ${what}  ${change}`,
    ...(sentence ? [`    ${safe(sentence)}`] : []),
  ].join("\n");
}

/** The changes, newest first. */
export function watermarkHistoryText(style: Style, items: readonly WatermarkHistoryItem[]): string {
  if (items.length === 0) return "no watermark has moved yet";
  const rows = items.map((item): Cell[] => [
    String(item.seq),
    longTime(item.at, style.timezone),
    { text: item.name, tone: "strong" },
    item.before ?? "none",
    item.after ?? "none",
    item.cause,
    item.actor,
    item.executionId ?? "",
    item.reason ?? "",
  ]);
  return [...table(style, HISTORY, rows), "", paint(style, "faint", `times in ${style.timezone}`)].join("\n");
}

/** What a process is run for. */
export function modeText(style: Style, mode: ModeAnswer, now: string): string {
  const name = safe(`${encodeURIComponent(mode.projectCode)}/${encodeURIComponent(mode.processLoad)}`);
  const what = {
    live: "runs live: what is new since the last run",
    historic: `runs for ${mode.historicDate ?? "a past date"}`,
    bulk: "runs in bulk: everything is read again",
  }[mode.mode];
  const lines = [`${paint(style, "strong", name)} ${what}`];
  if (mode.since !== null)
    lines.push(`    since ${moment(mode.since, now, style.timezone)}, by ${safe(mode.actor ?? "nobody")}`);
  if (mode.until !== null) lines.push(`    until ${moment(mode.until, now, style.timezone)}`);
  return [...lines, ...moveLines(mode.watermarks)].join("\n");
}
