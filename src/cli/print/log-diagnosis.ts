/** What is known of one log, in words and as JSON. */
import type { LogDiagnosis } from "../../model/log-diagnosis.ts";
import { formatDuration } from "../../util/duration.ts";
import { formatJson } from "../../util/int64-json.ts";
import { bytesText } from "./ingest.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";

const group = (value: number): string => value.toLocaleString("en-US");
const count = (value: number, one: string, many = `${one}s`): string => `${group(value)} ${value === 1 ? one : many}`;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function accessLines({ access }: LogDiagnosis): string[] {
  if (access === null) return [];
  const span = access.from === null ? "" : `, ${access.from} to ${access.to}`;
  const lines = [
    `${count(access.requests, "request")}${span}`,
    `  ${percent(access.withCluster)} carry the id of a cluster`,
  ];
  if (access.attributed !== null) {
    lines.push(
      `  ${percent(access.attributed)} of those belong to one job, ${group(access.ambiguous)} to one of several`,
    );
  } else if (access.note !== null) lines.push(`  how much belongs to jobs is not known: ${access.note}`);
  for (const { operation, requests } of access.unknownOperations) {
    lines.push(`  ${count(requests, "request")} of an operation that is not known: ${safe(operation)}`);
  }
  return lines;
}

export function logDiagnosisText(style: Style, diagnosis: LogDiagnosis): string {
  const { bad, events, estimate } = diagnosis;
  const made = diagnosis.dialects.map(({ dialect, lines }) => `${dialect} (${group(lines)})`);
  const what = diagnosis.holds ?? (made.length === 0 ? "nothing" : made.join(", "));
  const lines = [
    `${paint(style, "strong", safe(diagnosis.file))}: ${count(diagnosis.lines, "line")}, ${bytesText(diagnosis.bytes)}: ${safe(what)}`,
  ];
  if (bad.count > 0) {
    lines.push(paint(style, "warn", `${count(bad.count, "line")} cannot be read:`));
    for (const { line, why } of bad.first) lines.push(`  line ${group(line)}: ${why}`);
    if (bad.count > bad.first.length) lines.push(`  … and ${group(bad.count - bad.first.length)} more`);
  }
  lines.push(...accessLines(diagnosis));
  if (events.found + events.torn + events.invalid > 0) {
    const more = [
      `${group(events.repeated)} repeated`,
      `${group(events.torn)} torn`,
      `${group(events.invalid)} invalid`,
    ];
    lines.push(`${count(events.found, "OpenLineage event")}, ${more.join(", ")}`);
  }
  if (estimate !== null) {
    const time = estimate.seconds < 1 ? "under a second" : formatDuration(estimate.seconds * 1_000);
    lines.push(
      `a full run over ${bytesText(estimate.bytes)} will take about ${time} (estimated from ${bytesText(estimate.bytesPerSecond)}/s on this file)`,
    );
  }
  return `${lines.join("\n")}\n`;
}

export function logDiagnosisJson(diagnosis: LogDiagnosis): string {
  return formatJson(diagnosis, 2);
}
