/**
 * Former definitions of jobs, as files in the workspace: a file holds many, and is written before what it tells of is
 * sent. Which of them came true the state says: each row names those of its job, a *reference* each.
 */
import * as z from "zod";
import { HeadgateError } from "../errors.ts";
import { type DeployState, HistoryEntry } from "../model/state.ts";
import { formatWireJson, parseJson } from "../util/int64-json.ts";
import type { WorkspaceFiles } from "./workspace.ts";

/** How many former definitions of a job are kept. */
export const KEPT = 50;
/** Definitions in one file, at most: few enough that reading one of them is no burden. */
const IN_ONE_FILE = 100;
/** Characters in one file, at most: well below the 10 MB that the service takes (Workspace API reference). */
const LARGEST = 4_000_000;

const DefinitionFile = z.object({ entries: z.array(HistoryEntry) });

/**
 * `12-0.7` for the entry 7 of a file, and `12-deleted-481120933371` for a job that is about to be deleted: serial first.
 * After an `@`, the id of a job that had none yet when its definition was written.
 */
const REFERENCE = /^((\d+)-(?:\d+|deleted-(\d+)))(?:\.(\d+))?(?:@(\d+))?$/;

/** The serial of a reference; 0 for what is none. */
export const serialOf = (reference: string): number => Number(REFERENCE.exec(reference)?.[2] ?? 0);

/** A reference without the job's id: what its file is named. */
const fileName = (reference: string): string => REFERENCE.exec(reference)?.[1] ?? reference;

/** A definition that is asked for. */
export interface Wanted {
  reference: string;
  /** Who asks: its job may have had another name then. */
  resource: string;
}

/** See {@link openDefinitions}. */
export interface Definitions {
  /** Writes definitions that are to be. @returns the reference of each, by resource */
  keep(serial: number, entries: readonly HistoryEntry[]): Promise<Map<string, string>>;
  /** Writes the definition of a job that is about to be deleted. @returns its reference */
  keepDeleted(entry: HistoryEntry): Promise<string>;
  /** Reference of the definition of a job that was to be deleted, where it was written. */
  findDeleted(jobId: string): Promise<string | undefined>;
  /**
   * The entries of references, in their order, under the resource that asks. What is no longer there is left out.
   */
  read(wanted: readonly Wanted[]): Promise<HistoryEntry[]>;
  /** Removes files that the state does not name, of applies before the one that began at this serial. */
  prune(state: DeployState, begun: number): Promise<void>;
}

/** Opens the definitions of a deployment, in its state's folder. */
export function openDefinitions(files: WorkspaceFiles, stateFolder: string): Definitions {
  const folder = `${stateFolder}/definitions`;
  const fileOf = (reference: string) => `${folder}/${reference}.json`;
  const write = (reference: string, entries: readonly HistoryEntry[]) =>
    files.write(fileOf(reference), `${formatWireJson({ entries })}\n`);
  const references = async () =>
    (await files.list(folder)).flatMap((name) => {
      const reference = name.replace(/\.json$/, "");
      return REFERENCE.test(reference) ? [reference] : [];
    });

  async function readFile(reference: string): Promise<HistoryEntry[]> {
    const text = await files.read(fileOf(reference));
    if (text === undefined) return [];
    try {
      return DefinitionFile.parse(parseJson(text)).entries;
    } catch (error) {
      throw new HeadgateError("input_invalid", `${fileOf(reference)} cannot be read: it holds no definitions`, {
        hint: "Restore the file, or move it away: only definitions to go back to are in it.",
        cause: error,
      });
    }
  }

  return {
    async keep(serial, entries) {
      const found = new Map<string, string>();
      const parts = inParts(entries);
      for (const [index, part] of parts.entries())
        for (const [place, { resource }] of part.entries()) found.set(resource, `${serial}-${index}.${place}`);
      // The first one makes the folder, where there is none.
      const [first, ...others] = parts;
      if (first) await write(`${serial}-0`, first);
      await Promise.all(others.map((part, index) => write(`${serial}-${index + 1}`, part)));
      return found;
    },
    async keepDeleted(entry) {
      const reference = `${entry.serial}-deleted-${entry.jobId}`;
      await write(reference, [entry]);
      return reference;
    },
    async findDeleted(jobId) {
      const all = (await references()).filter((reference) => REFERENCE.exec(reference)?.[3] === jobId);
      return all.sort((a, b) => serialOf(b) - serialOf(a))[0];
    },
    async read(wanted) {
      const names = [...new Set(wanted.map(({ reference }) => fileName(reference)))];
      const texts = new Map(await Promise.all(names.map(async (name) => [name, await readFile(name)] as const)));
      return wanted.flatMap(({ reference, resource }) => {
        const [, name = "", , , place = "0", made] = REFERENCE.exec(reference) ?? [];
        const entry = texts.get(name)?.[Number(place)];
        return entry ? [{ ...entry, resource, jobId: made ?? entry.jobId }] : [];
      });
    },
    async prune(state, begun) {
      const named = new Set(Object.values(state.former ?? {}).flatMap((history) => history.map(fileName)));
      const alive = new Set<string>();
      for (const { jobId, history = [] } of Object.values(state.jobs)) {
        alive.add(jobId);
        for (const reference of history) named.add(fileName(reference));
      }
      const old = (await references()).filter(
        (reference) =>
          serialOf(reference) <= begun && !named.has(reference) && !alive.has(REFERENCE.exec(reference)?.[3] ?? ""),
      );
      await Promise.all(old.map((reference) => files.remove(fileOf(reference))));
    },
  };
}

/** Entries as they go into files. */
function inParts(entries: readonly HistoryEntry[]): HistoryEntry[][] {
  const parts: HistoryEntry[][] = [];
  let part: HistoryEntry[] = [];
  let size = 0;
  for (const entry of entries) {
    const length = formatWireJson(entry).length;
    if (part.length > 0 && (part.length >= IN_ONE_FILE || size + length > LARGEST)) {
      parts.push(part);
      part = [];
      size = 0;
    }
    part.push(entry);
    size += length;
  }
  return part.length > 0 ? [...parts, part] : parts;
}
