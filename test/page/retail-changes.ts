/** What the fixtures' fleet changed, goes back to, and would be given by an adoption. */
import type { UnmanagedJob } from "../../src/model/view.ts";
import type { AdoptPreview, PlanView, RecentChangesAnswer, TableAnswer } from "../../src/server/api.ts";
import { writeJobsYaml } from "../../src/sources/jobs/yaml/write.ts";
import { type Fleet, NOW } from "./retail-fleet.ts";
import { change, retailPlan } from "./retail-jobs.ts";

const MINUTE = 60_000;
const COMMIT = "3f1c2e9b7a6d5c4e3f2a1b0c9d8e7f6a5b4c3d2e";

/** GET /history: one apply of many jobs, one of a person, one deletion. */
export function recentChanges(fleet: Fleet, limit: number): RecentChangesAnswer {
  const of = (
    resource: string,
    serial: number,
    ago: number,
    actor: string,
    commit: string | null,
    action = "update",
  ) => ({ resource, jobId: "9007199254740993", serial, at: new Date(NOW - ago).toISOString(), actor, commit, action });
  const many = fleet.items
    .slice(0, 400)
    .map(({ resource }, index) => of(resource, 41, 2 * 1440 * MINUTE + index * 1_000, "anna@example.com", COMMIT));
  const items = [
    of("stock_export_old", 43, 90 * MINUTE, "marek@example.com", null, "delete"),
    of("gl_export", 42, 95 * MINUTE, "marek@example.com", null, "create"),
    ...many,
  ];
  return { items: items.slice(0, limit), more: items.length > limit, unseen: 0 };
}

/** POST /jobs/{resource}/rollback. */
export function rollbackPlan(id: string, resource: string, to: number | undefined): PlanView {
  const plan = retailPlan(id, [resource]);
  return {
    ...plan,
    behind: { appliedCommit: COMMIT, appliedBy: "anna@example.com", appliedAt: new Date(NOW - MINUTE).toISOString() },
    changes: [
      change(resource, {
        action: "update",
        reason: `as it was at ${to ?? 38}`,
        fields: [
          { path: "schedule.quartz_cron_expression", kind: "declared", before: "0 30 2 * * ?", after: "0 0 3 * * ?" },
        ],
      }),
    ],
    summary: { ...plan.summary, create: 0, update: 1, delete: 0, conflict: 0, refused: 0, drift: 0 },
  };
}

/** GET /jobs/{jobId}/adopt-preview. */
export function adoptPreview({ jobId, name }: UnmanagedJob): AdoptPreview {
  const resource = name.toLowerCase().replace(/[^a-z0-9]+/g, "_");
  const settings = {
    name,
    tags: { team: "finance" },
    tasks: [
      { task_key: "read", notebook_task: { notebook_path: "/Shared/read" } },
      { task_key: "write", depends_on: [{ task_key: "read" }], notebook_task: { notebook_path: "/Shared/write" } },
    ],
  };
  return { jobId, name, resource, yaml: writeJobsYaml([{ resource, settings }]) };
}

const COLUMNS = ["resource_id", "job_name", "task_key", "depends_on", "task_type", "task_config", "disabled"];

/** GET /tables/{source}: every hundredth row has a cell that is no JSON. */
export function controlTable(rows: number, query: URLSearchParams): TableAnswer {
  const all = Array.from({ length: rows }, (_, index): TableAnswer["rows"][number] => {
    const [job, task] = [`sales_${Math.floor(index / 5)}`, `task_${index % 5}`];
    const bad = index % 100 === 3;
    const config = bad
      ? '{"file_path": '
      : JSON.stringify({ file_path: `/Repos/etl/${task}`, parameters: { n: index } });
    const message = `column task_config of row ${job}/${task} is no JSON: unexpected end`;
    return {
      label: `${job}/${task}`,
      cells: [job, null, task, index % 5 === 0 ? "[]" : `["task_${(index % 5) - 1}"]`, "notebook", config, "false"],
      problems: bad ? [{ severity: "error", code: "bad_json", message, hint: null, column: "task_config" }] : [],
    };
  });
  const faulty = all.filter(({ problems }) => problems.length > 0);
  const fitting = query.get("faulty") === "true" ? faulty : all;
  const after = Number(query.get("after") ?? 0);
  return {
    ...{ source: "control", table: "main.etl.control", asOf: new Date(NOW - 4_000).toISOString() },
    columns: COLUMNS,
    types: COLUMNS.map((name) => (name === "disabled" ? "BOOLEAN" : "STRING")),
    ...{ keys: ["resource_id", "task_key"], editable: COLUMNS, version: "v1" },
    ...{ all: rows, faulty: faulty.length, count: fitting.length, rows: fitting.slice(after, after + 200) },
    next: after + 200 < fitting.length ? after + 200 : null,
  };
}
