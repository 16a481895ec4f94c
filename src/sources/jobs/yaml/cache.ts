/**
 * Declarations of a source as they were read last, kept beside the project so that unchanged files are not parsed again.
 * What is kept stands for exactly the files, variables and settings it was made of; anything else is read anew.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DeclaredJob } from "../../../model/job.ts";
import type { Problem } from "../../../model/problem.ts";
import { formatWireJson, parseJson } from "../../../util/int64-json.ts";
import { stableJson } from "../../../util/stable-json.ts";
import type { DeclarationCache, JobSourceContext } from "../../job-source.ts";
import type { YamlSourceConfig } from "./config.ts";

/** What is kept of one reading. */
export interface KeptReading {
  /** Patterns in the order in which they were looked up, with the files each gave. */
  patterns: { pattern: string; files: string[] }[];
  /** Digest of each file's text. */
  digests: Record<string, string>;
  /** Values of `${workspace.…}`, where they were asked for. */
  workspace: Record<string, string> | null;
  jobs: Omit<DeclaredJob, "placeOf">[];
  problems: Problem[];
}

/** Form of the files; another one is read anew. */
const FORMAT = 2;
/** Readings kept in one folder (a source, target and set of variables each): the latest. */
const MOST_READINGS = 16;
/** Larger ones are not kept. In characters. */
const LARGEST = 64 << 20;
const ENDING = ".declared";

/** Digest of a text, hex. */
export const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** What a reading depends on beside files and workspace: its name in the folder. */
export function readingName(
  name: string,
  config: YamlSourceConfig,
  context: JobSourceContext,
  cache: DeclarationCache,
): string {
  const { dir, project, target, mode, variables, defaults, warehouse } = context;
  const below = defaults && { text: defaults.source.text, file: defaults.source.file, offset: defaults.offset };
  const parts = {
    format: FORMAT,
    build: cache.build,
    name,
    config,
    dir,
    project,
    target,
    mode: mode ?? null,
    below,
    warehouse: warehouse ?? null,
  };
  return digestOf(stableJson({ ...parts, variables: [...variables] })).slice(0, 32) + ENDING;
}

/** The reading of that name, or undefined where there is none that is whole. */
export async function findReading(folder: string, name: string): Promise<KeptReading | undefined> {
  const text = await orNothing(readFile(join(folder, name), "utf8"));
  const end = text?.indexOf("\n") ?? -1;
  if (text === undefined || end < 0) return undefined;
  const body = text.slice(end + 1);
  // Torn or touched: as if it were not there.
  return digestOf(body) === text.slice(0, end) ? (parseJson(body) as unknown as KeptReading) : undefined;
}

/** Keeps a reading; one that would not come back as it is, or cannot be written, is not kept. */
export async function keepReading(folder: string, name: string, reading: KeptReading): Promise<void> {
  if (holdsLargeDouble(reading.jobs)) return;
  const body = formatWireJson(reading);
  if (body.length > LARGEST) return;
  const draft = join(folder, `${name}.${randomUUID()}`);
  await orNothing(
    (async () => {
      await mkdir(folder, { recursive: true });
      // Whole or not at all, also where two processes write at once.
      await writeFile(draft, `${digestOf(body)}\n${body}`, { mode: 0o600 });
      await rename(draft, join(folder, name));
      await prune(folder);
    })(),
  );
  await orNothing(rm(draft, { force: true }));
}

async function prune(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.includes(ENDING));
  if (names.length <= MOST_READINGS) return;
  const aged = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })));
  aged.sort((a, b) => b.at - a.at);
  await Promise.all(aged.slice(MOST_READINGS).map(({ name }) => rm(join(folder, name), { force: true })));
}

/** Whole numbers beyond 2^53 that are no bigint (`1e300`): they would come back as one. */
function holdsLargeDouble(value: unknown): boolean {
  if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value);
  if (typeof value !== "object" || value === null) return false;
  for (const key in value) if (holdsLargeDouble((value as Record<string, unknown>)[key])) return true;
  return false;
}

/** Undefined where the file system refuses: what is kept only saves time, and nothing depends on it. */
async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
