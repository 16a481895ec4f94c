/** The retail lakehouse of `examples/retail`: which task of its twelve jobs touches which tables, and who else comes by. */
import type { Folder, Place, Program, Table, World } from "./world.ts";

const LAKE = "stretaillake";
const LEGACY = "stretaillegacy";
const ROOT = "dbstorager3t41l";
/** The all-purpose cluster of the analysts and of the jobs that nobody declared. */
export const SHARED_CLUSTER = "0831-074512-pooch317";

const folder = (container: string, path: string, account = LAKE): Folder => ({ account, container, path });
const MB = 1_048_576;

/** Tables by name, format, place, and size. */
function table(name: string, format: Table["format"], at: Folder, more: Partial<Table> = {}): Table {
  return { name: `retail.${name}`, format, folder: at, files: 4, fileBytes: 6 * MB, ...more };
}

const delta = (name: string, more: Partial<Table> = {}): Table => {
  const [schema = "", leaf = ""] = name.split(".");
  return table(name, "delta", folder(schema, leaf), more);
};

const TABLES: Table[] = [
  delta("bronze.receipts", { partitionedBy: "business_date", files: 8, fileBytes: 2 * MB }),
  delta("bronze.erp_orders", { partitionedBy: "dt" }),
  delta("bronze.erp_suppliers"),
  delta("bronze.price_lists"),
  table("bronze.web_events", "parquet", folder("bronze", "web/events"), { partitionedBy: "dt", files: 6 }),
  table("bronze.fx_rates", "json", folder("bronze", "treasury/fx rates"), { files: 3, fileBytes: 4_000 }),
  table("bronze.stores", "csv", folder("reference", "stores", LEGACY), {
    location: "dbfs:/mnt/reference/stores",
    files: 1,
    fileBytes: 90_000,
  }),
  delta("silver.orders", { partitionedBy: "order_date", files: 10 }),
  delta("silver.order_lines", { partitionedBy: "order_date", files: 12 }),
  delta("silver.sales_enriched", { files: 9 }),
  delta("silver.sales_staging", { files: 2 }),
  delta("silver.suppliers"),
  delta("silver.prices"),
  delta("silver.web_sessions", { partitionedBy: "dt" }),
  delta("silver.customers"),
  delta("silver.customers_history", { files: 7 }),
  delta("silver.journals"),
  delta("silver.stock_by_region", { partitionedBy: "region" }),
  delta("silver.employees", { fileBytes: MB }),
  delta("silver.absences", { fileBytes: MB }),
  delta("silver.touchpoints", { files: 6 }),
  delta("gold.daily_revenue"),
  delta("gold.revenue_by_store", { files: 3 }),
  table("gold.sales_published", "parquet", folder("gold", "published/sales")),
  // the table that is renamed within the week
  table("gold.stock_all_regions", "parquet", folder("hive", "warehouse/gold.db/stock_all_regions", LEGACY), {
    managed: true,
  }),
  delta("gold.general_ledger", { files: 8 }),
  delta("gold.ledger_checks", { files: 2, fileBytes: 300_000 }),
  delta("gold.campaign_attribution"),
  delta("gold.loyalty_points", { files: 5 }),
  delta("gold.sessions_daily", { fileBytes: MB }),
  delta("gold.ledger_snapshot", { files: 0, cloneOf: "retail.gold.general_ledger" }),
  delta("gold.ledger_archive", { files: 5 }),
  delta("audit.runs", { files: 6, fileBytes: 40_000 }),
  // in the workspace's own storage, which keeps no log
  table("sandbox.calendar", "parquet", folder("root", "user/hive/warehouse/sandbox.db/calendar", ROOT), {
    location: "dbfs:/user/hive/warehouse/sandbox.db/calendar",
    managed: true,
    files: 1,
    fileBytes: 60_000,
  }),
  // nobody touches it
  delta("legacy.sales_2019", { files: 40, fileBytes: 60 * MB }),
  {
    name: "retail.gold.v_best_stores",
    format: "view",
    files: 0,
    fileBytes: 0,
    viewOf: "select store, sum(amount) from retail.gold.revenue_by_store group by store",
  },
];

