/** What every store must do behind the jobs door. */
import { expect, it } from "vitest";
import { onBothStores } from "../../test/stores.ts";
import type { Deployment } from "../model/identity.ts";
import type { Plan } from "../model/plan.ts";
import type { HistoryEntry } from "../model/state.ts";
import type { FleetView } from "../model/view.ts";
import type { SavedApply } from "./jobs.ts";

const RETAIL: Deployment = { project: "retail", target: "prod", workspaceId: "984752964297111", user: undefined };
const ANNAS: Deployment = { ...RETAIL, target: "dev", user: "anna@example.com" };

function plan(madeAt = "2026-11-21T06:30:00.000Z"): Plan {
  return {
    formatVersion: 1,
    project: RETAIL.project,
    target: RETAIL.target,
    workspace: "prod",
    workspaceId: RETAIL.workspaceId,
    headgate: "0.1.0",
    madeAt,
    declaredDigest: "d1",
    state: null,
    git: null,
    behind: null,
    changes: [
      {
        resource: "nightly",
        action: "create",
        jobId: null,
        name: "Nightly 'sales' \\ “€” 🌙",
        reason: "new",
        fields: [{ path: "run_as.id", kind: "declared", after: 9_007_199_254_740_993n }],
        impact: { liveRuns: 0, nextStart: null, calledBy: [], downstream: [] },
      },
    ],
    problems: [],
    unmanaged: 0,
    summary: { create: 1, update: 0, recreate: 0, recover: 0, delete: 0, noop: 0, conflict: 0, refused: 0, drift: 0 },
  } as unknown as Plan;
}

const apply = (id: string, planId: string): SavedApply => ({
  id,
  planId,
  state: "running",
  startedAt: "2026-11-21T06:31:00.000Z",
  endedAt: null,
  actor: "anna",
  items: ["a", "b"].map((resource) => ({ resource, action: "create", state: "waiting", jobId: null, error: null })),
  error: null,
});

const entry = (resource: string, serial: number): HistoryEntry => ({
  resource,
  serial,
  at: "2026-11-21T06:32:00.000Z",
  actor: "anna",
  commit: null,
  action: "update",
  jobId: "9223372036854775807",
  settings: { name: resource, parameters: [{ name: "n", default: "'; drop table jobs_history; --" }] },
});

