/** Single jobs to look at: definitions, changes, graphs and histories for the rows of the fleet. */
import { type JobSettings, taskGraph } from "../../src/model/job.ts";
import type { FieldChange } from "../../src/model/plan.ts";
import type { HistoryItem, JobRow, JobView } from "../../src/model/view.ts";
import type { PlanView } from "../../src/server/api.ts";
import { NOW, RETAIL_ROWS } from "./retail-fleet.ts";

type Change = PlanView["changes"][number];
const after = (...keys: string[]) => keys.map((task_key) => ({ task_key }));

function notebook(key: string, dependsOn: string[] = [], more: object = {}) {
  return {
    task_key: key,
    ...(dependsOn.length > 0 ? { depends_on: after(...dependsOn) } : {}),
    notebook_task: {
      notebook_path: `/Repos/retail/etl/${key}`,
      base_parameters: { date: "{{job.start_time.iso_date}}" },
    },
    job_cluster_key: "main",
    max_retries: 0,
    timeout_seconds: 3600,
    ...more,
  };
}

const CHECK = { ...notebook("check", ["revenue", "basket"]), max_retries: 1 };

const SALES_FOUND = {
  name: "nightly sales",
  tags: { retail: "", tier: "1", cost: "4711" },
  schedule: { quartz_cron_expression: "0 30 2 * * ?", timezone_id: "Europe/London", pause_status: "UNPAUSED" },
  max_concurrent_runs: 1,
  job_clusters: [
    {
      job_cluster_key: "main",
      new_cluster: {
        spark_version: "15.4.x-scala2.12",
        node_type_id: "Standard_D8ds_v5",
        num_workers: 8,
        spark_conf: { "spark.sql.shuffle.partitions": "400", "spark.databricks.delta.optimizeWrite.enabled": "true" },
      },
    },
  ],
  tasks: [
    notebook("load_orders"),
    notebook("load_lines"),
    notebook("enrich", ["load_orders", "load_lines"]),
    notebook("revenue", ["enrich"]),
    notebook("basket", ["enrich"], {
      notebook_task: undefined,
      sql_task: { file: { path: "sql/basket.sql", source: "WORKSPACE" }, warehouse_id: "abc123" },
    }),
    notebook("publish", ["revenue", "basket"]),
  ],
} as JobSettings;

const SALES_WANTED = {
  ...SALES_FOUND,
  tasks: [
    notebook("load_orders", [], { max_retries: 2, timeout_seconds: 9000 }),
    ...(SALES_FOUND.tasks ?? []).slice(1, 5),
    CHECK,
    notebook("publish", ["check"], {
      notebook_task: {
        notebook_path: "/Repos/retail/etl/publish",
        base_parameters: { token: "(secret ${env:MART_TOKEN})" },
      },
    }),
  ],
} as JobSettings;

const place = (line: number) => ({ file: "jobs/sales.yml", line, column: 7 });
const SALES_FIELDS: FieldChange[] = [
  { path: "tasks[task_key=load_orders].max_retries", kind: "declared", before: 0, after: 2, place: place(11) },
  {
    path: "tasks[task_key=load_orders].timeout_seconds",
    kind: "declared",
    before: 3600,
    after: 9000,
    place: place(12),
  },
  { path: "tasks[task_key=check]", kind: "declared", after: CHECK, place: place(40) },
  {
    path: "tasks[task_key=publish].depends_on",
    kind: "declared",
    before: ["basket", "revenue"],
    after: ["check"],
    place: place(52),
  },
  {
    path: "job_clusters[job_cluster_key=main].new_cluster.spark_conf['spark.sql.shuffle.partitions']",
    kind: "declared",
    before: "200",
    after: "400",
    place: place(22),
  },
];

const noImpact = { liveRuns: 0, nextStart: null, calledBy: [], downstream: [] };
const nextStart = (row: JobRow | undefined) => row?.schedule?.nextStart ?? null;
const rowOf = (resource: string) => RETAIL_ROWS.find((row) => row.resource === resource);

