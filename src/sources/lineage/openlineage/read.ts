/** Files of OpenLineage events on this machine: an event a line, or any log with events in it; plain or gzip. */
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import path from "node:path";
import { createGunzip } from "node:zlib";
import { HeadgateError } from "../../../errors.ts";
import { encodingOf } from "../../../util/byte-order-mark.ts";
import { globFiles, isGlob } from "../../../util/glob.ts";
import type { EventSource, EvidenceUnit } from "../../evidence-source.ts";
import { filesUnder } from "../../files-under.ts";
import type { OpenLineageConfig } from "./config.ts";

/** Files that a path or pattern means; one that is a folder means every file below it. */
async function filesOf(dir: string, pattern: string): Promise<string[]> {
  if (!isGlob(pattern)) return filesUnder([path.resolve(dir, pattern)]);
  const matches = [...(await globFiles(dir, pattern)), ...(await globFiles(dir, `${pattern.replace(/\/$/, "")}/**`))];
  return [...new Set(matches.map((file) => path.resolve(dir, file)))].sort();
}

/** gzip begins with these two bytes (RFC 1952), whatever the file is called. */
async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

/** The lines of a file, however long they are. */
async function* linesOf(file: string, signal: AbortSignal | undefined): AsyncGenerator<string> {
  const stream = createReadStream(file, { highWaterMark: 256 << 10, signal });
  let bytes: AsyncIterable<Uint8Array> = stream;
  if (await isGzip(file)) {
    const gunzip = createGunzip();
    stream.on("error", (error) => gunzip.destroy(error));
    bytes = stream.pipe(gunzip);
  }
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let parts: string[] = [];
  for await (const chunk of bytes) {
    decoder ??= new TextDecoder(encodingOf(chunk));
    const [first = "", ...others] = decoder.decode(chunk, { stream: true }).split("\n");
    parts.push(first);
    for (const next of others) {
      yield parts.join("");
      parts = [next];
    }
  }
  parts.push(decoder?.decode() ?? "");
  const last = parts.join("");
  if (last !== "") yield last;
}

/**
 * Events in files below a path or pattern.
 * @param dir the project's folder
 */
export function openEventFiles(name: string, config: OpenLineageConfig, dir: string): EventSource {
  const keyOf = (file: string): string => path.relative(dir, file).split(path.sep).join("/");
  return {
    name,
    kind: config.kind,
    ruleset: "1",
    evidence: "events",
    async list() {
      const units: EvidenceUnit[] = [];
      for (const file of await filesOf(dir, config.path)) {
        const { size, mtimeMs } = await stat(file);
        units.push({ key: keyOf(file), digest: `${size}:${Math.floor(mtimeMs)}`, bytes: size });
      }
      return { units, skipped: [] };
    },
    async *lines(unit, signal) {
      try {
        yield* linesOf(path.resolve(dir, unit.key), signal);
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? "";
        if (!code.startsWith("Z_")) throw error;
        throw new HeadgateError("input_invalid", `${unit.key} is broken gzip: ${(error as Error).message}`, {
          permanent: true,
          cause: error,
        });
      }
    },
  };
}
