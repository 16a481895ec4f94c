/** The plan of a migration in waves: what it is made of (edges, pins, capacity) and what comes out. */
import * as z from "zod";

const person = z.object({ jobId: z.string(), jobName: z.string().nullable() });

/** What a wave plan reads of an {@link import("./access-edge.ts").AccessEdge}; a line of `edges.ndjson`. */
export const WAVE_EDGE = z.object({
  jobId: z.string().nullable(),
  jobName: z.string().nullable(),
  table: z.string().nullable(),
  aliases: z.array(z.string()).optional(),
  tableCandidates: z.array(z.string()).optional(),
  access: z.enum(["read", "write", "maintenance", "metadata", "denied"]),
  candidates: z.array(person),
  /** UTC text: the name that was seen last is the name of a job. */
  lastSeen: z.string(),
});
export type WaveEdge = z.infer<typeof WAVE_EDGE>;

const pin = z.union([z.int().min(1).max(9_999), z.literal("exclude")], {
  error: "a pin is the number of a wave, from 1, or exclude",
});
const day = z.iso.date({ error: "write a day like 2026-12-15" });

/** The value of `pins:` in a pins file. */
export const WAVE_PINS = z.strictObject({
  /** By job id. */
  jobs: z.record(z.string(), pin).default({}),
  /** By table name. */
  tables: z.record(z.string(), pin).default({}),
  /** Days without a move, the last included. */
  freeze: z
    .array(
      z.strictObject({ from: day, to: day }).refine(({ from, to }) => from <= to, { error: "ends before it begins" }),
    )
    .default([]),
});
export type WavePins = z.infer<typeof WAVE_PINS>;

/** The most that one wave may hold; what is absent is unlimited. */
export interface WaveCapacity {
  jobs?: number;
  tables?: number;
  /** Sum of the sizes of the tables. */
  bytes?: number;
}

/** A table of the inventory; it is planned even where nobody touched it. */
export interface WaveTable {
  name: string;
  /** Null where the inventory does not say. */
  bytes: number | null;
}

/** A job in a plan. */
export interface WaveJob {
  id: string;
  name: string | null;
}

/**
 * What holds a group in its place: `hard` what was seen, `soft` only what one of several may have done, `none`
 * nothing: it could stand in any wave.
 */
export type WaveConstraint = "hard" | "soft" | "none";

/** Jobs and tables that have to move at once. */
export interface WaveGroup {
  jobs: WaveJob[];
  tables: string[];
  /** Known sizes only. */
  bytes: number;
  constraint: WaveConstraint;
  /** Why they are together, and why in this wave. */
  why: string;
}

/** What moves together, after the waves before it. Numbers begin with 1; pins may leave gaps. */
export interface Wave {
  number: number;
  jobs: number;
  tables: number;
  /** Known sizes only. */
  bytes: number;
  groups: WaveGroup[];
}

/** What stands against the plan and needs a person. */
export interface WaveBlocker {
  /** `pin`: contradicts a dependency or another pin; `unknown`: pins what is not there; `capacity`: does not fit. */
  kind: "pin" | "unknown" | "capacity";
  why: string;
  jobs: string[];
  tables: string[];
}

/** A table that glues jobs into one group, and what taking it out (`exclude`, dual registration) would buy. */
export interface WaveHub {
  table: string;
  /** Tables that have to be taken out with it; absent where it alone is enough. */
  with?: string[];
  /** Jobs of the group it is in. */
  jobs: number;
  groupsBefore: number;
  groupsAfter: number;
}

/** A dependency that was not kept, because it only may exist. */
export interface WaveCut {
  job: string;
  table: string;
  kind: "soft";
  access: "read" | "write" | "maintenance";
}

/** What `planWaves` makes. */
export interface WavePlan {
  formatVersion: 1;
  waves: Wave[];
  blockers: WaveBlocker[];
  hubs: WaveHub[];
  cut: WaveCut[];
  excluded: { jobs: WaveJob[]; tables: string[] };
  /** As pinned; shown, not planned with: waves have no dates. */
  freeze: WavePins["freeze"];
  capacity: WaveCapacity;
  /** Tables whose size nobody said: they count as no bytes. */
  unsized: number;
}
