import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import type { Change, Plan } from "../../model/plan.ts";
import { forgetSecrets, rememberSecret } from "../../util/redact.ts";
import { planText, summaryText } from "./plan.ts";
import { planJson } from "./plan-json.ts";
import { planMarkdown } from "./plan-markdown.ts";
import { PLAIN } from "./style.ts";

const NO_IMPACT = { liveRuns: 0, nextStart: null, calledBy: [], downstream: [] };

const CHANGES: Change[] = [
  {
    resource: "nightly_sales",
    action: "update",
    jobId: "913862",
    name: "Nightly sales",
    reason: "2 fields changed",
    fields: [
      {
        path: "tasks[task_key=load].max_retries",
        kind: "declared",
        before: 0,
        after: 2,
        place: { file: "jobs/sales.yml", line: 12, column: 7 },
      },
      { path: "schedule.pause_status", kind: "drift", before: "UNPAUSED", actual: "PAUSED", after: "UNPAUSED" },
    ],
    impact: {
      liveRuns: 1,
      nextStart: "2026-11-21T02:30:00.000Z",
      calledBy: [{ resource: "ingest", jobId: "1", name: "Ingest", taskKey: "trigger" }],
      downstream: [
        { kind: "dataset", name: "a" },
        { kind: "dataset", name: "b" },
        { kind: "job", name: "c" },
      ],
    },
    desired: { name: "Nightly sales" },
    base: "digest",
    permissions: [],
  },
  {
    resource: "gl_export",
    action: "create",
    jobId: null,
    name: "gl_export",
    reason: "not in the workspace",
    fields: [
      { path: "name", kind: "declared", after: "gl_export" },
      { path: "max_concurrent_runs", kind: "declared", after: 1 },
    ],
    impact: NO_IMPACT,
    desired: { name: "gl_export" },
  },
  {
    resource: "old_report",
    action: "delete",
    jobId: "9007199254740993",
    name: "Old report",
    reason: "no longer declared",
    fields: [],
    impact: NO_IMPACT,
    held: true,
    code: "held_delete",
  },
  {
    resource: "twin",
    action: "conflict",
    jobId: null,
    name: "twin",
    reason: "two jobs carry its marker",
    fields: [],
    impact: NO_IMPACT,
    code: "owner_conflict",
    hint: "headgate jobs forget ID drops the copy",
  },
  { resource: "calm", action: "noop", jobId: "5", name: "calm", reason: "as declared", fields: [], impact: NO_IMPACT },
];

function plan(changes: Change[] = CHANGES, more: Partial<Plan> = {}): Plan {
  const summary = {
    create: 0,
    update: 0,
    recreate: 0,
    recover: 0,
    delete: 0,
    noop: 0,
    conflict: 0,
    refused: 0,
    drift: 0,
  };
  for (const change of changes) {
    summary[change.action]++;
    if (change.fields.some(({ kind }) => kind === "drift")) summary.drift++;
  }
  return {
    formatVersion: 1,
    project: "retail",
    workspace: "prod",
    target: "prod",
    workspaceId: "222",
    headgate: "0.1.0",
    madeAt: "2026-11-20T09:00:00.000Z",
    declaredDigest: "d1",
    state: { lineage: "l1", serial: 7 },
    git: { commit: "0123456789abcdef", branch: "main", dirty: true },
    behind: null,
    changes,
    problems: [],
    unmanaged: 3,
    summary,
    ...more,
  };
}

test("text: one block a job, fields with what was found, impact, held deletions, the sum last", () => {
  expect(planText(PLAIN, plan())).toBe(
    [
      '~ nightly_sales "Nightly sales" (913862)  2 fields changed',
      "    ~ tasks[task_key=load].max_retries  0 → 2  jobs/sales.yml:12:7",
      '    ! schedule.pause_status             "UNPAUSED", found "PAUSED" → "UNPAUSED" (drift)',
      "    impact: 1 run live · next start Sat 02:30 UTC · called by ingest/trigger · feeds 2 tables, 1 job: c",
      "",
      "+ gl_export  not in the workspace, 2 fields",
      "",
      '- old_report "Old report" (9007199254740993)  no longer declared [held]',
      "",
      "! twin  two jobs carry its marker",
      "    hint: headgate jobs forget ID drops the copy",
      "",
      "Plan for prod: 1 create, 1 update, 1 delete (held), 1 conflict, 1 with drift; 1 unchanged",
      "1 deletion held back; apply with --allow-delete 1 to delete",
      "3 jobs in the workspace not declared here, left alone",
      "",
    ].join("\n"),
  );
});

