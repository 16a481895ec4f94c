/**
 * A state with more jobs than one file of a workspace holds (10 MB): its rows lie in files of their own, which the
 * state file names with their digests. One that fits into one file stays one file.
 */
import { createHash } from "node:crypto";
import * as z from "zod";
import { HeadgateError } from "../errors.ts";
import type { DeployState, JobState } from "../model/state.ts";
import { formatJson } from "../util/int64-json.ts";
import { isObject } from "../util/json.ts";
import type { WorkspaceFiles } from "./workspace.ts";

/** Format of a state file whose rows lie in parts; headgates that do not know it refuse it as newer. */
export const PARTED = 2;
/** Largest file that is written, in bytes: well below the 10 MB that the service takes (Workspace API reference). */
const LARGEST = 6_000_000;
const PART = /^rows-\d+-\d+-\d+\.json$/;

const PartedHead = z.looseObject({
  formatVersion: z.literal(PARTED),
  parts: z.array(z.object({ file: z.string().regex(PART), digest: z.string() })),
});

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");

/**
 * Writes a state. Its parts get names of their own, so that what is there stays whole until the state file names them.
 * @param parted whether the state that was read before lay in parts: those that nothing names any more are removed
 * @returns whether this one lies in parts
 */
export async function writeParts(
  files: WorkspaceFiles,
  folder: string,
  state: DeployState,
  parted: boolean,
): Promise<boolean> {
  const path = `${folder}/state.json`;
  const whole = `${formatJson(state, 1)}\n`;
  if (Buffer.byteLength(whole) <= LARGEST) {
    await files.write(path, whole);
    if (parted) await removeFormer(files, folder, new Set());
    return false;
  }
  const { jobs, ...head } = state;
  const parts = partsOf(jobs).map((text, index) => ({
    file: `rows-${state.fence}-${state.serial}-${index}.json`,
    text,
    digest: digestOf(text),
  }));
  await Promise.all(parts.map(({ file, text }) => files.write(`${folder}/${file}`, text)));
  const named = parts.map(({ file, digest }) => ({ file, digest }));
  await files.write(path, `${formatJson({ ...head, formatVersion: PARTED, parts: named }, 1)}\n`);
  await removeFormer(files, folder, new Set(named.map(({ file }) => file)));
  return true;
}

/** Rows as texts of files, each no larger than one may be. */
function partsOf(jobs: DeployState["jobs"]): string[] {
  const texts: string[] = [];
  let rows: Record<string, JobState> = {};
  let size = 0;
  const close = () => {
    texts.push(`${formatJson({ jobs: rows })}\n`);
    rows = {};
    size = 0;
  };
  for (const [resource, row] of Object.entries(jobs)) {
    const bytes = Buffer.byteLength(formatJson([resource, row]));
    if (size > 0 && size + bytes > LARGEST) close();
    rows[resource] = row;
    size += bytes;
  }
  close();
  return texts;
}

/** Parts that the state file does not name any more. What cannot be removed now is removed after the next writing. */
async function removeFormer(files: WorkspaceFiles, folder: string, kept: ReadonlySet<string>): Promise<void> {
  try {
    const names = await files.list(folder);
    const former = names.filter((name) => PART.test(name) && !kept.has(name));
    await Promise.all(former.map((name) => files.remove(`${folder}/${name}`)));
  } catch (error) {
    if (!(error instanceof HeadgateError)) throw error;
  }
}

/** True for the value of a state file whose rows lie in parts. */
export const isParted = (value: unknown): boolean => PartedHead.safeParse(value).success;

/**
 * The value of a state file with its parts put in, as one file would have held it.
 * @returns undefined where a part is not the one that is named: somebody is just writing another state
 */
export async function joinParts(files: WorkspaceFiles, folder: string, value: unknown): Promise<unknown> {
  const head = PartedHead.safeParse(value);
  if (!head.success) return value;
  const { parts, ...rest } = head.data;
  const rows = await Promise.all(
    parts.map(async ({ file, digest }) => {
      const text = await files.read(`${folder}/${file}`);
      return text !== undefined && digestOf(text) === digest ? rowsOf(JSON.parse(text)) : undefined;
    }),
  );
  if (rows.includes(undefined)) return undefined;
  return { ...rest, formatVersion: 1, jobs: Object.fromEntries(rows.flatMap((part) => part ?? [])) };
}

function rowsOf(part: unknown): [string, unknown][] {
  return isObject(part) && isObject(part.jobs) ? Object.entries(part.jobs) : [];
}
