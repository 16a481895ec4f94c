/** A server with a store of its own and what takes events in: as `headgate serve` has it, without a project. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { lazyLineageEvents } from "../../src/app/lineage-events.ts";
import { plainStore } from "../../src/server/testing/plain-store.ts";
import type { TestServer } from "../../src/server/testing/start.ts";
import { start } from "../../src/server/testing/start.ts";
import type { EdgeAt } from "../../src/store/lineage.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/transaction.ts";
import { systemClock } from "../../src/util/clock.ts";

/** The server and its store. */
export interface EventServer {
  server: TestServer;
  store: Store;
  /** Brings the graph up to what came in. */
  fold(): Promise<number>;
  /** Rows of the audit so far. */
  audits: ReturnType<typeof plainStore>["audits"];
  close(): Promise<void>;
}

/** Starts one on a free port. */
export async function startEventServer(): Promise<EventServer> {
  const folder = await mkdtemp(path.join(tmpdir(), "headgate-events-"));
  const store = await openStore({ kind: "sqlite", path: path.join(folder, "state.db") });
  const events = lazyLineageEvents(async () => store, systemClock);
  const plain = plainStore();
  const server = await start({ deps: { events, store: plain } });
  return {
    server,
    store,
    fold: () => events.fold(),
    audits: plain.audits,
    async close() {
      await server.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The graph of a store as words, in no order that depends on ids: `job reads dataset` with its figures. */
export async function edgesInWords(store: Store, date: string, windowDays: number): Promise<string[]> {
  const edges: EdgeAt[] = [];
  for await (const edge of store.lineage.edgesAt(date, windowDays)) edges.push(edge);
  const nodes = await store.lineage.nodes(edges.flatMap(({ from, to }) => [from, to]));
  const named = new Map(nodes.map(({ id, kind, namespace, name }) => [id, `${kind} ${namespace}|${name}`]));
  return edges
    .map(({ from, to, relation, edgeId: _id, ...figures }) => {
      return `${named.get(from)} ${relation} ${named.get(to)} ${JSON.stringify(figures)}`;
    })
    .sort();
}
