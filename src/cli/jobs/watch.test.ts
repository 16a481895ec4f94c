import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../../fakes/index.ts";
import { type CliOptions, cli } from "../../../test/run-cli.ts";
import { forgetSecrets } from "../../util/redact.ts";

const TOKEN = "canary-token-of-watch";
let fake: FakeDatabricks;
let folder: string;
beforeEach(async () => {
  fake = await startFakeDatabricks({ principals: [{ userName: "anna@example.com", admin: true, tokens: [TOKEN] }] });
  folder = mkdtempSync(path.join(tmpdir(), "headgate-watch-"));
});
afterEach(async () => {
  await fake.close();
  rmSync(folder, { recursive: true, force: true });
  forgetSecrets();
});

const env = () => ({ DATABRICKS_HOST: fake.url, DATABRICKS_TOKEN: TOKEN, DATABRICKS_RATE_LIMIT: "1000" });
const run = (args: string[], options: CliOptions = {}) =>
  cli(["jobs", "watch", ...args], { cwd: folder, env: env(), ...options });
const jobs = () => fake.control.jobs().map(({ settings }) => settings);

const VOLUME = "/Volumes/main/etl/metadata";
const yaml = (resource: string, seconds: number) => `jobs:
  ${resource}:
    timeout_seconds: ${seconds}
    tasks:
      - task_key: load
        notebook_task: { notebook_path: /etl/${resource} }
`;

describe("without a project", () => {
  test("jobs of a volume's YAML files are made, changed where a file's content changed, and never removed", async () => {
    fake.control.writeFile({ path: `${VOLUME}/sales.yaml`, text: yaml("sales", 60) });
    fake.control.writeFile({ path: `${VOLUME}/deep/er/hr.yml`, text: yaml("hr", 60) });
    fake.control.writeFile({ path: `${VOLUME}/notes.txt`, text: "jobs: nothing" });
    const first = await run(["--volume-path", VOLUME, "--max-iterations", "1"]);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toContain("create sales");
    expect(
      jobs()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["[Lakeflow Jobs Meta] hr", "[Lakeflow Jobs Meta] sales"]);

    fake.control.writeFile({ path: `${VOLUME}/sales.yaml`, text: yaml("sales", 120) });
    fake.control.removeFile({ path: `${VOLUME}/deep/er/hr.yml` });
    const second = await run([
      `volume_path=${VOLUME}`,
      "max_iterations=1",
      "check_interval_seconds=5",
      "control_table=",
    ]);
    expect(second).toMatchObject({ code: 0 });
    expect(second.stdout).toMatch(/done {4}update sales \(\d+\): timeout_seconds 60 → 120/);
    expect(jobs()).toHaveLength(2);
    expect(first.stdout + first.stderr + second.stdout + second.stderr).not.toContain(TOKEN);
  });

  test("with a control table the volume's files are loaded into it when their content changed", async () => {
    const args = ["control_table=main.etl.control", `volume_path=${VOLUME}`, "max_iterations=2", "--interval", "1s"];
    const told = { env: { ...env(), DATABRICKS_WAREHOUSE_ID: "w1" } };
    const seconds = () => jobs().map(({ name, timeout_seconds }) => [name, timeout_seconds]);
    const text = (timeout: number) => `metadata_version: "2.0"
jobs:
  sales:
    timeout_seconds: ${timeout}
    tasks:
      - { task_key: load, task_type: notebook, file_path: /etl/sales }
`;
    fake.control.writeFile({ path: `${VOLUME}/sales.yaml`, text: text(60) });
    const first = await run(args, told);
    expect(first).toMatchObject({ code: 0 });
    // Two passes, one content: loaded once.
    expect(first.stderr.match(/loaded 1 task of 1 job into main.etl.control/g)).toHaveLength(1);
    expect(seconds()).toEqual([["[Lakeflow Jobs Meta] sales", 60]]);
    fake.control.writeFile({ path: `${VOLUME}/sales.yaml`, text: text(90) });
    expect(await run(args, told)).toMatchObject({ code: 0 });
    expect(seconds()).toEqual([["[Lakeflow Jobs Meta] sales", 90]]);

    fake.control.writeFile({ path: `${VOLUME}/bad.yaml`, text: "jobs: { bad: { tasks: [ { task_key: x } ] } }" });
    const bad = await run(args, told);
    expect(bad.code).toBe(65);
    expect(bad.stdout).toContain(`error   declaration_invalid: ${VOLUME}/bad.yaml:1:`);
    expect(seconds()).toEqual([["[Lakeflow Jobs Meta] sales", 90]]);
  });

  test("a workspace folder is read as well", async () => {
    fake.control.writeFile({ path: "/Workspace/Shared/jobs/a.yaml", text: yaml("a", 60) });
    const ran = await run(["--volume-path", "/Workspace/Shared/jobs", "--max-iterations", "1", "--json"]);
    expect(ran.code).toBe(0);
    const events = ran.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events).toMatchObject([{ kind: "job", resource: "a", action: "create", state: "done" }]);
  });

  test("an unreadable volume is said with the grant, and ends the last pass with its code", async () => {
    fake.control.addFault({
      path: "/fs/directories",
      fault: { kind: "status", status: 403, errorCode: "PERMISSION_DENIED" },
    });
    const ran = await run(["--volume-path", VOLUME, "--max-iterations", "1"]);
    expect(ran.code).toBe(77);
    expect(ran.stdout).toContain("READ VOLUME");
  });

  test.each([
    [["nonsense"], "is no job parameter"],
    [["volume_pth=x"], "did you mean volume_path=…?"],
    [["--interval", "fast"], "is no interval"],
    [["--max-iterations", "-1"], "whole number"],
    [["--interval", "5s", "check_interval_seconds=5"], "not both"],
  ])("%j is wrong usage", async (args, message) => {
    const ran = await run(["--volume-path", VOLUME, ...args]);
    expect(ran.code).toBe(64);
    expect(ran.stderr).toContain(message);
  });
});

