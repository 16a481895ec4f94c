/** Finds the log files that arguments name, and reads them, gzip by its content. */
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { encodingOf } from "../../util/byte-order-mark.ts";
import { globFiles, isGlob } from "../../util/glob.ts";

/** Names in the order of the arguments; what could not be looked at, with the reason. */
export interface LogFiles {
  files: string[];
  faults: { name: string; error: unknown }[];
}

const exists = async (name: string): Promise<boolean> =>
  stat(name).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return false;
      throw error;
    },
  );

/**
 * The files behind an argument: a file is itself, a folder all files below it by name, a pattern what matches.
 * @param cwd folder that relative names start from
 */
export async function findLogFiles(cwd: string, names: readonly string[]): Promise<LogFiles> {
  const found: LogFiles = { files: [], faults: [] };
  const walk = async (name: string): Promise<void> => {
    try {
      const full = path.resolve(cwd, name);
      if (isGlob(name) && !(await exists(full))) {
        const matches = await globFiles(cwd, name);
        if (matches.length === 0) throw new Error("nothing matches");
        found.files.push(...matches);
      } else if ((await stat(full)).isDirectory()) {
        const entries = await readdir(full, { withFileTypes: true });
        for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
          const inner = path.join(name, entry.name);
          // a linked folder may lead back to where we are
          const linkedFolder = entry.isSymbolicLink() && (await stat(path.join(full, entry.name))).isDirectory();
          if (!linkedFolder) await walk(inner);
        }
      } else found.files.push(name);
    } catch (error) {
      found.faults.push({ name, error });
    }
  };
  for (const name of names) {
    if (name === "-") found.files.push(name);
    else await walk(name);
  }
  return found;
}

async function* chained(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** The same text in UTF-8, where a byte order mark says that it is in another encoding. */
async function* inUtf8(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let decoder: InstanceType<typeof TextDecoder> | null | undefined;
  for await (const piece of bytes) {
    if (decoder === undefined) {
      const encoding = encodingOf(piece);
      decoder = encoding === "utf-8" ? null : new TextDecoder(encoding);
    }
    yield decoder === null ? piece : Buffer.from(decoder.decode(piece, { stream: true }));
  }
}

/** The bytes of a log in UTF-8, unpacked where its first two bytes are those of gzip (RFC 1952). */
export async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* inUtf8(gunzipped(source));
}

/** Other packings by their first bytes: nothing would be found in them, and nobody told. */
const PACKINGS: readonly [string, ...number[]][] = [
  ["zip", 0x50, 0x4b, 0x03, 0x04],
  ["bzip2", 0x42, 0x5a, 0x68],
  ["xz", 0xfd, 0x37, 0x7a, 0x58],
  ["zstd", 0x28, 0xb5, 0x2f, 0xfd],
];

async function* gunzipped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  let first = await iterator.next();
  while (first.done !== true && first.value.length < 4) {
    const more = await iterator.next();
    if (more.done === true) break;
    first = { done: false, value: Buffer.concat([first.value, more.value]) };
  }
  if (first.done === true) return;
  const packing = PACKINGS.find(([, ...sign]) => sign.every((byte, at) => first.value[at] === byte))?.[0];
  if (packing !== undefined) throw new Error(`it is packed as ${packing}: unpack it first (gzip is read as it is)`);
  const bytes = chained(first.value, iterator);
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) {
    yield* bytes;
    return;
  }
  const packed = Readable.from(bytes);
  const gunzip = createGunzip();
  packed.on("error", (error) => gunzip.destroy(error));
  yield* packed.pipe(gunzip) as AsyncIterable<Uint8Array>;
}

/** The bytes of a file in large chunks. */
export function readLogFile(cwd: string, name: string): AsyncIterable<Uint8Array> {
  return createReadStream(path.resolve(cwd, name), { highWaterMark: 256 << 10 });
}
