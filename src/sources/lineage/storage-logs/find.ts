/** Finds the files that are access logs of Azure storage, by what is in them. */
import { filesUnder } from "../../files-under.ts";
import { headOf } from "./head.ts";
import { judgeShape, type LogShape } from "./shape.ts";

/** A log that the engine cannot read as it lies. */
interface OtherLog {
  file: string;
  shape: LogShape;
}

/** Log files, and files that are none, with the reason. */
export interface FoundLogs {
  files: string[];
  /** Of `files` those that must be rewritten before they are scanned. */
  others: OtherLog[];
  /** Bytes of `files` as they lie on disk. */
  bytes: number;
  skipped: { file: string; why: string }[];
}

/** What a file is: a log of some shape, or none, and why; with its size in bytes. */
export async function judgeLog(file: string): Promise<({ shape: LogShape } | { why: string }) & { size: number }> {
  const { text, size, compression, isPlain, broken } = await headOf(file);
  if (size === 0) return { why: "it is empty", size };
  if (broken !== undefined) return { why: broken, size };
  if (compression === "zstd") {
    return file.endsWith(".zst") ? { shape: "lines", size } : { why: "zstd without .zst in its name", size };
  }
  if (file.endsWith(".zst")) return { why: "not compressed by zstd, though its name says so", size };
  // the engine goes by the name
  const isAsNamed = file.endsWith(".gz") === (compression === "gzip");
  return { ...judgeShape(text, isPlain && isAsNamed), size };
}

/**
 * The logs among the given files and folders.
 * @param paths absolute
 * @throws HeadgateError `not_found` for a path that does not exist
 */
export async function findStorageLogs(paths: readonly string[]): Promise<FoundLogs> {
  const found: FoundLogs = { files: [], others: [], bytes: 0, skipped: [] };
  for (const file of await filesUnder(paths)) {
    const judged = await judgeLog(file);
    if ("why" in judged) found.skipped.push({ file, why: judged.why });
    else {
      found.files.push(file);
      found.bytes += judged.size;
      if (judged.shape !== "lines") found.others.push({ file, shape: judged.shape });
    }
  }
  return found;
}
