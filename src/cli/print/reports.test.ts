import { expect, test } from "vitest";
import type { LookReport } from "../../jobs/room.ts";
import type { FleetView, JobRow, JobView } from "../../model/view.ts";
import { adoptText } from "./adopt.ts";
import { applyJson, applyText, itemText } from "./apply.ts";
import { doctorExitCode, doctorText } from "./doctor.ts";
import { fleetText } from "./fleet.ts";
import { historyText } from "./history.ts";
import { jobText } from "./job.ts";
import { lookText } from "./look.ts";
import { lookHtml } from "./look-html.ts";
import { validateText } from "./problems.ts";
import { PLAIN } from "./style.ts";

const run = (state: "done" | "failed" | "running", at: string, message: string | null = null) => ({
  runId: "1",
  state,
  startedAt: at,
  endedAt: state === "running" ? null : at,
  durationMs: 3_840_000,
  url: "https://adb/run/1",
  message,
});

const ROW: JobRow = {
  resource: "nightly_sales",
  jobId: "913862",
  name: "Nightly sales",
  url: "https://adb/jobs/913862",
  runs: [run("done", "2026-11-19T02:00:00.000Z"), run("failed", "2026-11-20T02:00:00.000Z", "no such table")],
  verdict: { state: "failed", text: "Failed 04:18" },
  schedule: {
    text: "weekdays 02:00",
    expression: "0 0 2 ? * MON-FRI",
    timezone: "UTC",
    paused: false,
    nextStart: "2026-11-23T02:00:00.000Z",
  },
  difference: { kind: "declared", fields: 4, text: "4 fields" },
  place: { file: "jobs/sales.yml", line: 3, column: 3 },
  source: "files",
  owner: "anna@x.org",
  tags: ["gold"],
  tasks: 2,
};

const FLEET: FleetView = {
  project: "retail",
  target: "prod",
  workspace: "prod",
  host: "https://adb",
  asOf: "2026-11-20T09:00:00.000Z",
  count: 2,
  items: [
    ROW,
    {
      ...ROW,
      resource: "売上",
      runs: [],
      verdict: { state: "not_deployed", text: "not deployed" },
      schedule: null,
      difference: { kind: "create", fields: 9, text: "new" },
      place: null,
    },
  ],
  next: null,
  unmanaged: { count: 1, items: [] },
  problems: [
    {
      severity: "warning",
      code: "w",
      place: { file: "a.yml", line: 1, column: 2 },
      path: "x",
      message: "odd",
      hint: null,
    },
  ],
  counts: { all: 2, needYou: 1, differ: 2 },
};

test("fleet: one line a job, the sum, what is not ours", () => {
  expect(fleetText(PLAIN, FLEET)).toBe(
    [
      "warning a.yml:1:2 x: odd",
      "",
      "JOB            RUNS  VERDICT       SCHEDULE        NEXT       DIFFERENCE  DECLARED",
      "nightly_sales  ✓✗    Failed 04:18  weekdays 02:00  Mon 02:00  4 fields    jobs/sales.yml:3",
      "売上                 not deployed                             new         files",
      "",
      "retail in prod: 2 jobs, 1 need you, 2 differ",
      "1 job in the workspace not declared here; headgate look shows them",
      "https://adb as of Fri 2026-11-20 09:00 UTC",
      "",
    ].join("\n"),
  );
});

