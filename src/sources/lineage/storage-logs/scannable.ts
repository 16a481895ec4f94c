/** Makes logs of any form ready to be scanned at once: those that the engine cannot read are rewritten beside. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { rewriteLog } from "./rewrite.ts";
import type { LogShape } from "./shape.ts";

/** Logs as the engine reads them. */
export interface ScannableLogs {
  files: string[];
  /** Removes what was written. */
  close(): Promise<void>;
}

/**
 * @param files absolute
 * @param others those of them that must be rewritten
 */
export async function scannableLogs(
  files: readonly string[],
  others: readonly { file: string; shape: LogShape }[],
  signal?: AbortSignal,
): Promise<ScannableLogs> {
  const shapes = new Map(others.map(({ file, shape }) => [file, shape]));
  if (shapes.size === 0) return { files: [...files], close: async () => undefined };
  const room = await mkdtemp(path.join(tmpdir(), "headgate-logs-"));
  const close = (): Promise<void> => rm(room, { recursive: true, force: true });
  try {
    const ready: string[] = [];
    for (const [index, file] of files.entries()) {
      const shape = shapes.get(file);
      const into = path.join(room, `${index}.json`);
      if (shape !== undefined) await rewriteLog(file, shape, into, signal);
      ready.push(shape === undefined ? file : into);
    }
    return { files: ready, close };
  } catch (error) {
    await close();
    throw error;
  }
}
