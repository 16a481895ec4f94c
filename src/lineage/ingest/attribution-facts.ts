/** What access logs are attributed by, and a digest of the part of it that matters for one day. */
import { createHash } from "node:crypto";
import type { ClusterUses, TaskUse } from "../../model/cluster-use.ts";
import type { TableInventory } from "../../model/table-inventory.ts";
import { placeKey } from "../attribute/locations.ts";
import { locationResolver } from "../attribute/mounts.ts";
import type { StoragePath } from "../attribute/storage-path.ts";

/** Runs and tables as they are known now. */
export interface AttributionFacts {
  inventory: TableInventory;
  uses: ClusterUses;
  /**
   * Day from which runs are known, where whoever tells them forgets (the Jobs API: 60 days); undefined: all that ever
   * will be. Days before it are not computed again for want of runs.
   */
  runsFrom: string | undefined;
}

const DAY_MS = 86_400_000;

const midnight = (day: string): number => Date.parse(`${day}T00:00:00.000Z`);

/** The day so many days after (or before) another. */
export const dayAfter = (day: string, days = 1): string =>
  new Date(midnight(day) + days * DAY_MS).toISOString().slice(0, 10);

const digestOf = (lines: readonly string[]): string => {
  const hash = createHash("sha256");
  for (const line of [...lines].sort()) hash.update(line).update("\n");
  return hash.digest("hex").slice(0, 16);
};

/** Key of a place; that of a container has no slash at its end, so that it is above all in it. */
const keyOf = (path: StoragePath): string => placeKey(path).replace(/\/+$/, "");

/** Every folder above a place, the container first, the place itself last; as keys of places. */
function withAncestors({ account, container, segments }: StoragePath): string[] {
  const path = (depth: number): StoragePath => ({ account, container, segments: segments.slice(0, depth) });
  return Array.from({ length: segments.length + 1 }, (_, depth) => keyOf(path(depth)));
}

/** A location of a table, ready to be asked whether a day depends on it. */
interface Placed {
  /** Keys of the folders above it and of itself. */
  chain: readonly string[];
  line: string;
}

/** Locations that decide which table a path belongs to. */
function placedTables(inventory: TableInventory): Placed[] {
  const resolve = locationResolver(inventory.mounts);
  const tables = inventory.tables.filter(({ type }) => type !== "VIEW");
  const roots = new Map<string, Set<string>>();
  for (const { name, location } of tables) {
    const place = resolve(location);
    if ("path" in place) {
      const key = keyOf(place.path);
      roots.set(key, (roots.get(key) ?? new Set()).add(name));
    }
  }
  return tables.flatMap(({ name, location, partitions }): Placed[] => {
    const place = resolve(location);
    const root = "path" in place ? keyOf(place.path) : undefined;
    const placed: Placed[] = [];
    if ("path" in place) placed.push({ chain: withAncestors(place.path), line: `${root} ${name}` });
    for (const partition of partitions) {
      const own = resolve(partition);
      if ("blind" in own) continue;
      const chain = withAncestors(own.path);
      const at = root === undefined ? -1 : chain.indexOf(root);
      // below its own table's folder a partition decides nothing, unless another table lies between
      if (at >= 0 && !chain.slice(at + 1).some((key) => roots.has(key))) continue;
      placed.push({ chain, line: `${chain.at(-1)} ${name} partition` });
    }
    return placed;
  });
}

const lineOf = (task: TaskUse): string =>
  JSON.stringify([
    task.workspaceId,
    task.jobId,
    task.runId,
    task.taskKey,
    task.attempt,
    task.clusterId,
    task.runStart,
    task.start,
    task.end,
  ]);

/** Answers what a day depends on. */
export interface DayFacts {
  /** Digest of the runs that may have sent a day's requests, or those of the days beside it. */
  runs(day: string): string;
  /** Digest of the tables that may lie where was asked. @param asked places as the attribution lists them */
  tables(asked: readonly string[]): string;
  /** Clusters that a task used on this day and on the next: what it did on one tells what the other means. */
  overnight(day: string): readonly string[];
}

/** Prepares the answers. */
export function dayFacts({ inventory, uses }: AttributionFacts): DayFacts {
  const placed = placedTables(inventory);
  const runsOf = new Map<string, Set<string>>();
  for (const { clusterId, runId } of uses.tasks) {
    if (clusterId !== null) runsOf.set(clusterId, (runsOf.get(clusterId) ?? new Set()).add(runId));
  }
  const told = new Map(
    uses.clusters.map(({ clusterId, kind, nodes }) => [
      clusterId,
      nodes === undefined ? kind : `${kind} ${JSON.stringify(nodes)}`,
    ]),
  );
  const orphans = uses.clusters
    .filter(({ clusterId }) => !runsOf.has(clusterId))
    .map(({ clusterId, name }) => `${clusterId} ${name}`);
  const within = (from: number, to: number): TaskUse[] =>
    uses.tasks.filter(({ runStart, start, end }) => Math.min(runStart, start) < to && (end ?? to) >= from);
  return {
    runs(day) {
      const tasks = within(midnight(day) - DAY_MS, midnight(day) + 2 * DAY_MS);
      const clusters = new Set(tasks.flatMap(({ clusterId }) => clusterId ?? []));
      const shared = [...clusters].map((id) => `${id} ${told.get(id)} ${(runsOf.get(id)?.size ?? 0) > 1}`);
      return digestOf([...tasks.map(lineOf), ...shared, ...orphans]);
    },
    tables(asked) {
      const own = new Set(asked.map((key) => key.replace(/\/+$/, "")));
      const above = new Set<string>();
      for (const key of own) {
        // a key is namespace/name; what lies below the namespace are folders
        for (let at = key.length; at > 0; at = key.lastIndexOf("/", at - 1)) above.add(key.slice(0, at));
      }
      const matters = ({ chain }: Placed): boolean =>
        above.has(chain.at(-1) as string) || chain.some((key) => own.has(key));
      return digestOf(placed.filter(matters).map(({ line }) => line));
    },
    overnight(day) {
      const end = midnight(day) + DAY_MS;
      const over = uses.tasks.filter((task) => task.start < end && (task.end ?? end) >= end);
      return [...new Set(over.flatMap(({ clusterId }) => clusterId ?? []))];
    },
  };
}
