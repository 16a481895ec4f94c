import { describe, expect, it } from "vitest";
import { chance, usualBehaviour } from "./task-times.ts";

const task = (runNumber: number, attempt = 0, taskKey = "land", jobName = "ingest web events") => ({
  jobId: "1",
  jobName,
  runId: String(runNumber),
  runNumber,
  trigger: "PERIODIC",
  taskKey,
  attempt,
  input: undefined,
  time: 0,
});
const runs = Array.from({ length: 500 }, (_, index) => index + 1);

describe("usualBehaviour", () => {
  it("is the same for the same seed and differs from run to run", () => {
    const times = (seed: number) => runs.map((run) => usualBehaviour(task(run), seed).durationMs);
    expect(times(1)).toEqual(times(1));
    expect(times(1)).not.toEqual(times(2));
    expect(new Set(times(1)).size).toBeGreaterThan(400);
  });

  it("stays near the usual, and stumbles now and then at the first attempt only", () => {
    const first = runs.map((run) => usualBehaviour(task(run), 1));
    const stumbled = first.filter(({ outcome }) => outcome === "fail");
    expect(stumbled.length).toBeGreaterThan(0);
    expect(stumbled.length).toBeLessThan(runs.length / 10);
    for (const { outcome, durationMs = 0 } of first) {
      if (outcome !== "fail") expect(Math.abs(durationMs - 4 * 60_000)).toBeLessThan(60_000);
    }
    expect(runs.every((run) => usualBehaviour(task(run, 1), 1).outcome === undefined)).toBe(true);
  });

  it("says nothing of tasks it does not know: conditions, calls of other jobs", () => {
    expect(usualBehaviour(task(1, 0, "anything_to_post", "gl post"), 1)).toEqual({});
  });
});

describe("chance", () => {
  it("is spread evenly from 0 up to 1", () => {
    const drawn = Array.from({ length: 10_000 }, (_, index) => chance(`seed/${index}`));
    const tenths = Array.from({ length: 10 }, (_, n) => drawn.filter((x) => x >= n / 10 && x < (n + 1) / 10).length);
    expect(tenths.reduce((sum, count) => sum + count)).toBe(10_000);
    for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(200);
  });
});
