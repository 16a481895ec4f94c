import { describe, expect, it } from "vitest";
import type { Change } from "../model/plan.ts";
import { NO_IMPACT } from "./impact.ts";
import { inOrder } from "./in-order.ts";

const change = (resource: string, calls: string[] = [], action: Change["action"] = "create"): Change => ({
  resource,
  action,
  jobId: null,
  name: resource,
  reason: "",
  fields: [],
  impact: NO_IMPACT,
  desired: {
    tasks: calls.map((called) => ({ task_key: called, run_job_task: { job_id: `\${resources.jobs.${called}.id}` } })),
  },
});

/** Carries changes out; gives the order in which they began and ended, and the most at once. */
async function play(changes: Change[], more: { fails?: string[]; breaks?: string; stopAt?: string } = {}) {
  const ids = new Map<string, string>();
  const log: string[] = [];
  const stop = new AbortController();
  let now = 0;
  let most = 0;
  const done = inOrder(changes, {
    atOnce: 3,
    idOf: (resource) => ids.get(resource),
    signal: stop.signal,
    carryOut: async ({ resource }) => {
      log.push(`>${resource}`);
      most = Math.max(most, ++now);
      if (more.stopAt === resource) stop.abort();
      await new Promise((resolve) => setTimeout(resolve, 1));
      now--;
      log.push(`<${resource}`);
      if (more.breaks === resource) throw new Error(`${resource} broke`);
      if (!more.fails?.includes(resource)) ids.set(resource, resource);
    },
  });
  const thrown = await done.then(
    () => undefined,
    (error: unknown) => error,
  );
  return { log, most, thrown, under: now };
}

describe("inOrder", () => {
  it("carries each out once, a few at a time", async () => {
    const { log, most } = await play(["a", "b", "c", "d", "e", "f", "g"].map((name) => change(name)));
    expect(log.filter((line) => line.startsWith(">")).sort()).toEqual([">a", ">b", ">c", ">d", ">e", ">f", ">g"]);
    expect(most).toBe(3);
  });

  it("waits for the jobs that one calls, and not for those it does not", async () => {
    const { log } = await play([change("top", ["mid"]), change("mid", ["low"]), change("low"), change("free")]);
    expect(log.indexOf("<low")).toBeLessThan(log.indexOf(">mid"));
    expect(log.indexOf("<mid")).toBeLessThan(log.indexOf(">top"));
    expect(log.indexOf(">free")).toBeLessThan(log.indexOf("<low"));
  });

  it("does not wait for jobs that are not among the changes", async () => {
    expect((await play([change("a", ["elsewhere"])])).log).toEqual([">a", "<a"]);
  });

  it("starts in the end what waits for a failed job, or for each other", async () => {
    const failed = await play([change("top", ["low"]), change("low")], { fails: ["low"] });
    expect(failed.log).toEqual([">low", "<low", ">top", "<top"]);
    expect((await play([change("a", ["b"]), change("b", ["a"])])).log).toHaveLength(4);
  });

  it("begins deletions when everything else has ended", async () => {
    const { log } = await play([change("gone", [], "delete"), change("a"), change("b")]);
    expect(log.indexOf(">gone")).toBeGreaterThan(log.indexOf("<b"));
    expect(log.indexOf(">gone")).toBeGreaterThan(log.indexOf("<a"));
  });

  it("starts nothing more once it is stopped, and lets what runs end", async () => {
    const { log, under } = await play(
      ["a", "b", "c", "d", "e"].map((name) => change(name)),
      { stopAt: "b" },
    );
    expect(log.filter((line) => line.startsWith(">"))).toEqual([">a", ">b"]);
    expect(under).toBe(0);
  });

  it("throws what broke, after all that was under way has ended", async () => {
    const { thrown, under, log } = await play(
      ["a", "b", "c", "d", "e", "f"].map((name) => change(name)),
      { breaks: "a" },
    );
    expect(thrown).toMatchObject({ message: "a broke" });
    expect(under).toBe(0);
    expect(log).not.toContain(">f");
  });
});
