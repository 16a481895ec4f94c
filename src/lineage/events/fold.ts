/** Brings the graph up to the newest event: reads the log of events on from a cursor, and adds each batch to days and runs. */
import type { CursorStore, Lease } from "../../store/cursors.ts";
import type { EdgeKey, LineageStore, StoredLineageEvent } from "../../store/lineage.ts";
import type { Store } from "../../store/transaction.ts";
import type { Clock } from "../../util/clock.ts";
import { foldBatch, idsOf, type KeptEvent, nodeKey, nodesOf, runKey } from "./fold-batch.ts";
import { knownIds } from "./known-ids.ts";
import { readEvent } from "./read-event.ts";
import type { RecentFacts } from "./recent-facts.ts";

/** Version of how events become edges: kept with each day, so that an upgrade knows what to fold anew. */
const RULESET = "events-1";
/** Position in the log of events up to which the graph has everything. */
const CURSOR = "lineage/events";
const LEASE = "lineage/events";
const LEASE_MS = 60_000;
/** Events a transaction; on SQLite others wait for the write lock meanwhile. */
const BATCH = 500;
/** How often a reader looks whether somebody else has done the folding. */
const LOOK_MS = 50;

/** What folding needs of the store. */
export interface FoldStore {
  lineage: LineageStore;
  cursors: CursorStore;
  transaction: Store["transaction"];
}

/** Keeps the graph up with the log of events. */
export interface EventFolder {
  /**
   * Resolves when every event that was kept before the call is in the graph, whoever folded it.
   * @param signal stops it after the batch that is under way
   * @returns how many were folded here
   */
  fold(signal?: AbortSignal): Promise<number>;
}

/** What the events of a batch say; an event whose body was removed says nothing any more. */
async function factsOf(
  events: readonly StoredLineageEvent[],
  lineage: Pick<LineageStore, "bodies">,
  recent: RecentFacts | undefined,
): Promise<KeptEvent[]> {
  const known = events.map(({ id }) => recent?.take(id));
  const hashes = events.flatMap(({ bodyHash }, index) => (known[index] ? [] : [bodyHash]));
  const bodies = hashes.length === 0 ? new Map<string, string>() : await lineage.bodies(hashes);
  return events.flatMap(({ source, bodyHash }, index) => {
    const body = bodies.get(bodyHash);
    const facts = known[index] ?? (body === undefined ? undefined : readEvent(JSON.parse(body)));
    return facts ? [{ source, facts }] : [];
  });
}

/** Claims that were made by this process; beyond so many they are forgotten, and made again. */
const KNOWN_CLAIMS = 100_000;

/**
 * A folder of one process.
 * @param holder unique in the world for the life of the folder: whoever folds holds a lease by it
 * @param onClaims called after folding where events said for the first time that two names mean one thing
 * @param recent what the intake of this process told of events that are to be folded
 */
export function createEventFolder(
  store: FoldStore,
  clock: Clock,
  holder: string,
  onClaims: () => Promise<unknown> = async () => undefined,
  recent?: RecentFacts,
): EventFolder {
  const { lineage, cursors } = store;
  const nodeIds = knownIds(lineage.upsertNodes, nodeKey);
  const edgeIdsOf = knownIds(lineage.upsertEdges, (edge: EdgeKey) => `${edge.from} ${edge.to} ${edge.relation}`);
  // Spark repeats its symlinks with every event.
  const claimed = new Set<string>();
  let hasNewClaims = false;
  const position = async (): Promise<number> => Number((await cursors.find(CURSOR))?.value ?? 0);

  async function foldOne(after: number, lease: Lease): Promise<{ seq: number; count: number } | undefined> {
    const events = await lineage.eventsAfter(after, BATCH);
    const last = events.at(-1);
    if (last === undefined) return undefined;
    const kept = await factsOf(events, lineage, recent);
    const nodes = nodesOf(kept);
    const idOf = idsOf(nodes, await nodeIds(nodes));
    const keys = new Map<string, { jobNode: number; runId: string }>();
    for (const { facts } of kept) {
      if (facts.job === undefined || facts.runId === undefined) continue;
      const key = { jobNode: idOf(facts.job), runId: facts.runId };
      keys.set(runKey(key.jobNode, key.runId), key);
    }
    const known = await lineage.runs([...keys.values()]);
    const folded = foldBatch(kept, idOf, new Map(known.map((run) => [runKey(run.jobNode, run.runId), run])));
    const edges = folded.days.flatMap(({ sightings }) => sightings.map(({ edge }) => edge));
    const edgeIds = await edgeIdsOf(edges);
    let next = 0;
    const days = folded.days.map(({ source, day, sightings, columns }) => ({
      source,
      day,
      ruleset: RULESET,
      sightings: sightings.map(({ edge: _edge, ...sighting }) => ({ ...sighting, edgeId: edgeIds[next++] as number })),
      columns,
    }));
    const claims = folded.claims.filter(({ id }) => !claimed.has(id));
    // One transaction with the cursor: what is added is added once, whenever the process dies. That nobody else folds
    // at the same time is sure by the lease, which moving the cursor checks.
    await store.transaction(async (doors) => {
      await doors.cursors.move(CURSOR, String(last.seq), lease);
      await doors.lineage.growDays(days);
      await doors.lineage.putRuns(folded.runs);
      await doors.lineage.putClaims(claims);
    });
    if (claimed.size > KNOWN_CLAIMS) claimed.clear();
    for (const { id } of claims) claimed.add(id);
    hasNewClaims ||= claims.length > 0;
    return { seq: last.seq, count: events.length };
  }

  async function foldUpTo(target: number, first: Lease, signal: AbortSignal | undefined): Promise<number> {
    let lease = first;
    let total = 0;
    let at = await position();
    let renewed = clock.now();
    while (at < target && signal?.aborted !== true) {
      if (clock.now() - renewed > LEASE_MS / 3) {
        lease = (await cursors.renewLease(lease, LEASE_MS)) ?? lease;
        renewed = clock.now();
      }
      const done = await foldOne(at, lease);
      if (done === undefined) break;
      at = done.seq;
      total += done.count;
    }
    return total;
  }

  async function fold(signal: AbortSignal | undefined): Promise<number> {
    const target = await lineage.lastEventSeq();
    for (;;) {
      if (signal?.aborted === true || (await position()) >= target) return 0;
      const lease = await cursors.acquireLease(LEASE, holder, LEASE_MS);
      if (lease) {
        try {
          const folded = await foldUpTo(target, lease, signal);
          if (hasNewClaims) await onClaims();
          hasNewClaims = false;
          return folded;
        } finally {
          await cursors.releaseLease(lease);
        }
      }
      await clock.sleep(LOOK_MS);
    }
  }

  // The lease keeps other processes out, not a second call in this one: those wait for their turn.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    fold(signal) {
      const next = () => fold(signal);
      const mine = turn.then(next, next);
      turn = mine;
      return mine;
    },
  };
}
