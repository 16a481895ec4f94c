/** Projects of lakeflow_jobs_meta through the command line, against a fake workspace: files, saved queries. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import type { JobSettings } from "../../src/model/job.ts";
import { cli } from "../run-cli.ts";

let dir: string;
let fake: FakeDatabricks;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "headgate-lakeflow-"));
  fake = await startFakeDatabricks({
    principals: [
      { userName: "anna@example.com", tokens: ["anna-token"], admin: true },
      { userName: "ben@example.com", tokens: ["ben-token"] },
    ],
  });
  project();
});
afterEach(async () => {
  await fake.close();
  rmSync(dir, { recursive: true });
});

function project(more: Record<string, unknown> = {}) {
  const config = {
    version: 1,
    project: "shop",
    workspaces: { w: { host: fake.url, auth: { kind: "pat", token: `\${env:TOKEN}` }, warehouse: "wh-1" } },
    targets: { dev: { default: true, workspace: "w" } },
    jobs: { sources: [{ kind: "yaml", path: "jobs.yml", profile: "lakeflow-meta", ...more }] },
  };
  writeFileSync(join(dir, "headgate.yaml"), JSON.stringify(config));
}
const declare = (text: string) => writeFileSync(join(dir, "jobs.yml"), text);
const run = (...args: string[]) =>
  cli(args, { cwd: dir, env: { TOKEN: "anna-token", SECRET: "canary-7", PATH: process.env.PATH ?? "" } });
async function apply(...more: string[]) {
  const ran = await run("jobs", "apply", "--yes", "--first-deploy", ...more);
  return { ...ran, text: ran.stdout + ran.stderr };
}
const queries = () => fake.control.queries().filter(({ trashed }) => !trashed);
const texts = () => Object.fromEntries(queries().map(({ name, text }) => [name, text]));
const jobOf = (name: string) => fake.control.jobs().find(({ settings }) => settings.name === name);
const settingsOf = (name: string) => jobOf(name)?.settings as JobSettings;
const queryIdOf = (name: string, key: string) => {
  const task = settingsOf(name).tasks?.find(({ task_key }) => task_key === key);
  const sql = task?.sql_task as { query: { query_id: string } } | undefined;
  return sql?.query.query_id;
};
const NAME = "[Lakeflow Jobs Meta] checks";
const checks = (sql: string, more = "") => `
metadata_version: "2.0"
jobs:
  checks:
    tasks:
      - task_key: nulls
        task_type: sql_query
        sql_query: ${JSON.stringify(sql)}
        parameters: { threshold: "5.0" }
${more}`;

describe("inline SQL", () => {
  it("is saved once, changed in place, and trashed when no job runs it", async () => {
    const sql = `SELECT '\${threshold}', "quoted" AS "a"\n-- second line`;
    declare(checks(sql));
    const first = await apply();
    expect(first.code, first.text).toBe(0);
    expect(texts()).toEqual({ LakeflowJobMeta_checks_nulls: sql });
    const [query] = queries();
    expect(query?.fields).toMatchObject({
      warehouse_id: "wh-1",
      parameters: [{ name: "threshold", text_value: { value: "5.0" } }],
    });
    expect(queryIdOf(NAME, "nulls")).toBe(query?.id);
    const again = await apply();
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining("Nothing to apply")]);

    declare(checks("SELECT 2"));
    const plan = JSON.parse((await run("jobs", "plan", "--json")).stdout);
    expect(plan.changes[0]).toMatchObject({
      action: "update",
      fields: [
        { path: "queries.LakeflowJobMeta_checks_nulls.query_text", kind: "declared", before: sql, after: "SELECT 2" },
      ],
    });
    expect(plan.changes[0].fields[0].place).toMatchObject({ file: "jobs.yml", line: 8 });
    const resets = () => fake.control.requests({ path: "jobs/reset" }).length;
    const before = resets();
    expect((await apply()).code).toBe(0);
    expect([texts(), resets() - before]).toEqual([{ LakeflowJobMeta_checks_nulls: "SELECT 2" }, 0]);
    expect(queries()[0]?.id).toBe(query?.id);

    declare("jobs: { checks: { tasks: [ { task_key: nulls, task_type: notebook, file_path: /a } ] } }");
    expect((await run("jobs", "plan")).stdout).toContain(`saved query ${query?.id}`);
    expect((await apply()).code).toBe(0);
    expect(queries()).toEqual([]);
    expect((await apply()).stdout).toContain("Nothing to apply");
  });

  it("an edit in the workspace is drift, a change on both sides a conflict, a trashed one is made again", async () => {
    declare(checks("SELECT 1"));
    await apply();
    const id = queries()[0]?.id ?? "";
    fake.control.editQuery({ id, text: "SELECT 'theirs'" });
    const drift = JSON.parse((await run("jobs", "drift", "--json")).stdout);
    expect(drift.changes[0].fields).toEqual([
      expect.objectContaining({ kind: "drift", before: "SELECT 1", actual: "SELECT 'theirs'", after: "SELECT 1" }),
    ]);
    declare(checks("SELECT 3"));
    const both = await apply();
    expect([both.code, texts()]).toEqual([expect.any(Number), { LakeflowJobMeta_checks_nulls: "SELECT 'theirs'" }]);
    expect(both.code).not.toBe(0);
    declare(checks("SELECT 1"));
    expect((await apply()).code).toBe(0);
    expect(texts()).toEqual({ LakeflowJobMeta_checks_nulls: "SELECT 1" });
    fake.control.editQuery({ id, trashed: true });
    expect((await apply()).code).toBe(0);
    expect(texts()).toEqual({ LakeflowJobMeta_checks_nulls: "SELECT 1" });
    expect(queryIdOf(NAME, "nulls")).toBe(queries()[0]?.id);
  });

  it("takes the namesake that the original left, not that of somebody else, and goes with its job", async () => {
    fake.control.addQuery({ name: "LakeflowJobMeta_checks_nulls", text: "SELECT 0", owner: "ben@example.com" });
    const old = fake.control.addQuery({
      name: "LakeflowJobMeta_checks_nulls",
      text: "SELECT 0",
      owner: "anna@example.com",
    });
    declare(checks("SELECT 1"));
    expect((await apply()).code).toBe(0);
    expect(queryIdOf(NAME, "nulls")).toBe(old.id);
    expect(queries().map(({ text }) => text)).toEqual(["SELECT 0", "SELECT 1"]);
    declare("jobs: {}");
    expect((await apply("--allow-delete", "1")).code).toBe(0);
    expect(fake.control.jobs()).toEqual([]);
    expect(queries().map(({ owner }) => owner)).toEqual(["ben@example.com"]);
  });

  it("secrets in it are sent and never shown", async () => {
    declare(checks(`SELECT '\${env:SECRET}'`));
    const first = await apply();
    expect(texts()).toEqual({ LakeflowJobMeta_checks_nulls: "SELECT 'canary-7'" });
    declare(checks(`SELECT '\${env:SECRET}', 2`));
    const plan = await run("jobs", "plan", "--json");
    const second = await apply();
    for (const { stdout, stderr } of [first, plan, second]) expect(stdout + stderr).not.toContain("canary");
    expect(
      fake.control
        .files()
        .map(({ text }) => text)
        .join(),
    ).not.toContain("canary");
    expect(JSON.parse(plan.stdout).changes[0].fields[0]).toMatchObject({
      before: "(hidden)",
      after: `SELECT '\${env:SECRET}', 2`,
    });
  });

  it.each([
    ["the answer of the query's creation is lost", "sql/queries$", { kind: "drop-after" }],
    ["the answer of the query's creation names no id", "sql/queries$", { kind: "bare" }],
    ["the answer of the job's creation is lost", "jobs/create$", { kind: "drop-after" }],
    ["the answer of the job's creation names no id", "jobs/create$", { kind: "bare" }],
  ] as const)("no doubles where %s", async (_, path, fault) => {
    declare(checks("SELECT 1"));
    fake.control.addFault({ method: "POST", path, count: 1, fault });
    for (let n = 0; n < 3 && (await apply()).code !== 0; n += 1);
    expect([queries().length, fake.control.jobs().length]).toEqual([1, 1]);
    expect(queryIdOf(NAME, "nulls")).toBe(queries()[0]?.id);
    expect((await apply()).stdout).toContain("Nothing to apply");
  });

  it("finds its query among many pages", async () => {
    for (let n = 0; n < 230; n += 1) fake.control.addQuery({ name: `q${n}`, text: "x", owner: "anna@example.com" });
    declare(checks("SELECT 1"));
    await apply();
    expect((await apply()).stdout).toContain("Nothing to apply");
    expect(queries().length).toBe(231);
  });
});