describe("in a project", () => {
  beforeEach(() => {
    mkdirSync(path.join(folder, "jobs"));
    writeFileSync(path.join(folder, "jobs/a.yml"), yaml("a", 60));
  });
  const config = (more: object = {}) =>
    writeFileSync(
      path.join(folder, "headgate.yaml"),
      JSON.stringify({
        project: "shop",
        workspaces: { w: { host: fake.url, auth: { kind: "pat", token: "${env:DATABRICKS_TOKEN}" } } },
        targets: { prod: { workspace: "w", ...more } },
        jobs: { sources: [{ kind: "yaml", path: "jobs/*.yml" }], drift: { fields: { description: "theirs" } } },
      }),
    );

  test("ends with 0 when it is stopped, whatever the last pass was", async () => {
    config();
    const stop = new AbortController();
    fake.hook({
      after: async ({ path: at }) => {
        if (at.endsWith("/jobs/create")) stop.abort();
      },
    });
    const ran = await run(["--first-deploy"], { signal: stop.signal });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain("create a");
    expect(jobs()).toHaveLength(1);
  });

  test("a faulty file is said at its place; the other jobs go on", async () => {
    config();
    writeFileSync(path.join(folder, "jobs/b.yml"), yaml("b", 60).replace("task_key: load", "task_kee: load"));
    const ran = await run(["--first-deploy", "--max-iterations", "1"]);
    expect(ran.code).not.toBe(0);
    expect(ran.stdout).toContain("jobs/b.yml:5:9");
    expect(jobs()).toHaveLength(1);
  });

  test("a target that asks for a confirmation is watched only with --yes", async () => {
    config({ confirm: true });
    const refused = await run(["--first-deploy", "--max-iterations", "1"]);
    expect(refused).toMatchObject({ code: 3, stdout: "" });
    expect(refused.stderr).toContain("--yes");
    expect((await run(["--first-deploy", "--yes", "--max-iterations", "1"])).code).toBe(0);
  });

  test("what the policy keeps is drift that stays also with healing", async () => {
    config();
    await run(["--first-deploy", "--max-iterations", "1"]);
    const [{ jobId } = { jobId: "" }] = fake.control.jobs();
    fake.control.editJob({ jobId, settings: { description: "by hand", timeout_seconds: 5 } as never });
    const ran = await run(["--heal", "--max-iterations", "1"]);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/drift {3}a .*description found "by hand"/);
    expect(ran.stdout).toMatch(/healed {2}update a .*timeout_seconds/);
    expect(jobs()).toMatchObject([{ description: "by hand", timeout_seconds: 60 }]);
  });

  test("drift is written back as a patch; taken over, nothing differs any more", async () => {
    config();
    writeFileSync(path.join(folder, "jobs/a.yml"), `# ours\n${yaml("a", 60)}`);
    await run(["--first-deploy", "--max-iterations", "1"]);
    const [{ jobId } = { jobId: "" }] = fake.control.jobs();
    fake.control.editJob({ jobId, settings: { timeout_seconds: 90, max_concurrent_runs: 4 } as never });
    const ran = await run(["--max-iterations", "1", "--write-back", "drift.patch"]);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain("2 fields written to drift.patch");
    execFileSync("git", ["apply", "drift.patch"], { cwd: folder });
    const text = readFileSync(path.join(folder, "jobs/a.yml"), "utf8");
    expect(text).toContain("# ours\n");
    expect(text).toContain("timeout_seconds: 90\n");
    const plan = await cli(["jobs", "plan", "--exit-code"], { cwd: folder, env: env() });
    expect(plan.stdout).toContain("no changes; 1 unchanged");
    expect(plan.code).toBe(0);

    // The next pass remembers that both agree.
    expect((await run(["--max-iterations", "1"])).code).toBe(0);
    fake.control.editJob({ jobId, settings: { timeout_seconds: 91 } as never });
    const drift = await cli(["jobs", "drift", "--write-back", "-"], { cwd: folder, env: env() });
    expect(drift.stdout).toMatch(/^--- a\/jobs\/a.yml\n\+\+\+ b\/jobs\/a.yml\n@@ /);
    expect(drift.stdout).toContain("-    timeout_seconds: 90\n+    timeout_seconds: 91\n");
    expect((await run(["--max-iterations", "1", "--write-back", "-", "--json"])).code).toBe(64);
  });
});
