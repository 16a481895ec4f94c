/** The live line: server-sent events turned into what the page shows, and the state of the line itself. */
import type { QueryClient } from "@tanstack/react-query";
import type { ApplyItem, StatusView } from "../../src/model/view.ts";
import type { ApplyAnswer, ApplyEvent, FleetEvent, LiveEvents, RunEvent } from "../../src/server/api.ts";

/** State of the line, and what it told that no query holds. */
export interface Live {
  line: "connecting" | "live" | "lost" | "stopped";
  /** Last time something came, ms. */
  heardAt: number;
  /** Jobs that changed in the fleet, with the time the page heard of it (ms). */
  moved: ReadonlyMap<string, number>;
}

let live: Live = { line: "connecting", heardAt: Date.now(), moved: new Map() };
const listeners = new Set<() => void>();

function update(change: Partial<Live>): void {
  live = { ...live, ...change };
  for (const listener of listeners) listener();
}

/** For `useSyncExternalStore`. */
export const liveStore = {
  get: (): Live => live,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Puts the job that moved into the apply we hold; without one we ask for it. */
function moveApply(client: QueryClient, event: ApplyEvent): void {
  const key = ["apply", event.id];
  const held = client.getQueryData<ApplyAnswer>(key);
  const item: ApplyItem | null = event.item;
  if (held === undefined || item === null) {
    client.invalidateQueries({ queryKey: key });
    return;
  }
  const items = held.items.map((other) => (other.resource === item.resource ? item : other));
  client.setQueryData<ApplyAnswer>(key, { ...held, state: event.state, items });
}

function fleetMoved(client: QueryClient, event: FleetEvent): void {
  const moved = new Map(live.moved);
  for (const resource of event.changed) moved.set(resource, Date.now());
  update({ moved });
  client.setQueryData<StatusView>(["status"], (status) => status && { ...status, lastReadAt: event.asOf });
  client.invalidateQueries({ queryKey: ["fleet"] });
  for (const key of ["job", "history"])
    client.invalidateQueries({
      queryKey: [key],
      predicate: (query) => event.more || event.changed.includes(String(query.queryKey[1])),
    });
}

/** Runs move in bursts: what is shown of them is asked for once a while. */
const RUNS_PAUSE_MS = 400;

/** Asks again for the runs that are shown; those of other processes stay as they are. */
function followRuns(client: QueryClient): (event: RunEvent) => void {
  const moved = new Set<string>();
  let waits = false;
  const ask = () => {
    const told = new Set(moved);
    moved.clear();
    waits = false;
    client.invalidateQueries({
      queryKey: ["runs"],
      predicate: ({ queryKey: [, what, project, load] }) =>
        what === "grid" || told.has(JSON.stringify([project, load])),
    });
  };
  return ({ projectCode, processLoad }) => {
    moved.add(JSON.stringify([projectCode, processLoad]));
    if (!waits) setTimeout(ask, RUNS_PAUSE_MS);
    waits = true;
  };
}

/** Opens the line; EventSource connects again by itself, with the id of the last event. @returns a function that closes it */
export function openLive(client: QueryClient): () => void {
  const source = new EventSource("/api/v1/events");
  const on = <Name extends keyof LiveEvents>(name: Name, then: (data: LiveEvents[Name]) => void) =>
    source.addEventListener(name, (event) => {
      update({ line: "live", heardAt: Date.now() });
      then(JSON.parse((event as MessageEvent<string>).data) as LiveEvents[Name]);
    });
  let opened = false;
  source.onopen = () => {
    update({ line: "live", heardAt: Date.now() });
    // What happened while the line was cut is asked for again, and what was answered before there was a line.
    client.invalidateQueries(opened ? {} : { predicate: ({ state }) => state.dataUpdatedAt > 0 });
    opened = true;
  };
  source.onerror = () => update({ line: "lost" });
  on("fleet", (event) => fleetMoved(client, event));
  on("apply", (event) => moveApply(client, event));
  on("run", followRuns(client));
  on("status", (status) => client.setQueryData(["status"], status));
  on("reset", () => client.invalidateQueries());
  on("bye", () => update({ line: "stopped" }));
  return () => source.close();
}
