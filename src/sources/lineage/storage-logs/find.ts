/** Finds the files that are access logs of Azure storage, by what is in them. */
import { open } from "node:fs/promises";
import { constants, gunzipSync } from "node:zlib";
import { filesUnder } from "../../files-under.ts";

/** Log files, and files that are none, with the reason. */
export interface FoundLogs {
  files: string[];
  /** Bytes of `files` as they lie on disk. */
  bytes: number;
  skipped: { file: string; why: string }[];
}

const HEAD_BYTES = 16_384;

async function headOf(file: string): Promise<{ head: Buffer; size: number }> {
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, HEAD_BYTES, 0);
    return { head: buffer.subarray(0, bytesRead), size: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
}

const beginsWith = (head: Buffer, bytes: readonly number[]): boolean => bytes.every((byte, i) => head[i] === byte);

/** Why a file is not read, or undefined for a log. */
function judgeHead(file: string, head: Buffer): string | undefined {
  if (head.length === 0) return "it is empty";
  if (beginsWith(head, [0x28, 0xb5, 0x2f, 0xfd]))
    return file.endsWith(".zst") ? undefined : "zstd without .zst in its name";
  let text = head;
  if (beginsWith(head, [0x1f, 0x8b])) {
    if (!file.endsWith(".gz")) return "gzip without .gz in its name";
    try {
      text = gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
    } catch (error) {
      return `broken gzip (${error instanceof Error ? error.message : String(error)})`;
    }
  } else if (file.endsWith(".gz") || file.endsWith(".zst")) return "not compressed, though its name says so";
  const start = text.toString("utf8").trimStart();
  if (/^\{\s*"records"\s*:/.test(start)) return 'one {"records": […]} document, not JSON lines';
  return start.startsWith("{") && start.includes('"operationName"') ? undefined : "not an access log of Azure storage";
}

/** Why a file is no access log that can be read, or undefined for one that is; with its size in bytes. */
export async function judgeLog(file: string): Promise<{ why: string | undefined; size: number }> {
  const { head, size } = await headOf(file);
  return { why: judgeHead(file, head), size };
}

/**
 * The logs among the given files and folders.
 * @param paths absolute
 * @throws HeadgateError `not_found` for a path that does not exist
 */
export async function findStorageLogs(paths: readonly string[]): Promise<FoundLogs> {
  const found: FoundLogs = { files: [], bytes: 0, skipped: [] };
  for (const file of await filesUnder(paths)) {
    const { why, size } = await judgeLog(file);
    if (why === undefined) {
      found.files.push(file);
      found.bytes += size;
    } else found.skipped.push({ file, why });
  }
  return found;
}
