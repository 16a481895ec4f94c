/** From groups of log lines to edges between jobs and tables: who, where, what; then merged. */
import type { AccessAggregate } from "../../engines/engine.ts";
import type { AccessCoverage, AccessEdge, Unattributed } from "../../model/access-edge.ts";
import type { ClusterUses, TaskUse } from "../../model/cluster-use.ts";
import type { TableInventory } from "../../model/table-inventory.ts";
import { clusterIdOf, inLogs } from "./cluster-id.ts";
import { openCoverage } from "./coverage.ts";
import { namesOf, openEdgeBook, toUtc } from "./edges.ts";
import { judge } from "./judge.ts";
import { byText, indexLocations, placeKey } from "./locations.ts";
import { effectOf } from "./operations.ts";
import { addToPlaces, type Place, type Places, settleCheckpoints, settleSharedFiles } from "./places.ts";
import { parseUri } from "./storage-path.ts";
import { hasWritten } from "./tally.ts";
import { indexUses, type Who } from "./who.ts";

/** What an attribution yields. */
export interface Attributed {
  edges: AccessEdge[];
  unattributed: Unattributed[];
  coverage: AccessCoverage;
  /** Every place that was asked for, as `abfss://container@host/path`, in order: what attribution depends on. */
  asked: string[];
}

/** Takes groups in any order and yields the same for the same groups. */
export interface Attributor {
  /** Clusters whose groups are wanted by the second. */
  bySecond: readonly string[];
  /** Addresses of cluster nodes: requests without a cluster id from there are wanted by the second. */
  nodes: readonly string[];
  /**
   * @param counts false: the group lies outside of what is counted, but tells what the same run did; only with
   * `apart`
   */
  add(group: AccessAggregate, counts?: boolean): void;
  /** @param unreadable lines of the logs that were no records */
  finish(unreadable: number): Attributed;
}

/** Someone who sent requests, and what they did. */
interface Actor {
  who: Who;
  clusterId: string | null;
  client: string | null;
  places: Places;
}

const taskId = (task: TaskUse): string => `${task.runId}/${task.taskKey ?? ""}/${task.attempt}`;

function actorKey(who: Who, clusterId: string | null, client: string | null): string {
  if ("reason" in who) return `${who.reason}\n${clusterId ?? ""}\n${client ?? ""}`;
  return `${who.attribution}\n${who.tasks.map(taskId).sort(byText).join("\n")}`;
}

/**
 * Whether rows were read for something else than the place itself. Of a table that was read and committed only where it
 * read files that it had written: a staging table. OPTIMIZE of several tables reads what others wrote, and so does an
 * UPDATE; neither brings rows of one table into another.
 */
function isInput({ reads, commits, readFiles, writtenFiles }: Place["tally"]): boolean {
  return reads > 0 && (commits === 0 || [...writtenFiles].some((file) => readFiles.has(file)));
}

/** Which places each task read rows of, for other places. */
function inputsByTask(actors: Iterable<Actor>): Map<string, Set<string>> {
  const inputs = new Map<string, Set<string>>();
  for (const { who, places } of actors) {
    if ("reason" in who) continue;
    const read = [...places.values()].filter(({ tally }) => isInput(tally)).map(({ key }) => key);
    for (const id of who.tasks.map(taskId)) {
      const known = inputs.get(id) ?? new Set<string>();
      inputs.set(id, known);
      for (const key of read) known.add(key);
    }
  }
  return inputs;
}

function hasOtherInputs(actor: Actor, key: string, inputs: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  if ("reason" in actor.who)
    return [...actor.places.values()].some((place) => place.key !== key && isInput(place.tally));
  return actor.who.tasks.some((task) => [...(inputs.get(taskId(task)) ?? [])].some((read) => read !== key));
}

/**
 * Opens an attribution.
 * @param apart whether groups will be added that are not counted
 */
export function openAttributor(inventory: TableInventory, uses: ClusterUses, apart = false): Attributor {
  const locations = indexLocations(inventory);
  const whoIndex = indexUses(uses);
  const coverage = openCoverage();
  const actors = new Map<string, Actor>();

  return {
    bySecond: whoIndex.shared.flatMap(inLogs),
    nodes: whoIndex.nodes,
    add(group, counts = true) {
      const path = parseUri(group.uri);
      const clusterId = clusterIdOf(group.cluster) ?? null;
      const [first, last] = [Date.parse(group.first), Date.parse(group.last)];
      const who: Who =
        clusterId === null ? whoIndex.at(group.address ?? null, first, last) : whoIndex.find(clusterId, first, last);
      const client = clusterId === null ? (group.client ?? group.cluster) : null;
      const fate = "reason" in who ? who.reason : who.attribution === "ambiguous" ? "ambiguous" : "attributed";
      if (counts) coverage.add(group, path?.account ?? accountOnly(group.uri), fate);
      const effect = effectOf(group.operation);
      if (effect === undefined && counts) coverage.unknownOperation(group.operation, group.requests);
      if (effect === undefined || path === undefined) return;
      const key = actorKey(who, clusterId, client);
      const actor = actors.get(key) ?? { who, clusterId, client, places: new Map() };
      actors.set(key, actor);
      addToPlaces(actor.places, group, effect, path, locations.find(path), { apart, counts });
    },
    finish(unreadable) {
      const book = openEdgeBook();
      const unattributed: Unattributed[] = [];
      const touched = new Set<string>();
      const asked = new Set<string>();
      for (const { places } of actors.values()) for (const { path } of places.values()) asked.add(placeKey(path));
      for (const { places } of actors.values()) {
        settleCheckpoints(places);
        settleSharedFiles(places);
      }
      const inputs = inputsByTask(actors.values());
      for (const actor of actors.values()) {
        for (const place of actor.places.values()) {
          const { tally, counted } = place;
          if (tally.reads + tally.logReads + tally.deletes > 0 || hasWritten(tally)) {
            for (const table of place.tables) touched.add(placeKey(table.root));
          }
          for (const judged of judge(place, isInput(tally) || hasOtherInputs(actor, place.key, inputs))) {
            if ("attribution" in actor.who) book.add(actor.who.attribution, actor.who.tasks, place, judged);
            else {
              const { table, dataset } = namesOf(place);
              unattributed.push({
                reason: actor.who.reason,
                clusterId: actor.clusterId,
                client: actor.client,
                table,
                dataset,
                access: judged.access,
                requests: judged.evidence.requests,
                firstSeen: toUtc(counted.first),
                lastSeen: toUtc(counted.last),
              });
            }
          }
        }
      }
      return {
        edges: book.edges(),
        unattributed: unattributed
          .map((one) => [JSON.stringify(one), one] as const)
          .sort(([a], [b]) => byText(a, b))
          .map(([, one]) => one),
        coverage: coverage.close(locations, (table) => touched.has(placeKey(table.root)), unreadable),
        asked: [...asked].sort(byText),
      };
    },
  };
}

/** The account of a request that names no container. */
const accountOnly = (uri: string): string => /^https?:\/\/([^./]+)/i.exec(uri)?.[1]?.toLowerCase() ?? "";
