/** Looks into one log file: what it is made of, what of it can be attributed, how long a full run will take. */
import { stat } from "node:fs/promises";
import { HeadgateError } from "../errors.ts";
import type { AttributionFacts } from "../lineage/ingest/attribution-facts.ts";
import type { LogDiagnosis } from "../model/log-diagnosis.ts";
import type { FoundLogs } from "../sources/lineage/storage-logs/find.ts";
import type { LogShape } from "../sources/lineage/storage-logs/shape.ts";

/** Dumps are read whole; a larger file is none. */
const DUMP_BYTES = 128e6;

/** Logs of other forms than Azure Monitor's lines, in words. */
const HELD: Readonly<Record<LogShape, string | null>> = {
  lines: null,
  objects: "access log, its records in one JSON document",
  "object lines": "access log, as JSON lines of another form",
  csv: "access log, as CSV of table StorageBlobLogs",
  classic: "access log of Storage Analytics ($logs)",
};

/** What is asked. */
export interface LogDoctorRequest {
  /** Absolute. */
  file: string;
  /** Runs and tables of a project; undefined without one, or where it names none. */
  facts: AttributionFacts | undefined;
  /** Bytes of all logs that a full run would read; undefined: this file alone. */
  allBytes: number | undefined;
  signal?: AbortSignal | undefined;
}

async function sizeOf(file: string): Promise<number> {
  const info = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
    throw new HeadgateError("not_found", `${file} does not exist`, { cause: error, permanent: true });
  });
  if (!info.isFile()) {
    throw new HeadgateError("input_invalid", `${file} is no file`, { hint: "give one log file", permanent: true });
  }
  return info.size;
}

/**
 * Lines of a file, gzip by its content.
 * @param onTorn told where gzip is cut off
 * @throws HeadgateError `input_invalid` for broken gzip
 */
async function* linesOf(file: string, onTorn: (why: string) => void): AsyncGenerator<string> {
  const { textOf } = await import("../sources/lineage/storage-logs/log-text.ts");
  let broken: string | undefined;
  let rest = "";
  for await (const text of textOf(file, (why) => {
    broken = why;
  })) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.replace(/\r$/, "");
  }
  if (rest !== "") yield rest;
  if (broken !== undefined) onTorn(broken);
}

/** Attributes the file alone, timed. */
async function access({ file, facts, signal }: LogDoctorRequest, others: FoundLogs["others"]) {
  const { openDuckdb } = await import("../engines/duckdb/open.ts");
  const { attributeLogs } = await import("../lineage/attribute/room.ts");
  const { scannableLogs } = await import("../sources/lineage/storage-logs/scannable.ts");
  const scannable = await scannableLogs([file], others, signal);
  const engine = await openDuckdb();
  try {
    const nothing = { inventory: { tables: [], mounts: [] }, uses: { tasks: [], clusters: [], jobNames: new Map() } };
    const began = process.hrtime.bigint();
    const { coverage } = await attributeLogs(engine, { files: scannable.files }, facts ?? nothing, () =>
      signal?.throwIfAborted(),
    );
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    const { requests, unattributed } = coverage;
    const known = facts !== undefined && facts.uses.tasks.length > 0;
    return {
      seconds,
      report: {
        requests,
        from: coverage.firstSeen,
        to: coverage.lastSeen,
        withCluster: requests === 0 ? 0 : (requests - unattributed["no cluster id"]) / requests,
        unknownOperations: coverage.unknownOperations,
        attributed: known ? coverage.attributedShare : null,
        ambiguous: coverage.ambiguous,
        note: known ? null : "no runs are known: name them under lineage.runs, or give the workspace",
      },
    };
  } finally {
    engine.close();
    await scannable.close();
  }
}

/**
 * Looks into a log.
 * @throws HeadgateError `not_found`, `input_invalid` for what cannot be read at all
 */
export async function diagnoseLog(request: LogDoctorRequest): Promise<LogDiagnosis> {
  const { file, allBytes, signal } = request;
  const bytes = await sizeOf(file);
  const { countLines } = await import("../lineage/doctor.ts");
  const { createHarvest } = await import("../lineage/harvest/harvest.ts");
  const counter = countLines();
  const harvest = createHarvest(() => undefined);
  const reader = harvest.open("text");
  // node of this version has no zstd: such a file is read by the engine alone
  const isText = !file.endsWith(".zst");
  if (isText) {
    let cut: string | undefined;
    for await (const line of linesOf(file, (why) => {
      cut = why;
    })) {
      signal?.throwIfAborted();
      counter.line(line);
      reader.line(line);
    }
    if (cut !== undefined) counter.cut(`the gzip file cannot be read further (${cut})`);
  }
  reader.end();
  const counted = counter.end();
  if (counted.bad.count > 0 && counted.lines === 0) {
    throw new HeadgateError("input_invalid", `${file} is broken gzip`, { permanent: true });
  }
  const { findStorageLogs } = await import("../sources/lineage/storage-logs/find.ts");
  const logs = await findStorageLogs([file]);
  const isAccess = logs.files.length > 0;
  const seen = isAccess ? await access(request, logs.others) : undefined;
  let holds = logs.others[0] === undefined ? null : HELD[logs.others[0].shape];
  if (!isAccess && bytes < DUMP_BYTES) {
    const { readDumps } = await import("../sources/dumps.ts");
    holds = (await readDumps([file])).read[0]?.holds ?? null;
  }
  const { events, truncated, invalid, duplicates, masked } = harvest.counts;
  const speed = seen === undefined ? 0 : bytes / Math.max(seen.seconds, 0.001);
  const all = allBytes ?? bytes;
  return {
    file,
    bytes,
    ...counted,
    lines: isText ? counted.lines : (seen?.report.requests ?? 0),
    holds,
    events: { found: events, torn: truncated, invalid, repeated: duplicates, masked },
    access: seen?.report ?? null,
    estimate: seen === undefined ? null : { bytesPerSecond: Math.round(speed), bytes: all, seconds: all / speed },
  };
}
