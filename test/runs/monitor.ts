/** A monitor for tests: a store in a folder of its own, the runs room over it, a server on a free port. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openRunsRoom } from "../../src/runs/open-room.ts";
import type { RunsRoom } from "../../src/runs/room.ts";
import { start, type TestServer } from "../../src/server/testing/start.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/transaction.ts";
import { type Clock, systemClock } from "../../src/util/clock.ts";

/** An open monitor. */
export interface Monitor {
  store: Store;
  runs: RunsRoom;
  close(): Promise<void>;
}

/** Opens one over a fresh SQLite store. */
export async function openMonitor({
  clock = systemClock,
  leaseMs = 300_000,
}: {
  clock?: Clock;
  leaseMs?: number;
} = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), "headgate-monitor-"));
  const store = await openStore({ kind: "sqlite", path: path.join(folder, "state.db") }, { clock });
  const runs = openRunsRoom({
    store,
    clock,
    project: "retail",
    actor: "anna",
    timezone: "UTC",
    leaseMs,
    random: randomBytes,
    readCatalogue: async () => ({ sequences: [], processes: [], problems: [] }),
    warn: (message, error) => {
      throw new Error(message, { cause: error });
    },
  });
  const monitor: Monitor = {
    store,
    runs,
    async close() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return monitor;
}

/** A server over a monitor; `stopAll` ends it. */
export function serveMonitor({ store, runs }: Monitor): Promise<TestServer> {
  return start({ deps: { store, runs } }) as Promise<TestServer>;
}

/** Declares CORP/HR_DAILY: a load with a watermark, a dimension after it, an optional report. */
export async function declareHr(runs: RunsRoom): Promise<void> {
  await runs.setup();
  await runs.registerProcess("CORP", "HR_DAILY", { name: "HR daily load", owner: "HR team" });
  await runs.registerParameter("CORP", "HR_DAILY", { name: "LoadEmployees", type: "DELTA_DATE" });
  await runs.registerTask("CORP", "HR_DAILY", {
    workflowId: 1,
    taskId: 1,
    sequenceId: 2,
    name: "Load Employees",
    sourceSystemCode: "LoadEmployees",
  });
  await runs.registerTask("CORP", "HR_DAILY", { workflowId: 1, taskId: 2, sequenceId: 3, name: "Employee dimension" });
  await runs.registerTask("CORP", "HR_DAILY", {
    workflowId: 1,
    taskId: 3,
    sequenceId: 3,
    name: "Headcount report",
    mandatory: false,
  });
}