test("text: --verbose shows every field of a new job", () => {
  const changes = CHANGES.filter(({ action }) => action === "create");
  expect(planText(PLAIN, plan(changes, { unmanaged: 0 }), { whole: true })).toBe(
    [
      "+ gl_export  not in the workspace",
      '    + name                 "gl_export"',
      "    + max_concurrent_runs  1",
      "",
      "Plan for prod: 1 create; 0 unchanged",
      "",
    ].join("\n"),
  );
});

test("text: problems come first, then what the checkout would undo, then that there is no state", () => {
  const problems = [
    { severity: "warning" as const, code: "w", place: { file: "a.yml", line: 1, column: 2 }, path: "", message: "odd" },
    {
      severity: "error" as const,
      code: "unknown_key",
      place: { file: "b.yml", line: 3, column: 5 },
      path: "jobs.x.tasks[0].max_retrys",
      message: "unknown key",
      hint: "did you mean max_retries?",
    },
  ];
  const behind = { appliedCommit: "fedcba9876543210", appliedBy: "anna@x.org", appliedAt: "2026-11-19T10:15:00.000Z" };
  const changes = CHANGES.filter(({ action }) => action === "create");
  expect(planText(PLAIN, plan(changes, { problems, behind, state: null, unmanaged: 0 }))).toBe(
    [
      "error b.yml:3:5 jobs.x.tasks[0].max_retrys: unknown key — did you mean max_retries?",
      "warning a.yml:1:2 odd",
      "",
      "! behind: anna@x.org applied commit fedcba987654 on Thu 10:15 UTC, which is not part of this checkout",
      "    hint: merge it first; --allow-behind applies anyway and undoes what is shown",
      "",
      "first deployment: there is no state yet",
      "",
      "+ gl_export  not in the workspace, 2 fields",
      "",
      "Plan for prod: 1 create; 0 unchanged",
      "Jobs with errors are left out of this plan.",
      "",
    ].join("\n"),
  );
});

test("text: nothing to do is one line", () => {
  const changes = CHANGES.filter(({ action }) => action === "noop");
  expect(planText(PLAIN, plan(changes, { unmanaged: 0 }))).toBe("Plan for prod: no changes; 1 unchanged\n");
});

test("text: a job in which nothing differs is shown where there is something to say of it", () => {
  const hint = "job 9 carries our marker too and is left alone: 'headgate jobs forget ID' drops it";
  const changes = CHANGES.filter(({ action }) => action === "noop").map((change) => ({ ...change, hint }));
  expect(planText(PLAIN, plan(changes, { unmanaged: 0 }))).toBe(
    `  calm (5)  as declared\n    hint: ${hint}\n\nPlan for prod: no changes; 1 unchanged\n`,
  );
});

test("text: colours only where asked for, and the plain text is the same", () => {
  const coloured = planText({ ...PLAIN, color: true }, plan());
  expect(coloured).toContain("\u001b[33m~ nightly_sales\u001b[39m");
  expect(stripVTControlCharacters(coloured)).toBe(planText(PLAIN, plan()));
});

test("text: times in the zone of the runs", () => {
  expect(planText({ ...PLAIN, timezone: "America/New_York" }, plan())).toContain(
    "next start Fri 21:30 America/New_York",
  );
});

