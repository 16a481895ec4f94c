/** `headgate lineage attribute`: access logs, runs and tables in; who reads and writes which table out. */
import path from "node:path";
import { answer, type CliContext } from "../context.ts";
import { attributionJson, attributionText } from "../print/attribution.ts";
import { createProgress } from "../progress.ts";
import { writeResults } from "./write-results.ts";

export interface AttributeFlags {
  logs: readonly string[];
  runs: readonly string[];
  inventory: readonly string[];
  clusters?: readonly string[];
  mounts?: readonly string[];
  from?: string;
  to?: string;
  out: string;
}

const lines = (records: readonly object[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join("");

export default async function attribute(
  context: CliContext,
  flags: AttributeFlags,
  ...others: string[]
): Promise<number> {
  const absolute = (paths: readonly string[]): string[] => paths.map((name) => path.resolve(context.cwd, name));
  const shown = (file: string): string => path.relative(context.cwd, file) || file;
  const { attributeAccessLogs } = await import("../../app.ts");
  const progress = createProgress(context);
  try {
    const report = await attributeAccessLogs({
      logs: absolute(flags.logs),
      dumps: absolute([...flags.runs, ...flags.inventory, ...(flags.clusters ?? []), ...(flags.mounts ?? [])]),
      others: absolute(others),
      from: flags.from,
      to: flags.to,
      signal: context.signal,
      onProgress: (text) => progress.live(text),
    });
    for (const { file, why } of report.skipped) progress.line(`skipped ${shown(file)}: ${why}`);
    const { read, skipped, logFiles, logBytes, edges, unattributed, coverage } = report;
    const folder = path.resolve(context.cwd, flags.out);
    writeResults(folder, {
      "edges.ndjson": lines(edges),
      "unattributed.ndjson": lines(unattributed),
      "coverage.json": `${JSON.stringify(coverage, null, 2)}\n`,
    });
    const named = <T extends { file: string }>(files: T[]): T[] =>
      files.map((one) => ({ ...one, file: shown(one.file) }));
    const summary = { out: flags.out, logFiles, logBytes, edges, coverage, read: named(read), skipped: named(skipped) };
    answer(context, { text: () => attributionText(context.style, summary), json: () => attributionJson(summary) });
    return 0;
  } finally {
    progress.end();
  }
}
