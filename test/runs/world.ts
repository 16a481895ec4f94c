/** A runs room over a fresh store, with a clock that tests turn and ids that come out the same every time. */
import { readProcesses } from "../../src/config/read-processes.ts";
import { openRunsRoom } from "../../src/runs/open-room.ts";
import type { RunsRoom } from "../../src/runs/room.ts";
import type { RoomDeps } from "../../src/runs/room-deps.ts";
import type { StoreTarget } from "../../src/store/open.ts";
import type { Store } from "../../src/store/transaction.ts";
import { type Clock, systemClock } from "../../src/util/clock.ts";
import type { Setting } from "../stores.ts";

/** A clock that stands until it is turned; a sleep ends when somebody turns it that far, or is aborted. */
export interface HandClock extends Clock {
  /** Turns it forward by so many milliseconds. */
  turn(milliseconds: number): void;
}

export function handClock(start = "2026-11-20T05:00:00.000Z"): HandClock {
  let now = Date.parse(start);
  const sleepers = new Set<{ until: number; wake: () => void }>();
  return {
    now: () => now,
    turn(milliseconds) {
      now += milliseconds;
      for (const sleeper of sleepers) if (sleeper.until <= now) sleeper.wake();
    },
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const stop = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper = {
          until: now + milliseconds,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener("abort", stop);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", stop, { once: true });
      }),
  };
}

let rooms = 0;

/** Bytes that differ from call to call and from room to room. */
function counted(): (count: number) => Uint8Array {
  const room = ++rooms;
  let calls = 0;
  return (count) => {
    calls += 1;
    const bytes = Buffer.alloc(count);
    bytes.writeUInt32BE(calls, count - 4);
    bytes.writeUInt32BE(room, 0);
    return bytes;
  };
}

export interface World {
  store: Store;
  runs: RunsRoom;
  clock: HandClock;
  target: StoreTarget;
  /** What could not be told. */
  warnings: string[];
}

/** Minutes in milliseconds. */
export const minutes = (count: number): number => count * 60_000;

/** A room over a new store, or over one that is there already, as another process would have it. */
export async function world(
  setting: Setting,
  given: { target?: StoreTarget; clock?: HandClock; deps?: Partial<RoomDeps>; durability?: "normal" } = {},
): Promise<World> {
  const target = given.target ?? (await setting.target());
  const clock = given.clock ?? handClock();
  // Waiting for another writer takes real time.
  const storeClock: Clock = { now: clock.now, sleep: systemClock.sleep };
  const store = await setting.open(target, { clock: storeClock, durability: given.durability });
  const warnings: string[] = [];
  const runs = openRunsRoom({
    store,
    clock,
    project: "retail",
    actor: "anna",
    timezone: "UTC",
    leaseMs: minutes(5),
    random: counted(),
    readCatalogue: (files) => readProcesses(process.cwd(), files ?? []),
    warn: (message) => warnings.push(message),
    ...given.deps,
  });
  return { store, runs, clock, target, warnings };
}

/** The task of a run. */
export const at = (taskId: number, workflowId = 1, executionId = "r1") => ({
  projectCode: "CORP",
  processLoad: "HR",
  processingDate: "2026-11-20",
  executionId,
  workflowId,
  taskId,
});

/** The run itself. */
export const RUN = { projectCode: "CORP", processLoad: "HR", processingDate: "2026-11-20", executionId: "r1" };

/**
 * A process of five tasks: 1/1 config; 1/2 and 1/3 (optional) side by side, both by the watermark `since`; 1/4 by the
 * watermark `ids`; 2/5 at the end.
 */
export async function declareHr(runs: RunsRoom, processLoad = "HR"): Promise<void> {
  const task = (workflowId: number, taskId: number, sequenceId: number, more: object = {}) =>
    runs.registerTask("CORP", processLoad, {
      workflowId,
      taskId,
      sequenceId,
      name: `Load ${taskId}`,
      sourceType: "DBX_NOTEBOOK",
      expectedSeconds: 600,
      ...more,
    });
  await runs.setup();
  await runs.registerProcess("CORP", processLoad, {
    name: "HR daily load",
    owner: "HR team",
    timezone: "Europe/London",
    deadline: { by: "06:30", days: "business" },
  });
  await runs.registerParameter("CORP", processLoad, { name: "since", type: "DELTA_DATE", lookbackSeconds: 60 });
  await runs.registerParameter("CORP", processLoad, { name: "ids", type: "DELTA_ID" });
  await task(1, 1, 1);
  await task(1, 2, 2, { sourceSystemCode: "since" });
  await task(1, 3, 2, { sourceSystemCode: "since", mandatory: false });
  await task(1, 4, 3, { sourceSystemCode: "ids" });
  await task(2, 5, 6);
}
