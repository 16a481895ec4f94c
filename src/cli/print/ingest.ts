/** What a pass of `lineage ingest` did, in words and as JSON. */
import type { IngestedDay, IngestedSource, IngestReason, IngestReport } from "../../model/ingest-report.ts";
import { formatDuration } from "../../util/duration.ts";
import { formatJson } from "../../util/int64-json.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";

const MOST = 10;

const REASONS: Readonly<Record<IngestReason, string>> = {
  new: "new",
  changed: "something of it came or changed",
  rules: "computed by newer rules",
  inputs: "runs or tables it is attributed by changed",
  beside: "a run goes on from the day beside it",
};

const group = (value: number): string => value.toLocaleString("en-US");
const count = (value: number, one: string, many = `${one}s`): string => `${group(value)} ${value === 1 ? one : many}`;

export function bytesText(bytes: number): string {
  if (bytes < 1_000_000) return `${group(Math.ceil(bytes / 1_000))} kB`;
  return bytes < 1e9 ? `${group(Math.round(bytes / 1e6))} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** `storage-logs: reading 12 of 232, 14 MB: logs/…/PT1H.json`. */
export function ingestProgressText(at: {
  source: string;
  step: "reading" | "computing";
  what: string;
  done: number;
  total: number;
  bytes: number;
}): string {
  const bytes = at.bytes > 0 && at.step === "reading" ? `, ${bytesText(at.bytes)}` : "";
  return `${at.source}: ${at.step} ${group(at.done + 1)} of ${group(at.total)}${bytes}: ${safe(at.what)}`;
}

function dayLine({ day, why, edges, changed }: IngestedDay): string {
  return `  ${day}: ${changed ? count(edges, "edge") : "as before"} (${REASONS[why]})`;
}

/** At most so many, and how many more there are. */
function some(lines: readonly string[]): string[] {
  const rest = lines.length - MOST;
  return rest > 0 ? [...lines.slice(0, MOST), `  … and ${group(rest)} more`] : [...lines];
}

function sourceLines(style: Style, source: IngestedSource): string[] {
  const { units, days, held, skipped, failed } = source;
  const name = paint(style, "strong", safe(source.source));
  const lines: string[] = [];
  const nothing = units.read + days.length + held.length === 0;
  if (failed !== null) lines.push(`${name}: ${paint(style, "bad", safe(failed.message))}`);
  if (failed !== null && failed.hint !== null) lines.push(`  ${safe(failed.hint)}`);
  if (nothing && failed === null) lines.push(`${name}: nothing new, ${group(units.known)} known`);
  if (!nothing) {
    const bytes = units.bytes > 0 ? ` (${bytesText(units.bytes)})` : "";
    const read = `${group(units.read)} read${bytes}, ${group(units.known)} known`;
    lines.push(`${name}: ${read}, ${count(days.length, "day")} computed in ${formatDuration(source.milliseconds)}`);
  }
  lines.push(...some(days.map(dayLine)));
  for (const { day, why } of held) lines.push(`  ${paint(style, "warn", day)}: left as it is: ${safe(why)}`);
  lines.push(...some(skipped.map(({ what, why }) => `  skipped ${safe(what)}: ${safe(why)}`)));
  return lines;
}

export function ingestText(style: Style, report: IngestReport): string {
  return `${report.sources.flatMap((source) => sourceLines(style, source)).join("\n")}\n`;
}

export function ingestJson(report: IngestReport): string {
  return formatJson(report, 2);
}
