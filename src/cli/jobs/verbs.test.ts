import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../../fakes/index.ts";
import { type CliOptions, cli, type Ran } from "../../../test/run-cli.ts";
import { forgetSecrets } from "../../util/redact.ts";

const TOKEN = "canary-token-0123456789";
let fake: FakeDatabricks;
let folder = "";

beforeAll(async () => {
  fake = await startFakeDatabricks({ principals: [{ userName: "anna@example.com", admin: true, tokens: [TOKEN] }] });
});
afterAll(async () => {
  await fake.close();
  forgetSecrets();
});

const env = () => ({ DATABRICKS_HOST: fake.url, DATABRICKS_TOKEN: TOKEN });

/** Runs headgate in the project; everything it wrote is free of the token. */
async function run(args: string[], options: CliOptions = {}): Promise<Ran> {
  const ran = await cli(args, { cwd: folder, env: env(), ...options });
  expect(ran.stdout + ran.stderr).not.toContain(TOKEN);
  return ran;
}

const declare = (text: string) => writeFileSync(path.join(folder, "jobs/hello.yml"), text);
const job = (name: string, retries: number) => `jobs:
  hello:
    name: ${name}
    tasks:
      - task_key: load
        max_retries: ${retries}
        notebook_task: { notebook_path: /x }
`;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "headgate-cli-"));
  const project = path.basename(folder).toLowerCase();
  const made = await cli(["init", folder, "--name", project.replace(/[^a-z0-9-]/g, "x")], { cwd: folder, env: {} });
  expect(made.code).toBe(0);
  return () => rmSync(folder, { recursive: true, force: true });
});

test("a new project validates, plans, is refused without a first deployment, applies, and is then unchanged", async () => {
  expect(await run(["jobs", "validate"])).toEqual({ code: 0, stdout: "1 job, no problems\n", stderr: "" });
  const planned = await run(["jobs", "plan", "--exit-code"]);
  expect(planned).toEqual({
    code: 2,
    stdout: [
      "first deployment: there is no state yet",
      "",
      '+ hello "[dev anna] Hello from headgate"  declared, not in the workspace, 8 fields',
      "",
      "Plan for dev: 1 create; 0 unchanged",
      "",
    ].join("\n"),
    stderr: "",
  });
  const refused = await run(["jobs", "apply", "--yes"]);
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain("nobody here to ask");
  const applied = await run(["jobs", "apply", "--first-deploy"]);
  expect(applied.code).toBe(0);
  expect(applied.stdout).toMatch(/\nApplied: 1 done; state serial \d+\n$/);
  expect(applied.stderr).toMatch(/^\[1\/1\] create hello done \(\d+\)\n$/);
  expect(await run(["jobs", "plan", "--exit-code"])).toEqual({
    code: 0,
    stdout: "Plan for dev: no changes; 1 unchanged\n",
    stderr: "",
  });
  expect((await run(["jobs", "apply"])).stdout).toContain("Nothing to apply.");
  expect((await run(["jobs", "list"])).stdout).toContain("hello");
  const history = JSON.parse((await run(["jobs", "history", "hello", "--json"])).stdout) as { count: number };
  expect(history.count).toBe(1);
});

test("a target with confirm is not applied without --yes where nobody can be asked", async () => {
  const refused = await run(["jobs", "apply", "-t", "prod", "--first-deploy"]);
  expect(refused).toMatchObject({ code: 3 });
  expect(refused.stderr).toBe(
    "error: target prod asks for a confirmation, and nobody here can give it\nhint: review the plan, then repeat with --yes\n",
  );
  expect((await run(["jobs", "apply", "-t", "prod", "--first-deploy", "--yes"])).code).toBe(0);
});

