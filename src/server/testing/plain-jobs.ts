/** A jobs room of plain values, for tests of the server alone. */
import { HeadgateError } from "../../errors.ts";
import type { Change, Plan } from "../../model/plan.ts";
import type { FleetView, JobRow, JobView } from "../../model/view.ts";
import { nearest } from "../../util/nearest.ts";
import type { ServerJobs } from "../server-deps.ts";

/** A row of the fleet. */
export function row(resource: string, more: Partial<JobRow> = {}): JobRow {
  return {
    resource,
    jobId: "9007199254740993",
    name: resource.replaceAll("_", " "),
    url: null,
    runs: [],
    verdict: { state: "ok", text: "Done 02:10" },
    schedule: null,
    difference: { kind: "same", fields: 0, text: "as declared" },
    place: { file: "jobs/all.yml", line: 3, column: 3 },
    source: "files",
    owner: "anna@example.com",
    tags: ["team:finance"],
    tasks: 2,
    ...more,
  };
}

/** A fleet of some rows. */
export function fleetOf(items: JobRow[]): FleetView {
  return {
    project: "retail",
    target: "prod",
    workspace: "prod",
    host: "https://adb-1.example.com",
    asOf: "2026-11-20T06:31:00.000Z",
    count: items.length,
    items,
    next: null,
    unmanaged: { count: 0, items: [] },
    problems: [],
    counts: { all: items.length, needYou: 0, differ: 0 },
  };
}

/** A change of a plan. */
export function change(resource: string, more: Partial<Change> = {}): Change {
  return {
    resource,
    action: "update",
    jobId: "9007199254740993",
    name: resource,
    reason: "1 field changed",
    fields: [{ path: "tasks[task_key=load].max_retries", kind: "declared", before: 0, after: 2 }],
    impact: { liveRuns: 0, nextStart: null, calledBy: [], downstream: [] },
    desired: { name: resource, tasks: [{ task_key: "load", max_retries: 2 }] },
    ...more,
  };
}

/** A plan of some changes. */
export function planOf(changes: Change[]): Plan {
  return {
    formatVersion: 1,
    project: "retail",
    workspace: "prod",
    target: "prod",
    workspaceId: "1",
    headgate: "0.1.0",
    madeAt: "2026-11-20T06:31:00.000Z",
    declaredDigest: "d",
    state: { lineage: "l", serial: 7 },
    git: null,
    behind: null,
    changes,
    problems: [],
    unmanaged: 0,
    summary: {
      create: 0,
      update: changes.length,
      recreate: 0,
      recover: 0,
      delete: 0,
      noop: 0,
      conflict: 0,
      refused: 0,
      drift: 0,
    },
  };
}

/** What the room answers; tests change it as they go. */
export interface PlainWorld {
  fleet: () => Promise<FleetView>;
  plan: () => Promise<Plan>;
  /** Holds an apply between its jobs, where a test sets it. */
  pause: () => Promise<void>;
  /** Plans that were applied. */
  applied: Plan[];
}

/** A world of these rows, in which applying does each change in turn. */
export function plainWorld(rows: JobRow[]): PlainWorld {
  return {
    fleet: async () => fleetOf(rows),
    plan: async () => planOf([change("nightly"), change("hourly")]),
    pause: async () => undefined,
    applied: [],
  };
}

/** The room of a world. */
export function plainJobs(world: PlainWorld): ServerJobs {
  const find = async (resource: string) => {
    const { items } = await world.fleet();
    const found = items.find((one) => one.resource === resource);
    if (found !== undefined) return found;
    const near = nearest(
      resource,
      items.map((one) => one.resource),
    );
    throw new HeadgateError("not_found", `There is no job ${resource}`, { hint: `Did you mean ${near}?` });
  };
  return {
    list: () => world.fleet(),
    plan: () => world.plan(),
    async planRollback(resource, { to = 1 } = {}) {
      await find(resource);
      return planOf([change(resource, { reason: `as it was at ${to}` })]);
    },
    async recentChanges({ count = 50 } = {}) {
      const { items } = await world.fleet();
      const changes = items.map(({ resource, jobId }, index) => ({
        ...{ resource, jobId: jobId ?? "", serial: items.length - index, at: "2026-11-20T06:31:00.000Z" },
        ...{ actor: "anna", commit: null, action: "update" },
      }));
      return { items: changes.slice(0, count), more: changes.length > count, unseen: 0 };
    },
    tables: () => ["control"],
    table: async (source) => ({
      ...{ source, table: "main.etl.control", columns: ["resource_id", "task_key", "task_config"] },
      ...{ types: ["STRING", "STRING", "STRING"], keys: ["resource_id", "task_key"], version: "1" },
      editable: ["resource_id", "task_key", "task_config"],
      rows: Array.from({ length: 7 }, (_, index) => ({
        label: `nightly/t${index}`,
        cells: ["nightly", `t${index}`, index === 3 ? "{" : "{}"],
        problems:
          index === 3
            ? [{ severity: "error" as const, code: "bad_json", message: "no JSON", hint: null, column: "task_config" }]
            : [],
      })),
    }),
    checkTable: async (_view, edits) => ({
      edits: edits.map(({ label }) => ({ label: label ?? "new", problems: [] })),
      others: [],
      errors: 0,
    }),
    async saveTable() {
      throw new HeadgateError("table_moved", "main.etl.control was changed since it was read");
    },
    async previewAdopt(jobId) {
      const { unmanaged } = await world.fleet();
      const job = unmanaged.items.find((one) => one.jobId === jobId);
      if (job === undefined) throw new HeadgateError("not_found", `no undeclared job is ${jobId}`);
      return { jobId, name: job.name, resource: "found", yaml: `jobs:\n  found:\n    name: ${job.name}\n` };
    },
    async explain(resource): Promise<JobView> {
      return {
        row: await find(resource),
        desired: { name: resource, job_clusters: [{ size: 12345678901234567890n }] },
        actual: null,
        change: null,
        graph: { before: [], after: [] },
        runs: [],
      };
    },
    async history(resource) {
      await find(resource);
      return [{ serial: 7, at: "2026-11-20T06:31:00.000Z", actor: "anna", commit: null, action: "update", fields: [] }];
    },
    async apply(plan, options = {}) {
      world.applied.push(plan);
      const items = [];
      for (const { resource, action, jobId } of plan.changes) {
        const item = { resource, action, jobId, error: null };
        if (options.signal?.aborted) {
          items.push({ ...item, state: "skipped" as const });
          continue;
        }
        options.onProgress?.({ ...item, state: "running" });
        await world.pause();
        const done = { ...item, state: "done" as const };
        options.onProgress?.(done);
        items.push(done);
      }
      return { items, exitCode: options.signal?.aborted ? 130 : 0 };
    },
  };
}
