/** The beginning of a file as text, and how its bytes are to be read. */
import { isUtf8 } from "node:buffer";
import { open } from "node:fs/promises";
import { constants, gunzipSync } from "node:zlib";
import { encodingOf } from "../../../util/byte-order-mark.ts";

const HEAD_BYTES = 65_536;

/** How a file begins. */
export interface Head {
  /** Decompressed and decoded, without a byte order mark; empty where the file is. */
  text: string;
  size: number;
  compression: "none" | "gzip" | "zstd";
  /** Valid UTF-8 without a mark: what the engine reads. */
  isPlain: boolean;
  /** Why it cannot be read, where it cannot. */
  broken?: string;
}

const beginsWith = (bytes: Buffer, sign: readonly number[]): boolean => sign.every((byte, i) => bytes[i] === byte);
const isGzipped = (bytes: Buffer): boolean => beginsWith(bytes, [0x1f, 0x8b]);

async function firstBytes(file: string, length: number): Promise<{ bytes: Buffer; size: number }> {
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await handle.read(buffer, 0, length, 0);
    return { bytes: buffer.subarray(0, bytesRead), size: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
}

/** Whether a file is gzip by its content. */
export async function isGzip(file: string): Promise<boolean> {
  return isGzipped((await firstBytes(file, 2)).bytes);
}

/** Reads how a file begins. */
export async function headOf(file: string): Promise<Head> {
  const { bytes, size } = await firstBytes(file, HEAD_BYTES);
  if (beginsWith(bytes, [0x28, 0xb5, 0x2f, 0xfd])) return { text: "", size, compression: "zstd", isPlain: true };
  const compression = isGzipped(bytes) ? "gzip" : "none";
  let content = bytes;
  try {
    if (compression === "gzip") content = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    const broken = `broken gzip (${error instanceof Error ? error.message : String(error)})`;
    return { text: "", size, compression, isPlain: false, broken };
  }
  const encoding = encodingOf(content);
  // the last character may be cut by the end of the head
  const whole = content.subarray(0, Math.max(content.lastIndexOf(0x0a), 0));
  const isPlain = encoding === "utf-8" && !beginsWith(content, [0xef, 0xbb, 0xbf]) && isUtf8(whole);
  return { text: new TextDecoder(encoding).decode(content), size, compression, isPlain };
}
