/**
 * Invariant `observe_any_order`: whatever order facts come in, however often, in whatever portions, and wherever the
 * collector dies – what is observed and what is logged is byte-equal, and the steps say the same.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { reconcile } from "../../src/across/reconcile.ts";
import type { Run } from "../../src/model/run.ts";
import type { RunSource } from "../../src/sources/run-source.ts";
import type { Store } from "../../src/store/transaction.ts";
import { stableJson } from "../../src/util/stable-json.ts";
import { numbers, sample } from "../sample.ts";
import { seeded } from "../seeded.ts";
import { onBothStores } from "../stores.ts";
import { HOUR, openPlatform, type Platform, task } from "./platform.ts";

function shuffled<T>(all: readonly T[], random: () => number): T[] {
  const copy = [...all];
  for (let index = copy.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [copy[index], copy[other]] = [copy[other] as T, copy[index] as T];
  }
  return copy;
}

/** A source that yields given batches; its cursor counts them. */
const sourceOf = (batches: readonly (readonly Run[])[]): RunSource => ({
  name: "databricks",
  kind: "databricks",
  sourceType: "DBX",
  async *read(cursor) {
    for (let index = Number(cursor ?? 0); index < batches.length; index += 1) {
      yield { runs: [...(batches[index] ?? [])], cursor: String(index + 1), readAt: Date.UTC(2027, 0) };
    }
  },
});

/** Two processes that name things of the platform, over one store. */
async function declare({ room }: Platform): Promise<void> {
  await room.registerProcess("CORP", "SALES", { timezone: "Europe/London" });
  const tasks = [
    ["DBX_NOTEBOOK", "/etl/load"],
    ["DBX_JOB", "Sales"],
    ["DBX_JOB", "Sales/mart"],
  ] as const;
  for (const [index, [sourceType, sourceIdentifier]] of tasks.entries()) {
    const details = { workflowId: 1, taskId: index + 1, sequenceId: 2, name: `Task ${index + 1}` };
    await room.registerTask("CORP", "SALES", { ...details, sourceType, sourceIdentifier });
  }
}

/** A day of a platform, looked at again and again: every state of every run that anybody may have seen. */
async function historyOf(platform: Platform): Promise<Run[]> {
  const { fake } = platform;
  const source = platform.source;
  const jobs = [
    platform.job({ name: "Sales", tasks: [task("load"), task("clean", ["load"]), task("mart", ["clean"])] }),
    platform.job({ name: "Unnamed", tasks: [task("a", [], { max_retries: 2 }), task("b"), task("c", ["a", "b"])] }),
  ];
  fake.control.addBehaviour({
    taskKey: "clean",
    attempt: 0,
    times: 2,
    behaviour: { outcome: "fail", message: "no rows" },
  });
  fake.control.addBehaviour({ taskKey: "a", times: 3, behaviour: { outcome: "fail", message: "spot loss" } });
  fake.control.addBehaviour({ taskKey: "b", times: 1, behaviour: { outcome: "cancel" } });
  const seen = new Map<string, Run>();
  const look = async () => {
    for await (const { runs } of source.read(undefined, { now: Date.now() })) {
      for (const run of runs) seen.set(stableJson(run), run);
    }
  };
  const started: string[] = [];
  for (let turn = 0; turn < 24; turn += 1) {
    if (turn % 6 === 0) for (const job of jobs) started.push(platform.start(job));
    if (turn % 8 === 7) {
      for (const runId of started) {
        const run = [...seen.values()].findLast((one) => one.runId === runId);
        if (run?.state === "failed") await platform.repair(runId);
      }
    }
    platform.advance(turn % 6 === 5 ? 2 * HOUR : 100_000);
    await look();
  }
  platform.advance(10 * HOUR);
  await look();
  return [...seen.values()];
}

let lived: Promise<Run[]> | undefined;

await onBothStores("observe_any_order", (setting) => {
  const platforms: Platform[] = [];
  let history: Run[] = [];
  beforeAll(async () => {
    // The platform is the same beside either store.
    lived ??= openPlatform(await setting.open()).then(async (platform) => {
      platforms.push(platform);
      return historyOf(platform);
    });
    history = await lived;
  });
  afterAll(async () => {
    for (const { fake } of platforms) await fake.close();
  });

  /** Everything that must be equal. Lines of one time are in the order of their arrival, which is no fact. */
  async function stateOf(store: Store): Promise<{ observed: string; logs: string; steps: string }> {
    const observed = await store.runs.observed({ limit: 10_000 });
    const logs = await store.runs.logs({ limit: 10_000 });
    const steps = await store.runs.steps({ limit: 10_000 });
    return {
      observed: stableJson(observed),
      logs: stableJson(logs.sort((a, b) => (a.key < b.key ? -1 : 1))),
      steps: stableJson(
        steps
          .filter(({ taskId }) => taskId !== 0)
          .map(({ executionId, taskId, attempt, status, phase }) =>
            [executionId, taskId, attempt, status, phase].join(" "),
          )
          .sort(),
      ),
    };
  }

  async function collected(batches: readonly (readonly Run[])[], diesAt: () => boolean): Promise<Store> {
    const platform = await openPlatform(await setting.open());
    platforms.push(platform);
    await declare(platform);
    const source = sourceOf(batches);
    for (let lives = 0; lives < 200; lives += 1) {
      try {
        await platform.observe({
          source,
          reconcile: async (observed) => {
            if (diesAt()) throw new Error("died before the commands");
            const counts = await reconcile(platform.room, observed);
            if (diesAt()) throw new Error("died before the cursor");
            return counts;
          },
        });
        return platform.store;
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith("died"))) throw error;
      }
    }
    throw new Error("it died too often");
  }

  it("has seen what matters", () => {
    expect(history.length).toBeGreaterThan(30);
    const states = new Set(history.flatMap((run) => [run.state, ...run.tasks.map(({ state }) => state)]));
    expect([...states].sort()).toEqual(
      expect.arrayContaining(["cancelled", "done", "failed", "pending", "running", "skipped"]),
    );
  });

  const [most, few] = setting.kind === "sqlite" ? [12, 4] : [3, 1];
  it(`ends the same for ${most} orders, portions, repeats and deaths`, { timeout: 120_000 }, async () => {
    const seeds = sample(`orders on ${setting.kind}`, numbers(1, most), few);
    const expected = await stateOf(await collected([history], () => false));
    expect(JSON.parse(expected.observed).length).toBeGreaterThan(20);
    expect(JSON.parse(expected.steps).length).toBeGreaterThan(20);
    for (const seed of seeds) {
      const random = seeded(seed);
      const repeated = history.filter(() => random() < 0.3);
      const order = shuffled([...history, ...repeated], random);
      const batches: Run[][] = [];
      while (order.length > 0) batches.push(order.splice(0, 1 + Math.floor(random() * 9)));
      const found = await stateOf(await collected(batches, () => random() < 0.1));
      expect(found.observed, `observed, seed ${seed}`).toBe(expected.observed);
      expect(found.logs, `logs, seed ${seed}`).toBe(expected.logs);
      expect(JSON.parse(found.steps), `steps, seed ${seed}`).toEqual(JSON.parse(expected.steps));
    }
  });
});
