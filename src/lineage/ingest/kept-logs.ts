/** The cache of scanned logs: each unit's groups as Parquet with a note beside it, made again when it must be. */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine, KeptLog } from "../../engines/engine.ts";
import type { AccessLogSource, EvidenceUnit } from "../../sources/evidence-source.ts";

/** Version of the note and of the statement that made the groups. */
const RULES = "2";

/** What is noted of a unit. */
interface Note extends KeptLog {
  rules: string;
  key: string;
  digest: string;
  /** Clusters of it whose groups are by the second. */
  bySecond: string[];
  /** Addresses of nodes whose groups are by the second. */
  nodes: string[];
}

/** What is wanted by the second. */
export interface FineSenders {
  /** Clusters, as they stand in the logs. */
  clusters: readonly string[];
  /** Addresses of nodes. */
  nodes: readonly string[];
}

/** A kept unit. */
export interface Kept extends KeptLog {
  /** Absolute path of its groups. */
  file: string;
}

/** Keeps the units of one source. */
export interface KeptLogs {
  /** Whether a unit's groups are there, however coarse. */
  has(unit: EvidenceUnit): Promise<boolean>;
  /**
   * The groups of a unit, scanned where they are not kept or too coarse. A unit that is gone is answered as coarse as it
   * was kept.
   * @throws HeadgateError `input_invalid` for a log that cannot be read, `not_found` for one that is gone and not kept
   */
  unit(unit: EvidenceUnit): Promise<Kept>;
  /** Scans those that are not kept yet together; what cannot be, is left for {@link unit}. */
  ahead(units: readonly EvidenceUnit[]): Promise<void>;
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

async function noteIn(file: string): Promise<Note | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Note;
  } catch (error) {
    // a note cut off by a full disk is as good as none
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Opens the cache of a source.
 * @param folder absolute; made where missing; may be deleted at any time at the cost of scanning again
 * @param second whose groups are wanted by the second
 */
export function keptLogs(
  source: AccessLogSource,
  engine: Engine,
  folder: string,
  second: FineSenders,
  signal?: AbortSignal,
): KeptLogs {
  const { clusters: bySecond, nodes } = second;
  const fine = new Set(bySecond);
  const fineNodes = new Set(nodes);
  /** One file and note a unit; the groups are named after the content, so that a note never means others. */
  const base = (unit: EvidenceUnit): string => join(folder, hashOf(unit.key).slice(0, 24));
  const groupsOf = (unit: EvidenceUnit, note: Pick<Note, "bySecond" | "nodes">): string => {
    const made = [RULES, unit.digest, ...note.bySecond, "", ...note.nodes].join("\n");
    return `${base(unit)}-${hashOf(made).slice(0, 12)}.parquet`;
  };

  const noteOf = async (unit: EvidenceUnit): Promise<Note | undefined> => {
    const note = await noteIn(`${base(unit)}.json`);
    return note?.digest === unit.digest && note.rules === RULES && note.key === unit.key ? note : undefined;
  };
  const keptAs = (unit: EvidenceUnit, note: Note): Kept => {
    const { lines, unreadable, days, clusters, addresses } = note;
    return { lines, unreadable, days, clusters, addresses, file: groupsOf(unit, note) };
  };
  const isFineEnough = (note: Note): boolean =>
    note.clusters.every((cluster) => !fine.has(cluster) || note.bySecond.includes(cluster)) &&
    note.addresses.every((address) => !fineNodes.has(address) || note.nodes.includes(address));

  /** Notes what was kept of a unit in the file `half`, and gives it its name. */
  async function settle(unit: EvidenceUnit, kept: KeptLog, half: string): Promise<Kept> {
    const before = await noteIn(`${base(unit)}.json`);
    const note: Note = {
      ...kept,
      rules: RULES,
      key: unit.key,
      digest: unit.digest,
      bySecond: kept.clusters.filter((cluster) => fine.has(cluster)),
      nodes: kept.addresses.filter((address) => fineNodes.has(address)),
    };
    const groups = groupsOf(unit, note);
    await rename(half, groups);
    const halfNote = `${base(unit)}.json.half`;
    await writeFile(halfNote, JSON.stringify(note));
    await rename(halfNote, `${base(unit)}.json`);
    const old = before === undefined ? groups : groupsOf({ ...unit, digest: before.digest }, before);
    if (old !== groups) await rm(old, { force: true });
    return keptAs(unit, note);
  }

  const halfOf = (unit: EvidenceUnit): string => `${base(unit)}.scanned`;

  /** Makes the folder, and in it one for what is needed only while logs are scanned. */
  async function withRoom<T>(work: (room: string) => Promise<T>): Promise<T> {
    await mkdir(folder, { recursive: true });
    const room = await mkdtemp(join(folder, "rewritten-"));
    try {
      return await work(room);
    } finally {
      await rm(room, { recursive: true, force: true });
    }
  }

  async function scan(unit: EvidenceUnit): Promise<Kept> {
    return withRoom(async (room) => {
      const log = await source.fileOf(unit, room, signal);
      return settle(unit, await engine.keep({ files: [log], bySecond, nodes }, halfOf(unit)), halfOf(unit));
    });
  }

  async function scanTogether(units: readonly EvidenceUnit[]): Promise<void> {
    await withRoom(async (room) => {
      const files: string[] = [];
      for (const unit of units) files.push(await source.fileOf(unit, room, signal));
      const kept = await engine.keepEach({ files, bySecond, nodes }, units.map(halfOf));
      for (const [index, unit] of units.entries()) {
        const one = kept[index];
        if (one !== undefined) await settle(unit, one, halfOf(unit));
      }
    });
  }

  return {
    has: async (unit) => (await noteOf(unit)) !== undefined,
    async unit(unit) {
      const note = await noteOf(unit);
      if (note !== undefined && isFineEnough(note)) return keptAs(unit, note);
      try {
        return await scan(unit);
      } catch (error) {
        if (note !== undefined && (error as { code?: string }).code === "input_invalid") return keptAs(unit, note);
        throw error;
      }
    },
    async ahead(units) {
      const wanted: EvidenceUnit[] = [];
      for (const unit of units) {
        const note = await noteOf(unit);
        if (note === undefined || !isFineEnough(note)) wanted.push(unit);
      }
      if (wanted.length < 2) return;
      try {
        await scanTogether(wanted);
      } catch (error) {
        // one of them is torn or gone: which, is seen when each is asked for by itself
        const { code } = error as { code?: string };
        if (code !== "input_invalid" && code !== "not_found") throw error;
      }
    },
  };
}
