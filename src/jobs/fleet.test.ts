import { describe, expect, it } from "vitest";
import type { DeclaredJob, RemoteJob } from "../model/job.ts";
import type { Change, Plan } from "../model/plan.ts";
import type { RunMark } from "../model/view.ts";
import { pathHash } from "./fingerprint.ts";
import { differenceOf, type FleetInput, fleetView, managerOf, ownerOf } from "./fleet.ts";
import { NO_IMPACT } from "./impact.ts";

const place = { file: "jobs/a.yml", line: 1, column: 1 };
const row = (resource: string, action: Change["action"], more: Partial<Change> = {}): Change => ({
  resource,
  action,
  jobId: `id-${resource}`,
  name: resource,
  reason: "",
  fields: [],
  impact: NO_IMPACT,
  place,
  ...more,
});
const declared = (resource: string, settings: object = {}): DeclaredJob =>
  ({
    resource,
    settings: { name: resource, tasks: [{ task_key: "a" }], tags: { team: "x", headgate: "m" }, ...settings },
    place,
    source: "files",
    previous: [],
  }) as unknown as DeclaredJob;
const remote = (settings: object, more: Partial<RemoteJob> = {}): RemoteJob =>
  ({ jobId: "1", creator: "anna", createdAt: undefined, runAs: undefined, settings, ...more }) as RemoteJob;
const ended = (state: RunMark["state"]): RunMark => ({
  runId: "1",
  state,
  startedAt: "2026-11-21T05:00:00.000Z",
  endedAt: "2026-11-21T05:10:00.000Z",
  durationMs: 1,
  url: null,
  message: null,
});

const view = (changes: Change[], more: Partial<FleetInput> = {}) =>
  fleetView({
    plan: { project: "shop", target: "prod", workspace: "main", changes, problems: [] } as unknown as Plan,
    jobs: changes.map((change) => declared(change.resource)),
    runs: new Map(),
    others: [],
    found: () => undefined,
    state: undefined,
    host: "https://adb-1.example.com",
    markerTag: "headgate",
    timezone: "UTC",
    now: Date.UTC(2026, 10, 21, 6),
    asOf: "2026-11-21T06:00:00.000Z",
    ...more,
  });

describe("differenceOf", () => {
  it.each([
    [undefined, "same", "as declared"],
    [row("a", "noop"), "same", "as declared"],
    [row("a", "create"), "create", "new"],
    [row("a", "recreate"), "recreate", "gone, to be made again"],
    [row("a", "recover"), "recover", "found by its marker"],
    [row("a", "delete"), "delete", "no longer declared"],
    [row("a", "refused"), "refused", "no access"],
    [row("a", "refused", { code: "protected" }), "refused", "protected"],
    [row("a", "refused", { code: "invalid" }), "refused", "invalid declaration"],
    [row("a", "conflict"), "conflict", "two owners"],
    [row("a", "update", { fields: [{ path: "x", kind: "declared" }] }), "declared", "1 field"],
    [
      row("a", "update", {
        fields: [
          { path: "x", kind: "declared" },
          { path: "y", kind: "drift" },
        ],
      }),
      "declared",
      "2 fields",
    ],
    [
      row("a", "update", {
        fields: [
          { path: "x", kind: "drift" },
          { path: "y", kind: "drift" },
        ],
      }),
      "drift",
      "drift: 2 fields",
    ],
    [
      row("a", "update", { fields: [{ path: "schedule.pause_status", kind: "drift", actual: "PAUSED" }] }),
      "drift",
      "drift: schedule paused",
    ],
    [
      row("a", "update", { fields: [{ path: "schedule.pause_status", kind: "drift", actual: "UNPAUSED" }] }),
      "drift",
      "drift: schedule unpaused",
    ],
    [
      row("a", "update", {
        fields: [
          { path: "x", kind: "conflict" },
          { path: "y", kind: "drift" },
        ],
      }),
      "conflict",
      "conflict: 1 field",
    ],
  ] as const)("%#", (change, kind, text) => expect(differenceOf(change as Change)).toMatchObject({ kind, text }));
});

