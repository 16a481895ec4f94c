/** All jobs of the workspace with as much of their past as a lagging list needs. */
import type { JsonObject } from "../json.ts";
import type { AccessList } from "./rights.ts";

/** Settings as they were from some time on. Never changed in place: a change makes a new version. */
export interface JobVersion {
  settings: JsonObject;
  /** Milliseconds on the workspace's clock. */
  at: number;
  /** For the `name` filter. */
  nameLower: string;
  /** Answers of `jobs/list`, made once: without and with tasks. */
  shortText?: string;
  longText?: string;
}

export interface Job {
  id: string;
  /** Order of creation. */
  number: number;
  creator: string;
  createdAt: number;
  deletedAt: number | undefined;
  access: AccessList;
  /** Oldest first; the last is the present one. */
  versions: JobVersion[];
  /** Runs started so far. */
  runCount: number;
}

/** Deleted jobs whose rights are remembered. */
const MOST_REMEMBERED = 100_000;

export interface JobBook {
  create(id: string, settings: JsonObject, creator: string, access: AccessList): Job;
  /** A job that exists. */
  find(id: string): Job | undefined;
  /** Its access list, also of a deleted job. */
  accessOf(id: string): AccessList | undefined;
  change(job: Job, settings: JsonObject): void;
  remove(job: Job): void;
  /** All existing jobs in order of creation. */
  all(): Job[];
  count(): number;
  /**
   * Jobs as they were `lag` ms ago, the newest first.
   * @param before only jobs with a smaller number (exclusive)
   */
  walk(before: number): Iterable<{ job: Job; version: JobVersion }>;
  /** The same, the oldest first. @param after only jobs with a larger number (exclusive) */
  walkUp(after: number): Iterable<{ job: Job; version: JobVersion }>;
}

/** @param lag how far the list lags behind, read at each use */
export function makeJobBook(now: () => number, lag: () => number): JobBook {
  const jobs = new Map<string, Job>();
  const gone = new Map<string, AccessList>();
  /** In order of creation, with deleted jobs until the list has forgotten them. */
  let order: Job[] = [];
  let counter = 0;
  let deletions = 0;

  const versionOf = (settings: JsonObject): JobVersion => ({
    settings,
    at: now(),
    nameLower: String(settings.name ?? "Untitled").toLowerCase(),
  });

  /** A job as the list shows it now, undefined when it does not. */
  const seen = (job: Job | undefined): { job: Job; version: JobVersion } | undefined => {
    const lagging = lag() > 0;
    const time = now() - lag();
    if (!job || (lagging && job.createdAt > time)) return undefined;
    if (job.deletedAt !== undefined && (!lagging || job.deletedAt <= time)) return undefined;
    let at = job.versions.length - 1;
    while (at > 0 && lagging && (job.versions[at]?.at ?? 0) > time) at -= 1;
    const version = job.versions[at];
    return version && { job, version };
  };

  return {
    create(id, settings, creator, access) {
      counter += 1;
      const version = versionOf(settings);
      const job: Job = {
        id,
        number: counter,
        creator,
        createdAt: version.at,
        deletedAt: undefined,
        access,
        versions: [version],
        runCount: 0,
      };
      jobs.set(id, job);
      order.push(job);
      return job;
    },
    find: (id) => jobs.get(id),
    accessOf: (id) => jobs.get(id)?.access ?? gone.get(id),
    change(job, settings) {
      job.versions.push(versionOf(settings));
      const shown = now() - lag();
      // The last version that the list already shows, and everything after it.
      let keep = job.versions.length - 1;
      while (keep > 0 && lag() > 0 && (job.versions[keep]?.at ?? 0) > shown) keep -= 1;
      job.versions.splice(0, keep);
    },
    remove(job) {
      jobs.delete(job.id);
      gone.set(job.id, job.access);
      if (gone.size > MOST_REMEMBERED) gone.delete(gone.keys().next().value ?? "");
      job.deletedAt = now();
      deletions += 1;
      if (deletions > order.length / 2) {
        order = order.filter(({ deletedAt }) => deletedAt === undefined || deletedAt > now() - lag());
        deletions = order.length - jobs.size;
      }
    },
    all: () => [...jobs.values()],
    count: () => jobs.size,
    *walk(before) {
      for (let index = positionOf(order, before) - 1; index >= 0; index--) {
        const listed = seen(order[index]);
        if (listed) yield listed;
      }
    },
    *walkUp(after) {
      for (let index = positionOf(order, after + 1); index < order.length; index++) {
        const listed = seen(order[index]);
        if (listed) yield listed;
      }
    },
  };
}

/** The index of the first job whose number is not below `before`. */
function positionOf(order: Job[], before: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((order[middle]?.number ?? 0) < before) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The present settings of a job. */
export function settingsOf(job: Job): JsonObject {
  return job.versions.at(-1)?.settings ?? {};
}