test("explain: facts, runs newest first, tasks of both graphs, the difference", () => {
  const job: JobView = {
    row: ROW,
    desired: {},
    actual: {},
    change: {
      resource: "nightly_sales",
      action: "update",
      reason: "1 field changed",
      fields: [{ path: "max_concurrent_runs", kind: "declared", before: 1, after: 2 }],
    },
    graph: {
      before: [
        { key: "load", type: "notebook", dependsOn: [] },
        { key: "old", type: "sql", dependsOn: ["load"] },
      ],
      after: [
        { key: "load", type: "notebook", dependsOn: ["check"] },
        { key: "check", type: "sql", dependsOn: [] },
      ],
    },
    runs: ROW.runs,
  };
  expect(jobText(PLAIN, job)).toBe(
    [
      'nightly_sales  "Nightly sales"',
      "  job id     913862",
      "  link       https://adb/jobs/913862",
      "  declared   jobs/sales.yml:3:3 (files)",
      "  owner      anna@x.org",
      "  tags       gold",
      "  schedule   weekdays 02:00, next Mon 2026-11-23 02:00 UTC",
      "  verdict    Failed 04:18",
      "",
      "Runs",
      "  ✗ failed     Fri 2026-11-20 02:00  1 h 04 m  no such table",
      "  ✓ done       Thu 2026-11-19 02:00  1 h 04 m",
      "",
      "Tasks",
      "  ~ load   notebook  after check",
      "  + check  sql",
      "  - old    sql  after load",
      "",
      "Difference",
      "  1 field changed",
      "    ~ max_concurrent_runs  1 → 2",
      "",
    ].join("\n"),
  );
});

test("history: newest first with its fields", () => {
  const item = { at: "2026-11-20T09:00:00.000Z", actor: "anna@x.org", commit: "0123456789abcdef", action: "update" };
  const fields = [{ path: "name", kind: "declared", before: "a", after: "b" }];
  expect(
    historyText(PLAIN, "x", [
      { ...item, serial: 1, fields: [], action: "create", commit: null },
      { ...item, serial: 2, fields },
    ]),
  ).toBe(
    [
      "#2  Fri 2026-11-20 09:00 UTC  update  anna@x.org  0123456789ab",
      '    ~ name  "a" → "b"',
      "#1  Fri 2026-11-20 09:00 UTC  create  anna@x.org",
      "",
    ].join("\n"),
  );
  expect(historyText(PLAIN, "x", [])).toBe("x was never applied by headgate\n");
});

test("apply: a line a job with its error, the sum with what to do", () => {
  const item = { resource: "a", action: "update", state: "done" as const, jobId: "9", error: null };
  const error = { code: "forbidden", message: "you may not manage job 9", hint: "ask for CAN MANAGE" };
  expect(itemText(PLAIN, item, { at: 1, of: 2 })).toBe("[1/2] update a done (9)");
  expect(itemText(PLAIN, { ...item, state: "failed", error }, { at: 2, of: 2 })).toBe(
    "[2/2] update a failed (9)\n    forbidden: you may not manage job 9\n    hint: ask for CAN MANAGE",
  );
  const report = {
    items: [{ ...item, resource: "b" }, item],
    summary: { done: 1, failed: 1, skipped: 0, held: 2 },
    serial: 8,
    exitCode: 75,
  };
  expect(applyText(PLAIN, report)).toBe(
    "Applied: 1 done, 1 failed, 2 held back; state serial 8\nWhat is left can be repeated: run the same command again.\n",
  );
  expect(
    applyText(PLAIN, { ...report, exitCode: 1, error: "the state file could not be saved: the lock was lost" }),
  ).toBe(
    "Applied: 1 done, 1 failed, 2 held back; state serial 8\nthe state file could not be saved: the lock was lost\nSome jobs failed and repeating will not help; see above.\n",
  );
  expect(
    (JSON.parse(applyJson(report)) as { items: { resource: string }[] }).items.map(({ resource }) => resource),
  ).toEqual(["a", "b"]);
});

