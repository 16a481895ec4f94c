import { describe, expect, it } from "vitest";
import type { PlanView } from "../../../../src/server/api.ts";
import type { PlanChange } from "../../../api/plan-change.ts";
import { type Choices, headOf, isOpen, isSent } from "./actions.ts";
import { planMarkdown } from "./markdown.ts";

const change = (more: Partial<PlanChange>): PlanChange => ({
  resource: "sales",
  action: "update",
  jobId: "1",
  name: "sales",
  reason: "changed",
  fields: [],
  impact: { liveRuns: 0, nextStart: null, calledBy: [], downstream: [] },
  ...more,
});
const conflict = change({ resource: "c", fields: [{ path: "a", kind: "conflict", actual: 1, after: 2 }] });

function plan(changes: PlanChange[]): PlanView {
  const count = (action: string) => changes.filter((each) => each.action === action).length;
  return {
    id: "p",
    actor: "anna",
    formatVersion: 1,
    project: "retail",
    workspace: "prod",
    target: "prod",
    workspaceId: "1",
    headgate: "0",
    madeAt: "2026-11-20T06:29:00.000Z",
    declaredDigest: "",
    state: null,
    git: { commit: "3f1c2e9b7a6d", branch: "main", dirty: false },
    behind: null,
    changes,
    problems: [
      {
        severity: "error",
        code: "x",
        place: { file: "a.yml", line: 1, column: 2 },
        path: "",
        message: "no",
        hint: null,
      },
    ],
    unmanaged: 0,
    summary: {
      create: count("create"),
      update: count("update"),
      recreate: 0,
      recover: 0,
      delete: count("delete"),
      noop: count("noop"),
      conflict: 0,
      refused: 0,
      drift: 0,
    },
  };
}

describe("a plan as Markdown", () => {
  it("has every change with exact values, and keeps pipes and backticks from breaking the table", () => {
    const text = planMarkdown(
      plan([
        change({
          fields: [
            { path: "tasks[task_key=load].max_retries", kind: "declared", before: 0, after: 2 },
            { path: "description", kind: "declared", before: "a|b `c`", after: "d\ne" },
            { path: "schedule.pause_status", kind: "drift", before: "UNPAUSED", actual: "PAUSED", after: "UNPAUSED" },
          ],
          impact: { liveRuns: 2, nextStart: "2026-11-21T02:30:00.000Z", calledBy: [], downstream: [] },
        }),
        change({ resource: "old", action: "delete", reason: "no longer declared", held: true, hint: "Ask." }),
        change({ resource: "same", action: "noop" }),
      ]),
      new Date("2026-11-20T06:31:00.000Z"),
      "Europe/London",
    );
    expect(text).toBe(`## Plan for prod: 2 jobs change

~1 update · -1 delete · 1 unchanged from \`main@3f1c2e9\`

### Update (1)

**~ sales** 3 fields, declared and changed in the workspace

| | field | before | after | |
|---|---|---|---|---|
| ~ | \`tasks[load].max_retries\` | \`0\` | \`2\` | declared |
| ~ | \`description\` | \`\` a\\|b \`c\` \`\` | \`"d\\ne"\` | declared |
| ! | \`schedule.pause_status\` | \`PAUSED\` | \`UNPAUSED\` | drift |

2 runs live · next start Sat 21 Nov 02:30 London

### Delete (1)

**- old** no longer declared (held back)

> Ask.

> a.yml:1:2 no
`);
  });

  it("says when nothing changes", () => {
    expect(planMarkdown(plan([change({ action: "noop" })]), new Date(0), "UTC")).toContain("nothing changes");
  });
});

describe("what an apply would send", () => {
  const sent = (given: PlanChange, choices: Choices = {}) => isSent(given, choices);

  it("leaves out what is held back, refused, in conflict of owners, or as declared", () => {
    expect(sent(change({}))).toBe(true);
    expect(sent(change({ action: "delete", held: true }))).toBe(false);
    expect(sent(change({ action: "delete" }))).toBe(true);
    for (const action of ["noop", "conflict", "refused"] as const) expect(sent(change({ action }))).toBe(false);
  });

  it("waits for a choice on every field in conflict", () => {
    expect(isOpen(conflict, {})).toBe(true);
    expect(isOpen(conflict, { c: { a: "ours" } })).toBe(false);
    expect(isOpen(conflict, { c: "leave" })).toBe(false);
    expect(isOpen(change({}), {})).toBe(false);
  });

  it("sends nothing of a job that is left alone, or of which only theirs is kept", () => {
    expect(sent(conflict, { c: { a: "ours" } })).toBe(true);
    expect(sent(conflict, { c: { a: "theirs" } })).toBe(false);
    expect(sent(conflict, { c: "leave" })).toBe(false);
  });

  it("says in a line who changed a job", () => {
    expect(headOf(conflict)).toBe("1 field, changed here and in the workspace");
    expect(headOf(change({ action: "create", reason: "new", fields: conflict.fields }))).toBe("new; 1 field");
  });
});