const place = (name: string, at: Folder, format: Place["format"], files = 2, fileBytes = 400_000): Place => ({
  name,
  folder: at,
  format,
  files,
  fileBytes,
});

const PLACES: Place[] = [
  place("landing/pos", folder("landing", "pos/incoming"), "json", 1, 120_000),
  place("landing/erp", folder("landing", "erp/extract"), "csv", 3),
  place("landing/web", folder("landing", "web/stream"), "json"),
  place("landing/fx", folder("landing", "treasury/ecb"), "csv", 1, 3_000),
  place("landing/hr", folder("landing", "hr/personnel system"), "csv"),
  place("landing/campaigns", folder("landing", "marketing/campaigns"), "csv"),
  place("exports/board", folder("exports", "board"), "csv", 1),
  place("tmp/scratch", folder("tmp", "analyst/scratch"), "parquet"),
  place("checkpoints/web", folder("checkpoints", "web_sessions"), "json", 0),
  place("archive", folder("landing", "_archive"), "csv", 2),
];

const read = (from: string, files?: number) => ({ does: "read" as const, from, ...(files ? { files } : {}) });
const t = (name: string) => `retail.${name}`;

const PROGRAMS: Program[] = [
  {
    task: "ingest_pos/receipts",
    steps: [read("landing/pos", 1), { does: "append", to: t("bronze.receipts") }],
  },
  {
    task: "ingest_erp/extract",
    console: true,
    steps: [
      { does: "export", to: "landing/erp", files: 3 },
      { does: "append", to: t("audit.runs") },
    ],
  },
  {
    task: "ingest_erp/merge",
    console: true,
    steps: [
      read("landing/erp", 3),
      { does: "append", to: t("bronze.erp_orders"), files: 2 },
      { does: "overwrite", to: t("bronze.price_lists") },
      read(t("bronze.erp_orders"), 2),
      { does: "merge", to: t("silver.suppliers") },
      { does: "overwrite", to: t("bronze.erp_suppliers") },
      read(t("bronze.price_lists")),
      { does: "merge", to: t("silver.prices") },
      { does: "append", to: t("audit.runs") },
    ],
  },
  {
    task: "ingest_web_events/land",
    steps: [read("landing/web", 1), { does: "append", to: t("bronze.web_events") }],
  },
  {
    task: "ingest_web_events/sessionise",
    steps: [
      { does: "checkpoint", at: "checkpoints/web" },
      read(t("bronze.web_events"), 1),
      { does: "append", to: t("silver.web_sessions") },
    ],
  },
  {
    task: "nightly_sales/load_orders",
    console: true,
    steps: [
      read(t("bronze.erp_orders"), 4),
      { does: "probe", of: t("silver.sales_staging") },
      { does: "merge", to: t("silver.orders"), files: 3 },
      { does: "append", to: t("audit.runs") },
    ],
  },
  {
    task: "nightly_sales/load_lines",
    console: true,
    steps: [
      read(t("bronze.receipts"), 8),
      read(t("silver.prices")),
      { does: "append", to: t("silver.order_lines"), files: 3 },
      { does: "create", to: t("silver.sales_staging"), files: 2 },
      { does: "append", to: t("audit.runs") },
    ],
  },
  {
    task: "nightly_sales/enrich",
    console: true,
    steps: [
      read(t("silver.orders"), 4),
      read(t("silver.order_lines"), 4),
      read(t("silver.customers"), 2),
      read(t("bronze.stores"), 1),
      read(t("sandbox.calendar"), 1),
      read(t("silver.sales_staging"), 2),
      { does: "overwrite", to: t("silver.sales_enriched"), files: 4 },
      { does: "try", from: t("silver.employees") },
    ],
  },
  {
    // on a SQL warehouse
    task: "nightly_sales/revenue",
    steps: [
      read(t("silver.sales_enriched"), 4),
      { does: "overwrite", to: t("gold.daily_revenue"), files: 2 },
      { does: "overwrite", to: t("gold.revenue_by_store") },
    ],
  },
  {
    task: "nightly_sales/publish",
    console: true,
    steps: [
      read(t("gold.daily_revenue"), 2),
      { does: "count", from: t("gold.revenue_by_store") },
      { does: "overwrite", to: t("gold.sales_published"), files: 2 },
      { does: "export", to: "exports/board" },
    ],
  },
  {
    task: "nightly_sales/drop_staging",
    console: true,
    steps: [
      { does: "vacuum", of: t("silver.sales_staging") },
      { does: "optimize", of: t("silver.orders") },
      { does: "optimize", of: t("silver.order_lines") },
    ],
  },
  {
    task: "customers_scd2/snapshot",
    steps: [read("landing/erp", 2), read(t("silver.orders"), 2), { does: "overwrite", to: t("silver.customers") }],
  },
  {
    task: "customers_scd2/scd2",
    steps: [read(t("silver.customers"), 1), { does: "merge", to: t("silver.customers_history"), files: 2 }],
  },
  {
    task: "inventory_snapshot/region",
    steps: [
      read(t("bronze.receipts"), 2),
      read(t("bronze.stores"), 1),
      { does: "append", to: t("silver.stock_by_region") },
    ],
  },
  {
    task: "inventory_snapshot/combine",
    steps: [read(t("silver.stock_by_region"), 4), { does: "overwrite", to: t("gold.stock_all_regions") }],
  },
  { task: "fx_rates/rates", steps: [read("landing/fx", 1), { does: "overwrite", to: t("bronze.fx_rates") }] },
  {
    task: "gl_post/collect",
    steps: [
      read(t("silver.orders"), 2),
      read(t("gold.daily_revenue"), 1),
      read(t("bronze.fx_rates"), 1),
      { does: "append", to: t("silver.journals") },
    ],
  },
  {
    task: "gl_post/post",
    steps: [read(t("silver.journals"), 2), { does: "merge", to: t("gold.general_ledger") }],
  },
  {
    task: "gl_post/reconcile",
    steps: [
      read(t("gold.general_ledger"), 2),
      read(t("gold.daily_revenue"), 1),
      { does: "append", to: t("gold.ledger_checks") },
      { does: "shallow clone", from: t("gold.general_ledger"), to: t("gold.ledger_snapshot") },
      { does: "deep clone", from: t("gold.general_ledger"), to: t("gold.ledger_archive"), every: 4 },
    ],
  },
  {
    task: "hr_daily/employees",
    steps: [read("landing/hr", 2), { does: "merge", to: t("silver.employees") }],
  },
  // reads and writes one table and nothing else, as OPTIMIZE does
  { task: "hr_daily/absences", steps: [{ does: "update", to: t("silver.absences") }] },
  {
    task: "marketing_attribution/touchpoints",
    steps: [
      read("landing/campaigns", 2),
      read(t("silver.web_sessions"), 6),
      { does: "overwrite", to: t("silver.touchpoints"), files: 3 },
    ],
  },
  {
    task: "marketing_attribution/attribution",
    steps: [
      read(t("silver.touchpoints"), 3),
      read(t("silver.sales_enriched"), 4),
      read(t("bronze.fx_rates"), 1),
      { does: "overwrite", to: t("gold.campaign_attribution"), files: 2 },
    ],
  },
  {
    // on a SQL warehouse
    task: "table_maintenance/optimize",
    steps: ["silver.orders", "silver.order_lines", "silver.web_sessions", "bronze.receipts", "gold.general_ledger"].map(
      (name) => ({ does: "optimize" as const, of: t(name) }),
    ),
  },
  {
    task: "table_maintenance/vacuum",
    steps: ["silver.orders", "silver.customers_history", "bronze.receipts"].map((name) => ({
      does: "vacuum" as const,
      of: t(name),
    })),
  },
  {
    task: "loyalty_points/points",
    steps: [
      read(t("silver.sales_enriched"), 3),
      read(t("silver.customers_history"), 2),
      read(t("gold.ledger_snapshot"), 1),
      { does: "merge", to: t("gold.loyalty_points") },
    ],
  },
  // jobs that nobody declared, both on the analysts' cluster
  {
    task: "till reconcile/reconcile",
    steps: [
      read(t("bronze.receipts"), 4),
      read(t("gold.revenue_by_store"), 1),
      { does: "append", to: t("audit.runs") },
    ],
  },
  {
    task: "tmp backfill orders/backfill",
    steps: [read(t("bronze.erp_orders"), 3), { does: "append", to: t("silver.orders") }],
  },
];

