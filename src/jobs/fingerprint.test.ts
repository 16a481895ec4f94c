import { describe, expect, it } from "vitest";
import type { JsonObject } from "../util/json.ts";
import { diffJob } from "./diff.ts";
import {
  baseOf,
  comparable,
  DROPPED,
  fingerprint,
  isAsLeft,
  isUnmoved,
  leafDigest,
  pack,
  pathHash,
  unpack,
  wholeDigest,
} from "./fingerprint.ts";
import { flatten } from "./leaves.ts";

const KEY = Buffer.from("a key");
const leaves = (settings: JsonObject) => flatten(settings).leaves;
const leaf = (settings: JsonObject, path: string) => {
  const found = leaves(settings).get(path);
  if (!found) throw new Error(`no leaf ${path}`);
  return found;
};

describe("comparable", () => {
  it("does not tell types apart, since a field of the API has one", () => {
    expect(comparable(leaf({ timeout_seconds: 1 }, "timeout_seconds"))).toBe("1");
    expect(comparable(leaf({ timeout_seconds: "1" }, "timeout_seconds"))).toBe("1");
    expect(comparable(leaf({ queue: { enabled: true } }, "queue.enabled"))).toBe("true");
  });

  it("keeps ids beyond what a double holds apart", () => {
    const id = (job_id: bigint) =>
      leaf({ tasks: [{ task_key: "a", run_job_task: { job_id } }] }, "tasks[task_key=a].run_job_task.job_id");
    expect(comparable(id(9007199254740993n))).not.toBe(comparable(id(9007199254740992n)));
  });

  it("folds case only where the service does", () => {
    expect(comparable(leaf({ git_source: { git_provider: "GitHub" } }, "git_source.git_provider"))).toBe("github");
    expect(comparable(leaf({ name: "Nightly" }, "name"))).toBe("Nightly");
  });
});

describe("digests", () => {
  it("differ by key, path and value", () => {
    const one = leaf({ name: "x" }, "name");
    const all = [
      leafDigest(KEY, one),
      leafDigest(Buffer.from("other"), one),
      leafDigest(KEY, leaf({ name: "y" }, "name")),
    ];
    all.push(leafDigest(KEY, leaf({ description: "x" }, "description")));
    expect(new Set(all).size).toBe(4);
    expect(all.every((digest) => /^[0-9a-f]{16}$/.test(digest))).toBe(true);
  });

  it("come back as they were packed, sorted, in 19 characters each", () => {
    const entries = new Map([
      [pathHash("b"), "00000000000000ff"],
      [pathHash("a"), "0123456789abcdef"],
    ]);
    const text = pack(entries);
    expect(unpack(text)).toEqual(entries);
    expect(text).toBe(pack([...entries].reverse()));
    expect(unpack("")).toEqual(new Map());
    expect(pack(Array.from({ length: 300 }, (_, n) => [pathHash(String(n)), "0123456789abcdef"] as const)).length).toBe(
      5_600,
    );
  });

  it("of all leaves do not depend on their order", () => {
    expect(wholeDigest(KEY, leaves({ a: 1, b: 2 }))).toBe(wholeDigest(KEY, leaves({ b: 2, a: 1 })));
    expect(wholeDigest(KEY, leaves({ a: 1 }))).not.toBe(wholeDigest(KEY, leaves({ a: 1, b: 2 })));
  });
});

describe("fingerprint", () => {
  const sent = { name: "J", timeout_seconds: 5, schedule: { timezone_id: "UTC" }, description: "dropped" };
  const found = { name: "J", timeout_seconds: 5, schedule: { timezone_id: "Etc/UTC" }, max_concurrent_runs: 1 };
  const row = fingerprint(KEY, leaves(sent), leaves(found));
  const base = baseOf(KEY, { ...row, secret: [pathHash("description")] });

  it("remembers what was sent, and what the service made of it", () => {
    expect(base.applied("name")).toBe(base.digest(leaf(sent, "name")));
    expect(base.settled("name")).toBeUndefined();
    expect(base.settled("schedule.timezone_id")).toBe(base.digest(leaf(found, "schedule.timezone_id")));
    expect(base.settled("description")).toBe(DROPPED);
    expect(base.applied("max_concurrent_runs")).toBeUndefined();
    expect(base.settled("max_concurrent_runs")).toBe(base.digest(leaf(found, "max_concurrent_runs")));
    expect([base.wasSecret("description"), base.wasSecret("name")]).toEqual([true, false]);
  });

  it("holds no value in any form", () => {
    const text = Buffer.from(JSON.stringify(row));
    for (const value of ["dropped", "Etc/UTC"]) expect(text.includes(value)).toBe(false);
  });

  it("tells whether a job is still as it was left, but for what changes by itself", () => {
    const versioned = (version_id: string) => ({ ...found, deployment: { kind: "BUNDLE", version_id } });
    const left = fingerprint(KEY, leaves(sent), leaves(versioned("1")));
    expect(isAsLeft(KEY, left, versioned("2"))).toBe(true);
    expect(isAsLeft(KEY, left, found)).toBe(false);
    expect(isAsLeft(KEY, row, { ...found, timeout_seconds: 6 })).toBe(false);
    expect(isAsLeft(KEY, row, { ...found, description: "came back" })).toBe(false);
    expect(isAsLeft(KEY, row, found)).toBe(true);
    expect(isAsLeft(KEY, {}, found)).toBe(false);
  });

  it("tells that neither side moved, where a comparison of the leaves finds nothing either", () => {
    expect(isUnmoved(KEY, row, sent, found)).toBe(true);
    expect(diffJob({ desired: sent, actual: found, base })).toEqual([]);
    expect(isUnmoved(KEY, row, { ...sent, name: "K" }, found)).toBe(false);
    expect(isUnmoved(KEY, row, sent, { ...found, name: "K" })).toBe(false);
    expect(isUnmoved(KEY, { ...row, sent: undefined }, sent, found)).toBe(false);
    expect(isUnmoved(Buffer.from("another"), row, sent, found)).toBe(false);
  });
});