describe("fleetView", () => {
  it("puts what needs a person first", () => {
    const changes = [
      row("ok", "noop"),
      row("drifted", "update", { fields: [{ path: "x", kind: "drift" }] }),
      row("new", "create", { jobId: null }),
      row("failed", "noop"),
    ];
    const runs = new Map([
      ["id-ok", [ended("done")]],
      ["id-drifted", [ended("done")]],
      ["id-failed", [ended("failed")]],
    ]);
    const fleet = view(changes, { runs });
    expect(fleet.items.map((item) => item.resource)).toEqual(["failed", "drifted", "new", "ok"]);
    expect(fleet.counts).toEqual({ all: 4, needYou: 2, differ: 2 });
    expect(fleet.items[2]).toMatchObject({ url: null, verdict: { state: "not_deployed" } });
    expect(fleet.items[3]).toMatchObject({
      url: "https://adb-1.example.com/jobs/id-ok",
      tags: ["team: x"],
      tasks: 1,
      source: "files",
    });
  });

  it("shows a job that is no longer declared as it is, without what is known to be secret", () => {
    const found = remote({ tags: { key: "hush", team: "y" }, tasks: [{ task_key: "a" }, { task_key: "b" }] });
    const state = { jobs: { old: { secret: [pathHash("tags.key")] } } } as unknown as NonNullable<FleetInput["state"]>;
    const [item] = view([row("old", "delete")], { jobs: [], found: () => found, state }).items;
    expect(item).toMatchObject({ tasks: 2, tags: ["key: (hidden)", "team: y"], owner: "anna" });
  });

  it("says when a job starts by what the workspace has, not by what is declared", () => {
    const schedule = { quartz_cron_expression: "0 0 7 * * ?", timezone_id: "UTC", pause_status: "UNPAUSED" };
    const jobs = [declared("a", { schedule }), declared("new", { schedule })];
    const found = remote({ schedule: { ...schedule, pause_status: "PAUSED" } });
    const changes = [
      row("a", "update", { fields: [{ path: "schedule.pause_status", kind: "drift", actual: "PAUSED" }] }),
      row("new", "create", { jobId: null }),
    ];
    const { items } = view(changes, { jobs, found: (jobId) => (jobId === null ? undefined : found) });
    expect(items.map((item) => [item.resource, item.schedule?.paused, item.schedule?.nextStart])).toEqual([
      ["a", true, null],
      ["new", false, "2026-11-21T07:00:00.000Z"],
    ]);
  });

  it("tells how many jobs are nobody's here, and shows the first of them", () => {
    const others = Array.from({ length: 250 }, (_, n) => ({
      jobId: String(n),
      name: `J${String(n).padStart(3, "0")}`,
      creator: undefined,
      settings: {},
    }));
    const { unmanaged } = view([], { others: others.reverse() });
    expect(unmanaged.count).toBe(250);
    expect(unmanaged.items).toHaveLength(200);
    expect(unmanaged.items[0]).toMatchObject({ name: "J000", managedBy: "ui", creator: null });
  });
});

it("names who runs a job: its identity, else who made it", () => {
  expect(ownerOf(undefined)).toBeNull();
  expect(ownerOf(remote({}))).toBe("anna");
  expect(ownerOf(remote({ run_as: { service_principal_name: "robot" } }))).toBe("robot");
  expect(ownerOf(remote({ run_as: { user_name: "ben" } }, { runAs: "carl" }))).toBe("carl");
});

it.each([
  [{ tags: { headgate: "x" } }, "headgate"],
  [{ deployment: { kind: "BUNDLE" } }, "bundle"],
  [{ tags: { managed_by: "Terraform" } }, "terraform"],
  [{ edit_mode: "UI_LOCKED" }, "unknown"],
  [{}, "ui"],
])("%j is deployed by %s", (settings, manager) => {
  expect(managerOf({ jobId: "1", name: "J", creator: undefined, settings: settings as never }, "headgate")).toBe(
    manager,
  );
});
