/** What a pass of `runs observe` did, in words. */
import type { ObserveReport } from "../../model/observe-report.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";
import { shortTime } from "./time.ts";

const MOST = 10;

const count = (value: number, one: string, many = `${one}s`): string =>
  `${value.toLocaleString("en-US")} ${value === 1 ? one : many}`;

/** At most so many, and how many more there are. */
function some(texts: readonly string[]): string[] {
  const rest = texts.length - MOST;
  return rest > 0 ? [...texts.slice(0, MOST), `… and ${rest} more`] : [...texts];
}

/** A line a source, and below it what a person may want to look at. @param now UTC text */
export function observeText(style: Style, reports: readonly ObserveReport[], now: string): string {
  return reports.map((report) => oneSource(style, report, now)).join("\n");
}

function oneSource(style: Style, report: ObserveReport, now: string): string {
  const name = paint(style, "strong", report.source);
  const { movedAt } = report.cursor;
  const time = (at: string) => shortTime(at, now, style.timezone);
  const next = movedAt === null ? "" : `; read up to ${time(movedAt)} ${style.timezone}`;
  const lines: string[] = [];
  const running = report.open > 0 ? ` (${report.open} under way)` : "";
  if (report.fresh + report.commands + report.refused + report.discovered.length === 0) {
    const again = report.runs === 0 ? "" : `, ${count(report.runs, "run")} as before${running}`;
    lines.push(`${name}: nothing new${again}${next}`);
  } else {
    const span = report.from === null ? "" : `, started ${time(report.from)} – ${time(report.to ?? report.from)}`;
    const did = [
      count(report.steps, "step"),
      `${report.fresh.toLocaleString("en-US")} new`,
      count(report.commands, "command"),
    ];
    lines.push(`${name}: ${count(report.runs, "run")}${running}${span}: ${did.join(", ")}${next}`);
  }
  for (const key of some(report.discovered)) lines.push(`  found ${safe(key)}: no catalogue names it`);
  for (const text of some(report.contradictions)) lines.push(`  ${paint(style, "warn", "!")} ${safe(text)}`);
  if (report.refused > 0) lines.push(`  ${count(report.refused, "command")} refused: the step does not allow it`);
  return lines.join("\n");
}
