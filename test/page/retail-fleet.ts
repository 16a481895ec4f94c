/** A fleet to look at: 13 jobs of a retail lakehouse on a Friday morning, in every state a row can have. */
import type { JobRow, RunMark, UnmanagedJob } from "../../src/model/view.ts";
import type { JobsAnswer } from "../../src/server/api.ts";

/** The moment all fixtures show: Fri 20 Nov 2026 06:31 London. */
export const NOW = Date.parse("2026-11-20T06:31:00.000Z");
export const HOST = "https://adb-222.22.azuredatabricks.net";
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const utc = (ms: number) => new Date(ms).toISOString();
const STATES: Record<string, RunMark["state"]> = {
  o: "done",
  x: "failed",
  r: "running",
  s: "skipped",
  c: "cancelled",
  q: "queued",
};
const WHY: Partial<Record<RunMark["state"], string>> = {
  failed: "Task post_journal failed: duplicate key in batch 884 (RUN_EXECUTION_ERROR)",
  cancelled: "Cancelled by anna@example.com",
  skipped: "Skipped: a run was already active",
};

/** Runs as letters, newest last, `last` being the start of the newest. */
export function runsOf(letters: string, last: number, every = DAY, minutes = 42): RunMark[] {
  return [...letters].map((letter, index) => {
    const start = last - (letters.length - 1 - index) * every;
    const state = STATES[letter] ?? "unknown";
    const open = state === "running" || state === "queued";
    const length = open ? 0 : (minutes + ((index * 7) % 13)) * MINUTE;
    return {
      runId: String(884_120_000_000_000_000n + BigInt(Math.floor(start / 1000))),
      state,
      startedAt: state === "queued" ? null : utc(start),
      endedAt: open ? null : utc(start + length),
      durationMs: length,
      url: `${HOST}/jobs/runs/${index}`,
      message: WHY[state] ?? null,
    };
  });
}

const at = (text: string) => Date.parse(`2026-11-${text}:00.000Z`);

interface Given {
  verdict: JobRow["verdict"];
  runs: RunMark[];
  schedule: [text: string, cron: string | null, next: string | null, paused?: boolean] | null;
  difference: JobRow["difference"];
  place: [file: string, line: number] | null;
  source?: string;
  tags: string[];
  tasks?: number;
}

const same: JobRow["difference"] = { kind: "same", fields: 0, text: "as declared" };

function row(resource: string, id: number | null, given: Given): JobRow {
  const [text, expression, next, paused] = given.schedule ?? ["", null, null];
  return {
    resource,
    jobId: id === null ? null : String(913_862_000_000_000_000n + BigInt(id)),
    name: resource.replaceAll("_", " "),
    url: id === null ? null : `${HOST}/jobs/${id}`,
    runs: given.runs,
    verdict: given.verdict,
    schedule:
      given.schedule === null
        ? null
        : {
            text,
            expression,
            timezone: "Europe/London",
            paused: paused ?? false,
            nextStart: next === null ? null : utc(at(next)),
          },
    difference: given.difference,
    place: given.place ? { file: given.place[0], line: given.place[1], column: 3 } : null,
    source: given.source ?? "files",
    owner: "retail-data@example.com",
    tags: given.tags,
    tasks: given.tasks ?? 6,
  };
}