test("doctor: a line a check with the grant; the exit code of the worst", () => {
  const checks = [
    { name: "config", state: "ok" as const, message: "2 targets" },
    {
      name: "jobs",
      state: "fail" as const,
      message: "may not list jobs",
      grant: "workspace access",
      hint: "ask an admin",
      code: "forbidden" as const,
    },
    { name: "clock", state: "warn" as const, message: "4 s behind" },
  ];
  expect(doctorText(PLAIN, checks)).toBe(
    [
      "ok    config  2 targets",
      "fail  jobs    may not list jobs",
      "              grant: workspace access",
      "              hint: ask an admin",
      "warn  clock   4 s behind",
      "",
      "1 check failed",
      "",
    ].join("\n"),
  );
  expect(doctorExitCode(checks)).toBe(77);
  expect(doctorExitCode(checks.slice(0, 1))).toBe(0);
  expect(doctorExitCode([{ name: "config", state: "fail", message: "", code: "config_invalid" }])).toBe(65);
  expect(doctorExitCode([{ name: "x", state: "fail", message: "", code: "unavailable" }])).toBe(1);
});

const EVIL = `<img src=x onerror=alert(1)>"'&`;
const LOOK: LookReport = {
  host: "https://adb",
  workspaceId: "222",
  me: "anna@x.org",
  at: "2026-11-20T09:00:00.000Z",
  jobs: [
    {
      jobId: "9007199254740993",
      name: EVIL,
      owner: null,
      managedBy: "bundle",
      schedule: ROW.schedule,
      nextStarts: ["2026-11-23T02:00:00.000Z"],
      runs: [
        {
          runId: "1",
          state: "failed",
          startedAt: "2026-11-20T02:00:00.000Z",
          durationMs: 1000,
          why: "no such table",
          url: null,
        },
        { runId: "2", state: "running", startedAt: "2026-11-20T08:00:00.000Z", durationMs: 0, why: null, url: null },
      ],
      tasks: 3,
      url: "javascript:alert(1)",
    },
  ],
  summary: { jobs: 1, paused: 0, failing: 1, byManager: { bundle: 1, ui: 0 } },
};

test("look: the table, why red, the sum", () => {
  expect(lookText(PLAIN, LOOK)).toBe(
    [
      "JOB                              ID                RUNS  MANAGED BY  OWNER  SCHEDULE        NEXT",
      `${EVIL}  9007199254740993  ✗▶    bundle             weekdays 02:00  Mon 02:00`,
      "",
      "Why red",
      `  ${EVIL} Fri 02:00  no such table`,
      "",
      "1 job, 0 paused, 1 failing; 1 bundle",
      "https://adb (workspace 222) as anna@x.org sees it, Fri 2026-11-20 09:00 UTC",
      "",
    ].join("\n"),
  );
});

test("look: the HTML file holds no address to load, no script, and text from outside as text", () => {
  const html = lookHtml(LOOK, "UTC");
  expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;");
  expect(html).not.toContain("<img");
  expect(html).not.toContain("javascript:");
  expect(html).not.toMatch(/<(script|link|iframe|object|img)|<[^>]*\ssrc=|url\(|@import/i);
  expect(html).toContain("no such table");
  expect(html.split("<tr").length - 1).toBe(2);
});

test("validate and adopt: faults with their place, then the number", () => {
  const problems = [
    {
      severity: "error" as const,
      code: "c",
      place: { file: "a.yml", line: 2, column: 3 },
      path: "jobs.x",
      message: "unknown key y",
      hint: "did you mean z?",
    },
  ];
  expect(validateText(PLAIN, { jobs: 3, problems })).toBe(
    "error a.yml:2:3 jobs.x: unknown key y — did you mean z?\n3 jobs, 1 error\n",
  );
  expect(validateText(PLAIN, { jobs: 1, problems: [] })).toBe("1 job, no problems\n");
  const adopted = [{ resource: "x", jobId: "9", name: "X y", file: "jobs/x.yml" }];
  expect(adoptText(PLAIN, { adopted, problems: [] })).toBe(
    [
      "RESOURCE  ID  NAME  FILE",
      "x         9   X y   jobs/x.yml",
      "",
      "1 job adopted",
      "Commit the files; headgate jobs plan should find nothing to change.",
      "",
    ].join("\n"),
  );
});
