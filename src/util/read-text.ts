/** Reads a file that is meant to be text. */
import { readFile } from "node:fs/promises";

/** What an error has as its `code` where a file is no UTF-8. */
export const NOT_UTF8 = "not UTF-8";

/**
 * Text of a UTF-8 file, without a byte order mark. Another encoding is told, not turned into question marks.
 * @throws Error with the `code` {@link NOT_UTF8}, or that of the file system (`ENOENT`)
 */
export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw Object.assign(new Error(`${path} is not UTF-8`, { cause }), { code: NOT_UTF8 });
  }
}
