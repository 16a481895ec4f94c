/** The real server over a real store of lineage, with the built page: what the tests of Lineage and Waves look at. */
import { randomBytes } from "node:crypto";
import path from "node:path";
import { openQuestions } from "../../src/lineage/questions.ts";
import { openRunsRoom } from "../../src/runs/open-room.ts";
import { plainWorld, row } from "../../src/server/testing/plain-jobs.ts";
import { start, type TestServer } from "../../src/server/testing/start.ts";
import type { Store } from "../../src/store/transaction.ts";
import { systemClock } from "../../src/util/clock.ts";
import type { Setting } from "../stores.ts";
import { JOB_NAMES } from "./lineage-estate.ts";
import { NOW } from "./retail-fleet.ts";

const WEB = path.resolve(import.meta.dirname, "../../dist/web");

const VERDICTS: Record<string, ReturnType<typeof row>["verdict"]> = {
  "201": { state: "running", text: "Running since 06:12" },
  "303": { state: "stuck", text: "Lost 19 Nov" },
  "304": { state: "failed", text: "Failed 18 Nov" },
};

/** The managed jobs of the estate. */
const JOBS = Object.entries(JOB_NAMES).map(([jobId, resource]) =>
  row(resource, { jobId, verdict: VERDICTS[jobId] ?? { state: "ok", text: "Done 03:49" } }),
);

/** Starts it on a free port over a new store that `seed` fills. */
export async function startLineageServer(
  setting: Pick<Setting, "open">,
  seed: (store: Store) => Promise<void>,
  webDir = WEB,
): Promise<TestServer> {
  const store = await setting.open();
  await seed(store);
  const lineage = openQuestions({ store: store.lineage, now: () => NOW });
  // The frame counts on every view how many processes need someone: here there are none.
  const runs = openRunsRoom({
    store,
    clock: { now: () => NOW, sleep: systemClock.sleep },
    project: "retail",
    actor: "anna",
    timezone: "Europe/London",
    leaseMs: 3_600_000,
    random: randomBytes,
    readCatalogue: async () => ({ sequences: [], processes: [], problems: [] }),
    warn: (message, error) => {
      throw new Error(message, { cause: error });
    },
  });
  await runs.setup();
  return start({ deps: { lineage, runs, webDir }, world: plainWorld(JOBS) });
}