export function change(resource: string, more: Partial<Change>): Change {
  const row = rowOf(resource);
  return {
    resource,
    action: "noop",
    jobId: row?.jobId ?? null,
    name: row?.name ?? resource,
    reason: "as declared",
    fields: [],
    impact: { ...noImpact, nextStart: nextStart(row) },
    ...more,
  };
}

const EXPORT: JobSettings = {
  name: "gl export",
  tags: { finance: "" },
  schedule: { quartz_cron_expression: "0 0 2 ? * MON-FRI", timezone_id: "Europe/London", pause_status: "UNPAUSED" },
  tasks: [
    { task_key: "wait", notebook_task: { notebook_path: "/Repos/finance/wait" } },
    {
      task_key: "export",
      depends_on: after("wait"),
      spark_python_task: { python_file: "dbfs:/jobs/export.py", parameters: ["--to", "sftp"] },
    },
  ],
};

/** Changes of the retail plan by resource; jobs that are not here are as declared. */
export const CHANGES: Record<string, Change> = Object.fromEntries(
  [
    change("nightly_sales", {
      action: "update",
      reason: "5 fields changed",
      fields: SALES_FIELDS,
      desired: SALES_WANTED,
      impact: {
        liveRuns: 1,
        nextStart: nextStart(rowOf("nightly_sales")),
        calledBy: [],
        downstream: [
          ...Array.from({ length: 14 }, (_, index) => ({ kind: "dataset" as const, name: `mart.table_${index}` })),
          ...Array.from({ length: 5 }, (_, index) => ({ kind: "job" as const, name: `reader_${index}` })),
        ],
      },
    }),
    change("marketing_attribution", {
      action: "update",
      reason: "1 field changed in the workspace",
      fields: [
        { path: "schedule.pause_status", kind: "drift", before: "UNPAUSED", actual: "PAUSED", after: "UNPAUSED" },
      ],
    }),
    change("customers_scd2", {
      action: "update",
      reason: "1 field changed on both sides",
      fields: [
        {
          path: "tasks[task_key=scd2].notebook_task.base_parameters.full",
          kind: "conflict",
          actual: "auto",
          after: "true",
          place: { file: "jobs/sales.yml", line: 70, column: 13 },
        },
      ],
      impact: {
        ...noImpact,
        calledBy: [{ resource: "nightly_sales", name: "nightly sales", taskKey: "customers" }],
      },
    }),
    change("gl_export", {
      action: "create",
      reason: "declared and not in the workspace",
      fields: Array.from({ length: 14 }, (_, index) => ({
        path: `field_${index}`,
        kind: "declared" as const,
        after: index,
      })),
      desired: EXPORT,
    }),
    change("legacy_stock_feed", {
      action: "delete",
      reason: "no longer declared",
      held: true,
      hint: "Deletions wait until they are asked for: `headgate jobs apply --allow-delete 1`",
      impact: {
        ...noImpact,
        downstream: [
          { kind: "dataset", name: "supply.stock" },
          { kind: "job", name: "inventory_snapshot" },
        ],
      },
    }),
  ].map((each) => [each.resource, each]),
);

/** The change of a job, noop where it is as declared. */
export const changeOf = (resource: string): Change => CHANGES[resource] ?? change(resource, {});

const PLAIN: JobSettings = {
  tags: { ingest: "" },
  max_concurrent_runs: 1,
  tasks: [notebook("read"), notebook("write", ["read"])],
} as JobSettings;

/** GET /jobs/{resource}. */
export function jobView(row: JobRow): JobView {
  const mine = changeOf(row.resource);
  const desired: JobSettings | null =
    row.resource === "nightly_sales"
      ? SALES_WANTED
      : row.resource === "gl_export"
        ? EXPORT
        : mine.action === "delete"
          ? null
          : { name: row.name, ...PLAIN };
  const actual: JobSettings | null =
    row.resource === "nightly_sales" ? SALES_FOUND : mine.action === "create" ? null : { name: row.name, ...PLAIN };
  return view(row, desired, actual, mine);
}

