import { describe, expect, it } from "vitest";
import type { RemoteJob } from "../model/job.ts";
import type { DeployState } from "../model/state.ts";
import { fingerprint } from "./fingerprint.ts";
import { doubtful, hiddenFor } from "./lagging.ts";
import { flatten } from "./leaves.ts";
import type { Survey } from "./survey.ts";

const NOW = Date.UTC(2026, 10, 21, 6);
const ago = (seconds: number) => new Date(NOW - seconds * 1_000).toISOString();
const KEY = Buffer.from("key");
const job = (jobId: string, settings: object = { name: "J" }): RemoteJob => ({ jobId, settings }) as RemoteJob;
const leftAs = (jobId: string, settings: object, at: string) => ({
  jobId,
  at,
  ...fingerprint(KEY, flatten(settings as never).leaves, flatten(settings as never).leaves),
});
const look = (jobs: object, survey: Partial<Pick<Survey, "answers" | "byMarker">>, pending: object = {}) => ({
  state: { digestKey: KEY.toString("base64"), jobs, pending } as DeployState,
  survey: { answers: new Map(), byMarker: new Map(), ...survey } as Survey,
  now: NOW,
  settleMs: 30_000,
});
const answers = (...jobs: RemoteJob[]) => new Map(jobs.map((one) => [one.jobId, { kind: "found" as const, job: one }]));

describe("hiddenFor", () => {
  it("waits for an announced creation until no list can hide it any more", () => {
    expect(hiddenFor(look({}, {}, { a: { at: ago(10), marker: "m" } }))).toBe(20_000);
    expect(hiddenFor(look({}, {}, { a: { at: ago(40), marker: "m" } }))).toBe(0);
    expect(hiddenFor(look({}, {}))).toBe(0);
    expect(hiddenFor({ ...look({}, {}), state: undefined })).toBe(0);
  });

  it("does not wait once the job is known or listed, nor longer than a list can lag where clocks differ", () => {
    const pending = { a: { at: ago(10), marker: "m" } };
    expect(hiddenFor(look({ a: { jobId: "1" } }, {}, pending))).toBe(0);
    expect(hiddenFor(look({}, { byMarker: new Map([["m", [job("1")]]]) }, pending))).toBe(0);
    expect(hiddenFor(look({}, { byMarker: new Map([["m", []]]) }, pending))).toBe(20_000);
    expect(hiddenFor(look({}, {}, { a: { at: ago(-3_600), marker: "m" } }))).toBe(30_000);
  });
});

describe("doubtful", () => {
  it("names jobs that were changed a moment ago and are listed as something else", () => {
    const shown = answers(job("1", { name: "old" }), job("2", { name: "new" }), job("3", { name: "old" }));
    const jobs = {
      a: leftAs("1", { name: "new" }, ago(5)),
      b: leftAs("2", { name: "new" }, ago(5)),
      c: leftAs("3", { name: "new" }, ago(60)),
    };
    expect(doubtful(look(jobs, { answers: shown }))).toEqual(["1"]);
  });

  it("names jobs that a marker alone makes ours, where there is a state that should know them", () => {
    const byMarker = new Map([
      ["m", [job("7")]],
      ["n", [job("1"), job("8")]],
    ]);
    const known = look({ a: leftAs("1", { name: "J" }, ago(60)) }, { byMarker });
    expect(doubtful(known)).toEqual(["7"]);
    expect(doubtful({ ...known, state: undefined })).toEqual([]);
  });
});