test("a plan file is carried out once, for its own target; then it is stale", async () => {
  await run(["jobs", "apply", "--first-deploy"]);
  declare(job("Other", 2));
  const file = path.join(folder, "plan.json");
  const planned = await run(["jobs", "plan", "--out", file, "--json"]);
  expect(planned.stderr).toContain(`plan written to ${file}`);
  expect(Object.keys((JSON.parse(planned.stdout) as { changes: object[] }).changes[0] ?? {})).not.toContain("desired");
  expect(readFileSync(file, "utf8")).toContain('"desired"');
  expect(await run(["jobs", "apply", file, "-t", "prod"])).toMatchObject({ code: 64 });
  const applied = await run(["jobs", "apply", file, "--json"]);
  expect(applied.code).toBe(0);
  expect(JSON.parse(applied.stdout)).toMatchObject({ items: [{ resource: "hello", state: "done" }], exitCode: 0 });
  const again = await run(["jobs", "apply", file, "--json"]);
  expect(again.code).toBe(3);
  expect(JSON.parse(again.stdout)).toMatchObject({ error: { code: "plan_stale" } });
});

test("an edit in the workspace is drift, with what was found", async () => {
  declare(job("Hello", 1));
  await run(["jobs", "apply", "--first-deploy"]);
  const page = JSON.parse((await run(["jobs", "explain", "hello", "--json"])).stdout) as { row: { jobId: string } };
  const body = `{"job_id":${page.row.jobId},"new_settings":{"max_concurrent_runs":7}}`;
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
  await fetch(`${fake.url}/api/2.2/jobs/update`, { method: "POST", headers, body });
  const drift = await run(["jobs", "drift", "--exit-code"]);
  expect(drift.code).toBe(2);
  expect(drift.stdout).toContain("    ! max_concurrent_runs  ");
  expect(drift.stdout).toContain("found 7");
  expect(drift.stdout).toContain("Drift in dev: 1 job moved in the workspace\n");
});

test("deletions are held back until they are allowed, and counted", async () => {
  await run(["jobs", "apply", "--first-deploy"]);
  declare("jobs: {}\n");
  const held = await run(["jobs", "apply"]);
  expect(held.code).toBe(0);
  expect(held.stderr).toBe("");
  expect(held.stdout).toContain("Applied: 0 done, 1 skipped, 1 held back");
  const done = await run(["jobs", "apply", "--allow-delete", "1"]);
  expect(done.code).toBe(0);
  expect(done.stderr).toMatch(/^\[1\/1\] delete hello done/);
});

test("faults in declarations are shown at their place, exit 65; the sound jobs go on", async () => {
  declare(`${job("Hello", 1)}  broken:\n    name: x\n    tasks: 5\n`);
  const validated = await run(["jobs", "validate"]);
  expect(validated.code).toBe(65);
  expect(validated.stdout).toMatch(/^error jobs\/hello\.yml:10:\d+ .*tasks/);
  const planned = await run(["jobs", "plan", "--exit-code"]);
  expect(planned.code).toBe(65);
  expect(planned.stdout).toContain("Plan for dev: 1 create");
});

test("faults in headgate.yaml are shown all at once, as text and as JSON", async () => {
  const file = path.join(folder, "headgate.yaml");
  const text = readFileSync(file, "utf8")
    .replace("jobs:\n", "jobs:\n  markerTga: x\n")
    .replace("confirm: true", "confrm: true");
  writeFileSync(file, text);
  const failed = await run(["jobs", "plan"]);
  expect(failed.code).toBe(65);
  expect(failed.stderr).toContain("markerTga");
  expect(failed.stderr).toContain("confrm");
  expect(failed.stderr).toMatch(/error: 2 errors\n$/);
  const json = JSON.parse((await run(["jobs", "plan", "--json"])).stdout) as {
    error: { data: { problems: object[] } };
  };
  expect(json.error.data.problems.length).toBe(2);
});

