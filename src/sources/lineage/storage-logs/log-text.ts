/** The text of a log, gzip or not, in the encoding that its byte order mark names. */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { encodingOf } from "../../../util/byte-order-mark.ts";
import { isGzip } from "./head.ts";

/**
 * The text of a file in pieces, without the mark.
 * @param onTorn told why, where a gzip file can be read no further: what came before it stands
 */
export async function* textOf(file: string, onTorn: (why: string) => void): AsyncGenerator<string> {
  const raw = createReadStream(file);
  const bytes = (await isGzip(file)) ? raw.pipe(createGunzip()) : raw;
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  try {
    for await (const piece of bytes as AsyncIterable<Buffer>) {
      decoder ??= new TextDecoder(encodingOf(piece));
      yield decoder.decode(piece, { stream: true });
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith("Z_") !== true) throw error;
    onTorn((error as Error).message);
  } finally {
    raw.destroy();
  }
}
