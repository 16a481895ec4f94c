/** What lies in storage while the week passes: files and versions of each table, changed as requests are answered. */
import type { Random } from "./random.ts";
import { abfss, type Folder, type Place, type Table, type World } from "./world.ts";

/** A data file. */
export interface LakeFile {
  /** Below the table's folder, with its partition. */
  path: string;
  bytes: number;
}

/** A table or place as it is now. */
export interface Lying {
  name: string;
  format: Table["format"];
  folder: Folder;
  partitionedBy: string | undefined;
  fileBytes: number;
  files: LakeFile[];
  /** Files that no version names any more, until VACUUM takes them. */
  dropped: LakeFile[];
  /** Last committed version, -1 before the first. */
  version: number;
  /** Version of the last checkpoint, undefined without. */
  checkpoint: number | undefined;
  /** Of a shallow clone: where its files are. */
  source: Lying | undefined;
  isTable: boolean;
}

/** All that lies in a world's storage. */
export interface Lake {
  /** @throws Error for a name the world does not have */
  at(name: string): Lying;
}

/** Files are kept up to so many: what is older counts as long compacted. Bounds the memory of long worlds. */
const MOST_FILES = 400;
const CHECKPOINT_EVERY = 10;

/** Name of a new data file. */
export function partName(random: Random, index: number, partition?: string): string {
  const leaf = `part-${String(index).padStart(5, "0")}-${random.guid()}-c000.snappy.parquet`;
  return partition === undefined ? leaf : `${partition}/${leaf}`;
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** `dt=2026-11-14`, where the table has partitions. */
export const partitionAt = (lying: Lying, time: number): string | undefined =>
  lying.partitionedBy === undefined ? undefined : `${lying.partitionedBy}=${dayOf(time)}`;

/** Puts files in; the oldest go where there are too many. */
export function addFiles(lying: Lying, files: readonly LakeFile[]): void {
  lying.files.push(...files);
  const over = lying.files.length - MOST_FILES;
  if (over > 0) drop(lying, lying.files.slice(0, over));
}

/** Takes files out of the newest version; they stay in the folder. */
export function drop(lying: Lying, files: readonly LakeFile[]): void {
  const gone = new Set(files);
  lying.files = lying.files.filter((file) => !gone.has(file));
  if (lying.format === "delta") lying.dropped = [...lying.dropped, ...files].slice(-MOST_FILES);
}

function tableOf(table: Table, begin: number, random: Random): Lying {
  const isDelta = table.format === "delta";
  const version = isDelta ? random.between(3, 60) : -1;
  const lying: Lying = {
    name: table.name,
    format: table.format,
    folder: table.folder ?? { account: "", container: "", path: "" },
    partitionedBy: table.partitionedBy,
    fileBytes: table.fileBytes,
    files: [],
    dropped: [],
    version,
    checkpoint: version >= CHECKPOINT_EVERY ? version - (version % CHECKPOINT_EVERY) : undefined,
    source: undefined,
    isTable: true,
  };
  const file = (index: number): LakeFile => ({
    path: partName(random, index, partitionAt(lying, begin - index * 86_400_000)),
    bytes: Math.round(table.fileBytes * (0.6 + 0.8 * random.next())),
  });
  lying.files = Array.from({ length: table.files }, (_, index) => file(index));
  if (isDelta) lying.dropped = [file(0), file(1)];
  return lying;
}

function placeOf(place: Place, random: Random): Lying {
  return {
    name: place.name,
    format: place.format,
    folder: place.folder,
    partitionedBy: undefined,
    fileBytes: place.fileBytes,
    files: Array.from({ length: place.files }, (_, index) => ({
      path: `part-${String(index).padStart(5, "0")}-${random.guid()}-c000.${place.format === "parquet" ? "snappy.parquet" : place.format}`,
      bytes: Math.round(place.fileBytes * (0.6 + 0.8 * random.next())),
    })),
    dropped: [],
    version: -1,
    checkpoint: undefined,
    source: undefined,
    isTable: false,
  };
}

/** Fills the storage of a world as it is at `begin`. @throws Error where two things have one name */
export function openLake(world: World, begin: number, randomOf: (name: string) => Random): Lake {
  const all = new Map<string, Lying>();
  const put = (lying: Lying) => {
    if (all.has(lying.name)) throw new Error(`two things are named ${lying.name}`);
    all.set(lying.name, lying);
  };
  for (const table of world.tables) put(tableOf(table, begin, randomOf(table.name)));
  for (const place of world.places) put(placeOf(place, randomOf(place.name)));
  for (const { table, was } of world.renamings) (all.get(table) as Lying).folder = was;
  for (const { name, cloneOf } of world.tables) {
    if (cloneOf === undefined) continue;
    const clone = all.get(name) as Lying;
    clone.source = all.get(cloneOf);
    clone.files = [];
    clone.dropped = [];
  }
  return {
    at(name) {
      const found = all.get(name);
      if (found === undefined) throw new Error(`the world has neither a table nor a place named ${name}`);
      return found;
    },
  };
}

/** True for the version that a writer follows with a checkpoint. */
export const isCheckpointDue = (version: number): boolean => version > 0 && version % CHECKPOINT_EVERY === 0;

/** Where a table is, as an inventory writes it. */
export const writtenLocation = (table: Table): string =>
  table.location ?? (table.folder === undefined ? "" : abfss(table.folder));