function view(row: JobRow, desired: JobSettings | null, actual: JobSettings | null, mine: Change): JobView {
  return {
    row,
    desired,
    actual,
    change: mine,
    graph: { before: actual ? taskGraph(actual) : [], after: desired ? taskGraph(desired) : [] },
    runs: row.runs,
  };
}

/** A job of so many tasks in layers of about 60, each after one or two of the layers before. */
export function largeJob(resource: string, count: number): JobView {
  let state = 42;
  const next = (below: number) => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const LAYER = 60;
  const name = (index: number) =>
    `${["ingest", "clean", "enrich", "join", "mart"][Math.floor(index / LAYER) % 5]}_table_${index}`;
  const tasks = Array.from({ length: count }, (_, index) => {
    const layer = Math.floor(index / LAYER);
    const dependsOn =
      layer === 0
        ? []
        : [
            ...new Set(
              Array.from({ length: 1 + next(2) }, () =>
                name((layer - 1) * LAYER + Math.min(LAYER - 1, (index % LAYER) + next(4))),
              ),
            ),
          ];
    return notebook(name(index), dependsOn);
  });
  const row = { ...(RETAIL_ROWS[8] as JobRow), resource, name: resource, tasks: count };
  const settings = { name: resource, tasks } as JobSettings;
  return view(row, settings, settings, change(resource, {}));
}

/** GET /jobs/{resource}/history. */
export function historyOf(resource: string): HistoryItem[] {
  if (resource === "gl_export") return [];
  const day = 24 * 3_600_000;
  return [
    {
      serial: 41,
      at: new Date(NOW - 2 * day).toISOString(),
      actor: "anna@example.com",
      commit: "3f1c2e9b7a6d5c4e3f2a1b0c9d8e7f6a5b4c3d2e",
      action: "update",
      fields: [
        { path: "tasks[task_key=load_orders].timeout_seconds", kind: "declared", before: 7200, after: 3600 },
        { path: "tags.cost", kind: "declared", after: "4711" },
      ],
    },
    {
      serial: 38,
      at: new Date(NOW - 9 * day).toISOString(),
      actor: "marek@example.com",
      commit: "a91b33c07a6d5c4e3f2a1b0c9d8e7f6a5b4c3d2e",
      action: "update",
      fields: [
        { path: "schedule.quartz_cron_expression", kind: "declared", before: "0 0 3 * * ?", after: "0 30 2 * * ?" },
      ],
    },
    {
      serial: 12,
      at: new Date(NOW - 80 * day).toISOString(),
      actor: "ci@example.com",
      commit: null,
      action: "create",
      fields: [],
    },
  ];
}

/** The plan of the retail fleet. */
export function retailPlan(id: string, select?: string[]): PlanView {
  const changes = RETAIL_ROWS.map((row) => changeOf(row.resource)).filter(
    (each) => select === undefined || select.includes(each.resource),
  );
  const count = (action: Change["action"]) => changes.filter((each) => each.action === action).length;
  return {
    id,
    actor: "anna@example.com",
    formatVersion: 1,
    project: "retail",
    workspace: "prod",
    target: "prod",
    workspaceId: "2222222222222222",
    headgate: "0.1.0",
    madeAt: new Date(NOW - 2 * 60_000).toISOString(),
    declaredDigest: "d1",
    state: { lineage: "l1", serial: 41 },
    git: { commit: "3f1c2e9b7a6d5c4e3f2a1b0c9d8e7f6a5b4c3d2e", branch: "main", dirty: false },
    behind: null,
    changes,
    problems: [],
    unmanaged: 3,
    summary: {
      create: count("create"),
      update: count("update"),
      recreate: count("recreate"),
      recover: count("recover"),
      delete: count("delete"),
      noop: count("noop"),
      conflict: count("conflict"),
      refused: count("refused"),
      drift: changes.filter((each) => each.fields.some((field) => field.kind === "drift")).length,
    },
  };
}