await onBothStores("jobs", (_setting, store) => {
  it("gives a plan back as it was, 64-bit numbers included", async () => {
    const { jobs } = store();
    await jobs.savePlan({ id: "p1", actor: "anna", plan: plan() });
    await jobs.savePlan({ id: "p1", actor: "berta", plan: plan("2027-01-01T00:00:00.000Z") });
    expect(await jobs.findPlan("p1")).toEqual({ id: "p1", actor: "anna", plan: plan() });
    expect(await jobs.findPlan("p0")).toBeUndefined();
  });

  it("lists plans of one deployment, newest first, in pages", async () => {
    const { jobs } = store();
    for (const n of [1, 2, 3])
      await jobs.savePlan({ id: `l${n}`, actor: "anna", plan: plan(`2026-12-0${n}T00:00:00.000Z`) });
    const first = await jobs.listPlans(RETAIL, { limit: 2 });
    expect(first.map((row) => row.id)).toEqual(["l3", "l2"]);
    expect(first[0]?.summary.create).toBe(1);
    const next = await jobs.listPlans(RETAIL, { limit: 1, before: first[1]?.madeAt });
    expect(next.map((row) => row.id)).toEqual(["l1"]);
    expect(await jobs.listPlans({ ...RETAIL, target: "dev" })).toEqual([]);
  });

  it("keeps an apply as a journal whose last lines say how it stands", async () => {
    const { jobs } = store();
    await jobs.savePlan({ id: "p2", actor: "anna", plan: plan() });
    await jobs.startApply(apply("a1", "p2"));
    await jobs.recordApplyItem("a1", { resource: "a", action: "create", state: "done", jobId: "17", error: null });
    const error = { code: "forbidden", message: "no", hint: null };
    await jobs.recordApplyItem("a1", { resource: "b", action: "create", state: "failed", jobId: null, error });
    await jobs.finishApply("a1", { state: "failed", endedAt: "2026-11-21T06:40:00.000Z", error });
    const found = await jobs.findApply("a1");
    expect(found).toMatchObject({ state: "failed", endedAt: "2026-11-21T06:40:00.000Z", error });
    expect(found?.items.map((item) => [item.resource, item.state, item.jobId])).toEqual([
      ["a", "done", "17"],
      ["b", "failed", null],
    ]);
    expect((await jobs.applyJournal("a1")).map((line) => [line.number, line.resource, line.state])).toEqual([
      [1, "a", "waiting"],
      [2, "b", "waiting"],
      [3, "a", "done"],
      [4, "b", "failed"],
    ]);
    expect((await jobs.listApplies(RETAIL)).map((row) => row.id)).toEqual(["a1"]);
  });

  it("notes only what moved when an apply is saved again", async () => {
    const { jobs } = store();
    await jobs.savePlan({ id: "p3", actor: "anna", plan: plan() });
    const saved = apply("a2", "p3");
    await jobs.saveApply(saved);
    await jobs.saveApply(saved);
    const [, b] = saved.items;
    const moved: SavedApply = {
      ...saved,
      state: "done",
      items: [{ ...saved.items[0], state: "done" } as never, b as never],
    };
    await jobs.saveApply(moved);
    expect(await jobs.findApply("a2")).toEqual(moved);
    expect(await jobs.applyJournal("a2")).toHaveLength(3);
  });

  it("numbers the lines of many writers without a gap", async () => {
    const { jobs } = store();
    await jobs.savePlan({ id: "p4", actor: "anna", plan: plan() });
    await jobs.startApply({ ...apply("a3", "p4"), items: [] });
    await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        jobs.recordApplyItem("a3", { resource: `r${n}`, action: "create", state: "done", jobId: `${n}`, error: null }),
      ),
    );
    const numbers = (await jobs.applyJournal("a3")).map((line) => line.number);
    expect(numbers).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
  });

  it("refuses an apply of an unknown plan and a line of an unknown apply", async () => {
    const { jobs } = store();
    await expect(jobs.startApply(apply("a9", "nowhere"))).rejects.toMatchObject({ code: "not_found" });
    await expect(jobs.recordApplyItem("nowhere", apply("", "").items[0] as never)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("keeps former definitions apart by deployment and user", async () => {
    const { jobs } = store();
    await jobs.addHistory(RETAIL, [entry("nightly", 1), entry("nightly", 2), entry("other", 1)]);
    await jobs.addHistory(RETAIL, [{ ...entry("nightly", 2), actor: "somebody else" }]);
    await jobs.addHistory(ANNAS, [entry("nightly", 7)]);
    expect(await jobs.listHistory(RETAIL, "nightly")).toEqual([entry("nightly", 2), entry("nightly", 1)]);
    expect((await jobs.listHistory(ANNAS, "nightly")).map((row) => row.serial)).toEqual([7]);
    expect(await jobs.listHistory({ ...ANNAS, user: "berta" }, "nightly")).toEqual([]);
  });

  it("follows drift from its first sight to its end", async () => {
    const { jobs } = store();
    const paused = { resource: "nightly", jobId: "1", fields: [], reason: "schedule paused" };
    const gone = { resource: "hourly", jobId: "2", fields: [], reason: "job is gone" };
    await jobs.recordDrift(RETAIL, "2026-11-21T06:00:00.000Z", [paused, gone]);
    await jobs.recordDrift(RETAIL, "2026-11-21T07:00:00.000Z", [paused]);
    await jobs.recordDrift(ANNAS, "2026-11-21T07:30:00.000Z", []);
    expect(await jobs.listDrift(RETAIL, { open: true })).toMatchObject([
      { ...paused, firstSeenAt: "2026-11-21T06:00:00.000Z", lastSeenAt: "2026-11-21T07:00:00.000Z", resolvedAt: null },
    ]);
    expect(await jobs.listDrift(RETAIL, { resource: "hourly" })).toMatchObject([
      { ...gone, lastSeenAt: "2026-11-21T06:00:00.000Z", resolvedAt: "2026-11-21T07:00:00.000Z" },
    ]);
    await jobs.recordDrift(RETAIL, "2026-11-21T08:00:00.000Z", [gone]);
    expect((await jobs.listDrift(RETAIL)).map((row) => [row.resource, row.resolvedAt === null])).toEqual([
      ["hourly", true],
      ["hourly", false],
      ["nightly", false],
    ]);
  });

  it("shows the newest fleet, also when an older one is saved late", async () => {
    const { jobs } = store();
    const fleet = (asOf: string) => ({ project: "retail", asOf, items: [], count: 0 }) as unknown as FleetView;
    expect(await jobs.lastFleet(RETAIL)).toBeUndefined();
    await jobs.saveFleet(RETAIL, fleet("2026-11-21T06:30:00.000Z"));
    await jobs.saveFleet(RETAIL, fleet("2026-11-21T06:29:00.000Z"));
    expect((await jobs.lastFleet(RETAIL))?.asOf).toBe("2026-11-21T06:30:00.000Z");
  });
});