test("jobs run --wait follows a run to its end; one that is not done is exit 1, an interrupted wait 130", async () => {
  await run(["jobs", "apply", "--first-deploy"]);
  fake.decide(() => ({ durationMs: 0, setupMs: 0 }));
  try {
    const done = await run(["jobs", "run", "hello", "--wait", "--json"]);
    expect(done.code).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({ resource: "hello", run: { state: "done" } });
    fake.decide(() => ({ durationMs: 0, setupMs: 0, outcome: "fail", message: "no such table" }));
    const failed = await run(["jobs", "run", "hello", "--wait"]);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain("✗ failed  hello");
    fake.decide(() => ({ outcome: "hang" }));
    const stop = new AbortController();
    const waiting = run(["jobs", "run", "hello", "--wait"], { signal: stop.signal });
    stop.abort();
    expect(await waiting).toMatchObject({ code: 130, stderr: expect.stringContaining("error: interrupted") });
  } finally {
    fake.decide(undefined);
  }
});

test("jobs adopt takes a job and writes its YAML; the target then has nothing to change", async () => {
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
  const name = `Old ${path.basename(folder)}`;
  const body = JSON.stringify({ name, tasks: [{ task_key: "a", notebook_task: { notebook_path: "/x" } }] });
  await fetch(`${fake.url}/api/2.2/jobs/create`, { method: "POST", headers, body });
  expect((await run(["jobs", "adopt", "-t", "prod"])).code).toBe(64);
  const adopted = await run(["jobs", "adopt", name, "-t", "prod"]);
  expect(adopted.code).toBe(0);
  expect(adopted.stdout).toContain("1 job adopted");
  const planned = JSON.parse((await run(["jobs", "plan", "-t", "prod", "--json"])).stdout) as {
    changes: { name: string; action: string }[];
  };
  expect(planned.changes.find((change) => change.name === name)?.action).toBe("noop");
});

test("doctor: all well with a good token; a refused one is exit 77", async () => {
  const well = await run(["doctor"]);
  expect(well.code).toBe(0);
  expect(well.stdout).toContain("ok    credentials   anna@example.com\n");
  const bad = await run(["doctor", "--json"], {
    env: { DATABRICKS_HOST: fake.url, DATABRICKS_TOKEN: "no-such-token" },
  });
  expect(bad.code).toBe(77);
  expect(JSON.parse(bad.stdout)).toMatchObject({ ok: false });
});

test("doctor --probe compares the service with what headgate knows; not in a target that asks for confirmations", async () => {
  const probed = await run(["doctor", "--probe"]);
  expect(probed.code).toBe(0);
  expect(probed.stdout).toMatch(
    /ok {4}probe +\d+ facts of \d+ facts hold, \d+ not to be seen here; job \d+ was made and deleted\n/,
  );
  const refused = await run(["doctor", "--probe", "-t", "prod"]);
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain("it is no scratch workspace");
});

test("look: with a project, and without one; one HTML file", async () => {
  const html = path.join(folder, "look.html");
  const look = await run(["look", "--html", html]);
  expect(look.code).toBe(0);
  expect(readFileSync(html, "utf8")).toContain(`<title>Jobs of ${fake.url}</title>`);
  const elsewhere = mkdtempSync(path.join(tmpdir(), "headgate-none-"));
  try {
    const alone = await run(["look", "--host", fake.url, "--json"], { cwd: elsewhere });
    expect(alone.code).toBe(0);
    expect(JSON.parse(alone.stdout)).toMatchObject({ host: fake.url, me: "anna@example.com" });
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
});

test("tokens are made, listed and revoked; the store is migrated and copied", async () => {
  const made = await run(["token", "create", "ci", "--scope", "write", "--expires", "90d"]);
  expect(made.code).toBe(0);
  const token = made.stdout.trim();
  expect((await run(["token", "list"])).stdout).toContain("ci");
  expect((await run(["token", "list", "--json"])).stdout).not.toContain(token);
  expect((await run(["token", "revoke", "ci"])).code).toBe(0);
  expect((await run(["store", "migrate"])).stdout).toContain("is up to date");
  expect((await run(["store", "backup", "copy.db"])).code).toBe(0);
  expect((await run(["token", "create", "x", "--expires", "soon"])).code).toBe(64);
});
