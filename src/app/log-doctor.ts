/** Looks into one log file: what it is made of, what of it can be attributed, how long a full run will take. */
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { HeadgateError } from "../errors.ts";
import type { AttributionFacts } from "../lineage/ingest/attribution-facts.ts";
import type { LogDiagnosis } from "../model/log-diagnosis.ts";

/** Dumps are read whole; a larger file is none. */
const DUMP_BYTES = 128e6;

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

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

/** Lines of a file, gzip by its content. @throws HeadgateError `input_invalid` for broken gzip */
async function* linesOf(file: string): AsyncGenerator<string> {
  const raw = createReadStream(file);
  const bytes = (await isGzip(file)) ? raw.pipe(createGunzip()) : raw;
  try {
    yield* createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith("Z_") !== true) throw error;
    throw new HeadgateError("input_invalid", `${file} is broken gzip`, { cause: error, permanent: true });
  } finally {
    raw.destroy();
  }
}

/** Attributes the file alone, timed. */
async function access({ file, facts, signal }: LogDoctorRequest) {
  const { openDuckdb } = await import("../engines/duckdb/open.ts");
  const { attributeLogs } = await import("../lineage/attribute/room.ts");
  const engine = await openDuckdb();
  try {
    const nothing = { inventory: { tables: [], mounts: [] }, uses: { tasks: [], clusters: [], jobNames: new Map() } };
    const began = process.hrtime.bigint();
    const { coverage } = await attributeLogs(engine, { files: [file] }, facts ?? nothing, () =>
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
    for await (const line of linesOf(file)) {
      signal?.throwIfAborted();
      counter.line(line);
      reader.line(line);
    }
  }
  reader.end();
  const counted = counter.end();
  const isAccess = !isText || counted.dialects.some(({ dialect }) => dialect === "azure storage log");
  const seen = isAccess ? await access(request) : undefined;
  let holds: string | null = null;
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