/** Rows, what needs somebody first. */
export const RETAIL_ROWS: JobRow[] = [
  row("gl_post", 1, {
    verdict: { state: "failed", text: "Failed 04:18" },
    runs: runsOf("oooooo ox".replace(" ", ""), at("20T02:00")),
    schedule: ["weekdays 02:00", "0 0 2 ? * MON-FRI", "23T02:00"],
    difference: same,
    place: ["jobs/finance.yml", 5],
    tags: ["finance", "tier: 1"],
  }),
  row("hr_daily", 2, {
    verdict: { state: "stuck", text: "Stuck since 03:52" },
    runs: runsOf("ooooor", at("20T03:30")),
    schedule: ["weekdays 03:30", "0 30 3 ? * MON-FRI", "23T03:30"],
    difference: same,
    place: ["dsc/jobs/hr_daily.json", 1],
    source: "dsc",
    tags: ["hr", "pii"],
  }),
  row("nightly_sales", 3, {
    verdict: { state: "late", text: "Late, expected 05:10" },
    runs: runsOf("ooooooor", at("20T02:30")),
    schedule: ["daily 02:30", "0 30 2 * * ?", "21T02:30"],
    difference: { kind: "declared", fields: 5, text: "5 fields" },
    place: ["jobs/sales.yml", 3],
    tags: ["retail", "tier: 1", "cost: 4711"],
    tasks: 7,
  }),
  row("customers_scd2", 5, {
    verdict: { state: "ok", text: "Done 05:06" },
    runs: runsOf("ooooxooo", at("20T04:24")),
    schedule: ["by nightly_sales", null, null],
    difference: { kind: "conflict", fields: 1, text: "conflict: 1 field" },
    place: ["jobs/sales.yml", 61],
    tags: ["retail"],
  }),
  row("marketing_attribution", 4, {
    verdict: { state: "ok", text: "Done Mon 05:20" },
    runs: runsOf("ooosoooo", at("16T05:00"), 7 * DAY),
    schedule: ["Mon 05:00", "0 0 5 ? * MON", null, true],
    difference: { kind: "drift", fields: 1, text: "drift: schedule paused" },
    place: ["jobs/marketing.yml", 7],
    tags: ["marketing"],
  }),
  row("ingest_pos", 8, {
    verdict: { state: "running", text: "Running, 1 min" },
    runs: runsOf("ooooooor", at("20T06:30"), 15 * MINUTE, 4),
    schedule: ["every 15 min", "0 0/15 * * * ?", "20T06:45"],
    difference: same,
    place: ["jobs/ingest.yml", 38],
    tags: ["ingest"],
  }),
  row("gl_export", null, {
    verdict: { state: "not_deployed", text: "Not deployed" },
    runs: [],
    schedule: ["weekdays 02:00", "0 0 2 ? * MON-FRI", "23T02:00"],
    difference: { kind: "create", fields: 14, text: "new" },
    place: ["jobs/finance.yml", 48],
    tags: ["finance"],
    tasks: 2,
  }),
  row("fx_rates", 12, {
    verdict: { state: "ok", text: "Done 01:06" },
    runs: runsOf("oooooooo", at("20T01:00"), DAY, 6),
    schedule: ["weekdays 01:00", "0 0 1 ? * MON-FRI", "23T01:00"],
    difference: same,
    place: null,
    source: "control",
    tags: ["treasury"],
  }),
  row("ingest_erp", 9, {
    verdict: { state: "ok", text: "Done 01:38" },
    runs: runsOf("oooooooo", at("20T01:00")),
    schedule: ["daily 01:00", "0 0 1 * * ?", "21T01:00"],
    difference: same,
    place: ["jobs/ingest.yml", 4],
    tags: ["ingest"],
  }),
  row("ingest_web_events", 10, {
    verdict: { state: "ok", text: "Done 06:05" },
    runs: runsOf("oooooooo", at("20T06:00"), 60 * MINUTE, 5),
    schedule: ["hourly, :00", "0 0 * * * ?", "20T07:00"],
    difference: same,
    place: ["jobs/ingest.yml", 70],
    tags: ["ingest"],
  }),
  row("inventory_snapshot", 11, {
    verdict: { state: "ok", text: "Done 04:52" },
    runs: runsOf("ooxocooo", at("20T04:45"), DAY, 7),
    schedule: ["daily 04:45", "0 45 4 * * ?", "21T04:45"],
    difference: same,
    place: ["jobs/supply.yml", 12],
    tags: ["supply"],
  }),
  row("legacy_stock_feed", 6, {
    verdict: { state: "ok", text: "Done 03:31" },
    runs: runsOf("oooooooo", at("20T03:30"), DAY, 1),
    schedule: ["daily 03:30", "0 30 3 * * ?", "21T03:30"],
    difference: { kind: "delete", fields: 0, text: "no longer declared" },
    place: null,
    source: "",
    tags: ["supply"],
  }),
  row("table_maintenance", 13, {
    verdict: { state: "ok", text: "Done Sun 03:40" },
    runs: runsOf("oooooooo", at("15T03:00"), 7 * DAY),
    schedule: ["Sun 03:00", "0 0 3 ? * SUN", "22T03:00"],
    difference: same,
    place: ["jobs/platform.yml", 2],
    tags: ["platform"],
  }),
];

const UNMANAGED: UnmanagedJob[] = [
  {
    jobId: "7001",
    name: "till_reconcile",
    creator: "ops@example.com",
    managedBy: "ui",
    schedule: { text: "daily 23:10", expression: "0 10 23 * * ?", timezone: "UTC", paused: false, nextStart: null },
    url: `${HOST}/jobs/7001`,
  },
  { jobId: "7002", name: "tmp backfill orders", creator: null, managedBy: "ui", schedule: null, url: null },
  {
    jobId: "7003",
    name: "[dev marek] churn",
    creator: "marek@example.com",
    managedBy: "bundle",
    schedule: null,
    url: `${HOST}/jobs/7003`,
  },
];

export type Fleet = Omit<JobsAnswer, "facets">;

/** The fleet with these rows. */
export function fleetOf(items: JobRow[], more: Partial<Fleet> = {}): Fleet {
  return {
    project: "retail",
    target: "prod",
    workspace: "prod",
    host: HOST,
    asOf: utc(NOW - 2_000),
    count: items.length,
    items,
    next: null,
    unmanaged: { count: UNMANAGED.length, items: UNMANAGED },
    problems: [
      {
        severity: "error",
        code: "unknown_key",
        place: { file: "jobs/loyalty.yml", line: 14, column: 7 },
        path: "jobs.loyalty.tasks[0].retrys",
        message: "unknown key retrys",
        hint: "did you mean max_retries?",
      },
    ],
    counts: { all: items.length, needYou: 0, differ: 0 },
    ...more,
  };
}

/** Ten thousand jobs, every seventh of them with something to say. */
export function hugeFleet(): Fleet {
  const rows = Array.from({ length: 10_000 }, (_, index) => {
    const like = RETAIL_ROWS[index % 7 === 0 ? index % RETAIL_ROWS.length : 8] as JobRow;
    return {
      ...like,
      resource: `job_${String(index).padStart(5, "0")}`,
      name: `job ${index}`,
      tags: [`team: ${index % 90}`, ...like.tags],
      source: `source_${index % 20}`,
    };
  });
  return fleetOf(rows, { unmanaged: { count: 2_310, items: UNMANAGED }, problems: [] });
}
