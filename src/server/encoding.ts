/** Smaller forms of an answer: which one the caller takes, and how it is made. */
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** A `Content-Encoding` that is offered. */
export type Encoding = "br" | "gzip";

/** Below so many bytes an answer fits in a packet or two: nothing is won. */
export const SMALL = 1_024;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/**
 * The smallest form that a request takes by its `Accept-Encoding`; undefined where it takes none
 * (RFC 9110 §12.5.3: a weight of 0 refuses).
 */
export function encodingOf(accepted: string): Encoding | undefined {
  const words = accepted
    .toLowerCase()
    .split(",")
    .map((word) => word.trim())
    .filter((word) => !/;\s*q=0(\.0*)?$/.test(word))
    .map((word) => word.split(";", 1)[0]);
  if (words.includes("br")) return "br";
  return words.includes("gzip") ? "gzip" : undefined;
}

/** Compresses off the main thread. @param often whether it is made for every answer, or once and kept: quick or small */
export async function encode(body: Uint8Array, encoding: Encoding, often: boolean): Promise<Uint8Array<ArrayBuffer>> {
  if (encoding === "gzip") return new Uint8Array(await zip(body, often ? { level: 4 } : {}));
  const params = { [constants.BROTLI_PARAM_QUALITY]: often ? 3 : 6, [constants.BROTLI_PARAM_SIZE_HINT]: body.length };
  return new Uint8Array(await brotli(body, { params }));
}