/** The world. Its programs are named `resource/task` as in the example, of jobs that nobody declared `name/task`. */
export const RETAIL: World = {
  subscription: "9c1f2a64-5b7e-4d0c-8f55-0a7d4a5e9b13",
  tenant: "77fb2c0a-9f29-478f-acd7-fb5e6967d9e8",
  region: "uksouth",
  accounts: [
    { name: LAKE, resourceGroup: "rg-data-prod", logged: true },
    { name: LEGACY, resourceGroup: "rg-legacy", logged: true },
    { name: ROOT, resourceGroup: "databricks-rg-retail", logged: false },
  ],
  tables: TABLES,
  places: PLACES,
  mounts: [
    { name: "/mnt/reference", source: `abfss://reference@${LEGACY}.dfs.core.windows.net/` },
    { name: "/mnt/landing", source: `abfss://landing@${LAKE}.dfs.core.windows.net/` },
    { name: "/databricks-datasets", source: "databricks-datasets" },
    { name: "/", source: "DatabricksRoot" },
  ],
  programs: PROGRAMS,
  visits: [
    {
      guest: "factory",
      of: ["landing/pos", "landing/erp", "landing/web", "landing/hr"],
      hour: 0,
      minute: 20,
      files: 2,
    },
    { guest: "powerbi", of: [t("gold.sales_published"), t("gold.revenue_by_store")], hour: 7, minute: 5, files: 3 },
    { guest: "azcopy", of: ["exports/board"], hour: 8, minute: 0, files: 1 },
    { guest: "explorer", of: [t("bronze.web_events"), "tmp/scratch"], hour: 10, minute: 40, files: 2 },
    { guest: "python", of: [t("silver.customers")], hour: 11, minute: 15, files: 2 },
    { guest: "scanner", of: ["archive"], hour: 4, minute: 30, files: 2 },
    { guest: "crawler", of: ["exports/board"], hour: 13, minute: 3, files: 1 },
  ],
  notebooks: [
    {
      clusterId: SHARED_CLUSTER,
      hour: 14,
      minute: 10,
      minutes: 25,
      steps: [
        read(t("silver.sales_enriched"), 3),
        read(t("silver.customers"), 1),
        { does: "export", to: "tmp/scratch" },
      ],
    },
  ],
  renamings: [
    {
      table: t("gold.stock_all_regions"),
      was: folder("hive", "warehouse/gold.db/stock_combined", LEGACY),
      day: 3,
      minute: 15 * 60,
      clusterId: SHARED_CLUSTER,
    },
  ],
  consoleJobs: [
    {
      kind: "glue",
      namespace: "glue-prod",
      name: "store_traffic",
      inputs: [{ namespace: "s3://retail-cameras", name: "counts" }],
      outputs: [{ namespace: `abfss://landing@${LAKE}.dfs.core.windows.net`, name: "/traffic/daily" }],
      hour: 5,
      minute: 20,
    },
    {
      kind: "airflow",
      namespace: "airflow-prod",
      name: "supplier_scorecard.score",
      inputs: [{ namespace: "postgres://erp.example.com:5432", name: "erp.purchasing.deliveries" }],
      outputs: [{ namespace: "postgres://erp.example.com:5432", name: "erp.purchasing.scores" }],
      hour: 6,
      minute: 10,
    },
  ],
};
