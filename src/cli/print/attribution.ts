/** The summary of an attribution: what was found, how much of the traffic it explains, and what is left. */
import type { AccessCoverage, AccessEdge } from "../../model/access-edge.ts";
import { formatJson } from "../../util/int64-json.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";
import { count, group } from "./value.ts";

/** What `lineage attribute` tells. */
export interface AttributionSummary {
  /** Folder of the results, as given. */
  out: string;
  logFiles: number;
  logBytes: number;
  edges: readonly AccessEdge[];
  coverage: AccessCoverage;
  read: readonly { file: string; holds: string }[];
  skipped: readonly { file: string; why: string }[];
}

/** What each reason means, and what would help. */
const REASONS: Readonly<Record<keyof AccessCoverage["unattributed"], string>> = {
  "no cluster id": "other clients, or drivers that send no cluster id",
  "unknown cluster": "clusters of which no run and no job cluster was given: serverless, deleted, or runs left out",
  "no run at that time": "shared clusters while no job ran on them: notebooks",
};

const kinds = ["read", "write", "maintenance", "metadata", "denied"] as const;

/** Edges by what is known of them. */
function countEdges(edges: readonly AccessEdge[]) {
  const sure = edges.filter(({ jobId, table }) => jobId !== null && table !== null);
  return {
    total: edges.length,
    jobs: new Set(edges.flatMap(({ jobId }) => jobId ?? [])).size,
    tables: new Set(edges.flatMap(({ table }) => table ?? [])).size,
    byAccess: Object.fromEntries(kinds.map((kind) => [kind, sure.filter(({ access }) => access === kind).length])),
    ambiguousJob: edges.filter(({ jobId }) => jobId === null).length,
    ambiguousTable: edges.filter(({ tableCandidates }) => tableCandidates !== undefined).length,
    pathsOfNoTable: edges.filter(({ table, tableCandidates }) => table === null && tableCandidates === undefined)
      .length,
  };
}

const percent = (share: number | null): string => (share === null ? "none" : `${(share * 100).toFixed(1)} %`);

export function attributionText(style: Style, summary: AttributionSummary): string {
  const { coverage } = summary;
  const edges = countEdges(summary.edges);
  const byAccess = Object.entries(edges.byAccess)
    .filter(([, number]) => number > 0)
    .map(([kind, number]) => `${number} ${kind}`);
  const open = [
    ...(edges.ambiguousJob > 0 ? [`${edges.ambiguousJob} that several jobs explain`] : []),
    ...(edges.ambiguousTable > 0 ? [`${edges.ambiguousTable} on files of several tables`] : []),
    ...(edges.pathsOfNoTable > 0 ? [`${edges.pathsOfNoTable} on paths of no table`] : []),
  ];
  const lines = [
    `${paint(style, "strong", count(edges.total, "edge"))} between ${count(edges.jobs, "job")} and ${count(edges.tables, "table")}: ${byAccess.join(", ")}`,
    ...(open.length > 0 ? [`  among them ${open.join(", ")}`] : []),
    `${count(coverage.requests, "request")} in ${count(summary.logFiles, "log file")}${coverage.firstSeen === null ? "" : `, ${coverage.firstSeen} to ${coverage.lastSeen}`}`,
    `  ${percent(coverage.attributedShare)} of those with a cluster id belong to one job, ${group(coverage.ambiguous)} to one of several`,
  ];
  for (const [reason, text] of Object.entries(REASONS)) {
    const requests = coverage.unattributed[reason as keyof typeof REASONS];
    if (requests > 0) lines.push(`  ${group(requests)} to none, ${reason}: ${text}`);
  }
  if (coverage.unreadableLines > 0) lines.push(`  ${count(coverage.unreadableLines, "line")} could not be read`);
  for (const { operation, requests } of coverage.unknownOperations) {
    lines.push(`  ${count(requests, "request")} of an operation that is not known: ${safe(operation)}`);
  }
  if (coverage.blind.length > 0) {
    lines.push(paint(style, "warn", `${count(coverage.blind.length, "table")} no log can show:`));
    for (const { table, reason } of coverage.blind) lines.push(`  ${safe(table)}: ${safe(reason)}`);
  }
  if (coverage.unused.length > 0) {
    lines.push(`${count(coverage.unused.length, "table")} nobody touched: ${coverage.unused.map(safe).join(", ")}`);
  }
  lines.push(`written to ${safe(summary.out)}: edges.ndjson, unattributed.ndjson, coverage.json`);
  return `${lines.join("\n")}\n`;
}

export function attributionJson(summary: AttributionSummary): string {
  const { out, logFiles, logBytes, read, skipped } = summary;
  const { rows: _rows, ...coverage } = summary.coverage;
  return formatJson({ out, logFiles, logBytes, edges: countEdges(summary.edges), coverage, read, skipped }, 2);
}