test("values that would move the cursor are written out, in every form but JSON, which escapes them itself", () => {
  const evil = "\u001b[2K\u001b[1Aok\u202e";
  const changes: Change[] = [
    {
      ...(CHANGES[0] as Change),
      name: evil,
      fields: [{ path: `tags['${evil}']`, kind: "declared", before: evil, after: `${evil}2` }],
      impact: NO_IMPACT,
    },
  ];
  for (const text of [planText(PLAIN, plan(changes)), planMarkdown(plan(changes), "UTC")]) {
    expect(text).not.toContain("\u001b");
    expect(text).not.toContain("\u202e");
    expect(text).toContain("\\u001b[2K");
  }
  expect(planJson(plan(changes))).not.toContain("\u001b");
});

test("a secret is masked before a long value is cut", () => {
  rememberSecret("canary-secret-0123456789");
  try {
    const value = `${"x".repeat(60)}canary-secret-0123456789`;
    const changes: Change[] = [
      {
        ...(CHANGES[0] as Change),
        fields: [{ path: "name", kind: "declared", before: "a", after: value }],
        impact: NO_IMPACT,
      },
    ];
    const text = planText(PLAIN, plan(changes));
    expect(text).not.toContain("canary");
    expect(text).toContain("***");
  } finally {
    forgetSecrets();
  }
});

test("JSON: the promised members in their order, changes by resource, no settings, ids as text", () => {
  const json = JSON.parse(planJson(plan())) as Record<string, unknown> & { changes: Record<string, unknown>[] };
  expect(Object.keys(json).slice(0, 10)).toEqual([
    "formatVersion",
    "project",
    "workspace",
    "target",
    "workspaceId",
    "headgate",
    "declaredDigest",
    "state",
    "changes",
    "summary",
  ]);
  expect(json.changes.map(({ resource }) => resource)).toEqual([
    "calm",
    "gl_export",
    "nightly_sales",
    "old_report",
    "twin",
  ]);
  const sales = json.changes[2];
  expect(Object.keys(sales ?? {})).toEqual(["resource", "action", "jobId", "name", "reason", "fields", "impact"]);
  expect(sales?.fields).toEqual([
    { path: "schedule.pause_status", kind: "drift", before: "UNPAUSED", actual: "PAUSED", after: "UNPAUSED" },
    {
      path: "tasks[task_key=load].max_retries",
      kind: "declared",
      before: 0,
      after: 2,
      place: { file: "jobs/sales.yml", line: 12, column: 7 },
    },
  ]);
  expect(json.summary).toEqual({
    create: 1,
    update: 1,
    recreate: 0,
    recover: 0,
    delete: 1,
    noop: 1,
    conflict: 1,
    refused: 0,
    drift: 1,
  });
  expect(json.changes[3]?.jobId).toBe("9007199254740993");
});

test("JSON: the order of changes, fields and problems makes no difference, nor does the time", () => {
  const turned = [...CHANGES].reverse().map((change) => ({ ...change, fields: [...change.fields].reverse() }));
  expect(planJson(plan(turned, { madeAt: "2026-12-01T00:00:00.000Z" }))).toBe(planJson(plan()));
});

test("markdown: a table and a foldable diff, text from outside stands for itself", () => {
  const changes: Change[] = [
    {
      ...(CHANGES[0] as Change),
      resource: "a|b<script>",
      fields: [{ path: "description", kind: "declared", before: "```", after: "````x" }],
      impact: NO_IMPACT,
    },
  ];
  expect(planMarkdown(plan(changes), "UTC")).toBe(
    [
      "### Plan for prod: 1 update; 0 unchanged",
      "",
      "| | Job | Why | Fields | Impact |",
      "|---|---|---|---|---|",
      "| &#126; update | a&#124;b&lt;script&gt; | 2 fields changed | 1 field |  |",
      "",
      "<details>",
      "<summary>a&#124;b&lt;script&gt;: 2 fields changed</summary>",
      "",
      "`````diff",
      '! description  "```" → "````x"',
      "`````",
      "</details>",
      "",
      "<sub>headgate 0.1.0, project retail at 0123456789ab with local changes</sub>",
      "",
    ].join("\n"),
  );
});

test("the sum tells held deletions from others", () => {
  const gone = (resource: string, held: boolean): Change => ({ ...(CHANGES[2] as Change), resource, held });
  expect(summaryText(plan([gone("a", true), gone("b", false)]))).toBe("2 delete (1 held); 0 unchanged");
});
