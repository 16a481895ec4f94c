/** The three ways to run headgate next to the lakehouse, as docs/guides/watch.md has them: what can be executed is. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import { forgetSecrets } from "../../src/util/redact.ts";
import { cli } from "../run-cli.ts";
import { leftToReal } from "../sample.ts";
import { ROOT } from "../tree/files.ts";

const APP = { userName: "22222222-3333-4444-5555-666666666666", secret: "secret-of-the-app" };
let fake: FakeDatabricks;
let folder: string;
beforeEach(async () => {
  fake = await startFakeDatabricks({
    principals: [{ userName: APP.userName, kind: "service_principal", admin: true, secrets: [APP.secret] }],
  });
  folder = mkdtempSync(path.join(tmpdir(), "headgate-recipe-"));
});
afterEach(async () => {
  await fake.close();
  rmSync(folder, { recursive: true, force: true });
  forgetSecrets();
});

const copy = (name: string) => cpSync(path.join(ROOT, "examples", name), folder, { recursive: true });
const text = (name: string) => readFileSync(path.join(folder, name), "utf8");
const env = () => ({
  DATABRICKS_HOST: fake.url,
  DATABRICKS_CLIENT_ID: APP.userName,
  DATABRICKS_CLIENT_SECRET: APP.secret,
  DATABRICKS_RATE_LIMIT: "1000",
  HEADGATE_APP_HOST: "headgate.example.com",
});
const names = () => fake.control.jobs().map(({ settings }) => settings.name);

describe("a service", () => {
  it.each<[string, () => string[]]>([
    [
      "unit",
      () => (/^ExecStart=\/usr\/bin\/env headgate (.*)$/m.exec(text("headgate-watch.service"))?.[1] ?? "").split(" "),
    ],
    ["container", () => (JSON.parse(/^CMD (.*)$/m.exec(text("Dockerfile"))?.[1] ?? "[]") as string[]).slice(1)],
  ])("watches by the command of its %s", async (_, command) => {
    copy("watch-service");
    const args = command();
    expect(args.slice(0, 2)).toEqual(["jobs", "watch"]);
    const ran = await cli([...args, "--first-deploy", "--max-iterations", "1"], { cwd: folder, env: env() });
    expect(ran).toMatchObject({ code: 0 });
    expect(names()).toEqual(["Orders"]);
  });
});

describe("a server", () => {
  const project = (target: string) => `version: 1
project: shop
workspaces:
  main:
    host: "\${env:DATABRICKS_HOST}"
    auth: { kind: oauth-m2m, clientId: "\${env:DATABRICKS_CLIENT_ID}", clientSecret: "\${env:DATABRICKS_CLIENT_SECRET}" }
targets: { prod: { workspace: main${target} } }
jobs:
  sources: [{ name: files, kind: yaml, path: "jobs.yml" }]
  watch: { every: 1s, heal: true }
`;
  const declare = (timeout: number) =>
    writeFileSync(
      path.join(folder, "jobs.yml"),
      `jobs: { a: { name: A, timeout_seconds: ${timeout}, tasks: [ { task_key: t, notebook_task: { notebook_path: /a } } ] } }\n`,
    );
  const lists = () => fake.control.requests({ path: "/jobs/list$" }).length;
  const timeout = () => fake.control.jobs()[0]?.settings.timeout_seconds;

  it("watches where jobs.watch says so: applies what is declared, heals, and ends when it is told to", async () => {
    writeFileSync(path.join(folder, "headgate.yaml"), project(""));
    declare(5);
    expect((await cli(["jobs", "apply", "--first-deploy"], { cwd: folder, env: env() })).code).toBe(0);
    const stop = new AbortController();
    const serving = cli(["serve", "--listen", "127.0.0.1:0"], { cwd: folder, env: env(), signal: stop.signal });
    try {
      declare(6);
      await expect.poll(timeout, { timeout: 20_000 }).toBe(6);
      // The pass that changed it has read what became of it when later ones have begun.
      const begun = lists();
      await expect.poll(() => lists() - begun, { timeout: 20_000 }).toBeGreaterThan(2);
      fake.control.editJob({ jobId: fake.control.jobs()[0]?.jobId ?? "", settings: { timeout_seconds: 7 } as never });
      await expect.poll(timeout, { timeout: 20_000 }).toBe(6);
    } finally {
      stop.abort();
    }
    const ran = await serving;
    expect(ran.stderr).toContain("watch: a job was changed");
  }, 60_000);

  it("is refused where the target wants a confirmation", async () => {
    writeFileSync(path.join(folder, "headgate.yaml"), project(", confirm: true"));
    declare(5);
    const ran = await cli(["serve", "--listen", "127.0.0.1:0"], { cwd: folder, env: env() });
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain("jobs.watch asks nobody");
  });
});

describe("a Databricks App", () => {
  it("serves on the port it is given, to people whom the proxy names", async () => {
    copy("watch-databricks-app");
    const { command, env: variables } = parse(text("app.yaml")) as { command: string[]; env: { name: string }[] };
    expect(command).toEqual(["sh", "start.sh"]);
    expect(variables.map(({ name }) => name)).toEqual(["HEADGATE_APP_HOST"]);
    const listen = /serve --listen "0\.0\.0\.0:\$DATABRICKS_APP_PORT"/.exec(text("start.sh"));
    expect(listen).not.toBeNull();
    const stop = new AbortController();
    const serving = cli(["serve", "--listen", "0.0.0.0:0"], { cwd: folder, env: env(), signal: stop.signal });
    try {
      const file = path.join(folder, ".headgate/serve-token");
      await expect.poll(() => readOrNothing(file), { timeout: 20_000 }).toContain("url");
      const { url } = JSON.parse(readFileSync(file, "utf8")) as { url: string };
      const ask = (headers: Record<string, string>) => fetch(`${local(url)}/api/v1/jobs`, { headers });
      const people = await ask({ "x-forwarded-email": "anna@example.com", "x-forwarded-for": "203.0.113.7" });
      expect(people.status).toBe(200);
      const nobody = await ask({ "x-forwarded-for": "203.0.113.7" });
      expect(nobody.status).toBe(401);
    } finally {
      stop.abort();
      await serving;
    }
  }, 60_000);

  it("starts both, and ends both when it is told to", () => {
    copy("watch-databricks-app");
    const bin = path.join(folder, "node_modules/.bin");
    spawnSync("mkdir", ["-p", bin]);
    const stand =
      '#!/bin/sh\necho "$@" >> started\ntrap "echo $2 ended >> started; exit 0" TERM\nwhile :; do sleep 0.1; done\n';
    writeFileSync(path.join(bin, "headgate"), stand, { mode: 0o755 });
    const script =
      'sh start.sh & PID=$!; until [ "$(wc -l < started 2>/dev/null || echo 0)" -ge 2 ]; do sleep 0.1; done; kill -TERM $PID; wait $PID';
    const ran = spawnSync("sh", ["-c", script], {
      cwd: folder,
      env: { ...process.env, DATABRICKS_APP_PORT: "8000" },
      timeout: 30_000,
    });
    expect(ran.error).toBeUndefined();
    const said = text("started").trim().split("\n").sort();
    expect(said).toEqual(["--listen ended", "jobs watch --interval 60s", "serve --listen 0.0.0.0:8000", "watch ended"]);
  }, 60_000);
});

/** The address as this machine reaches it. */
const local = (url: string) => url.replace("0.0.0.0", "127.0.0.1");

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

const PYTHON = spawnSync("python3", ["--version"]).status === 0;
if (!PYTHON) console.log("the notebook is not run: there is no python3 here");

describe.runIf(PYTHON && !leftToReal("the notebook task"))("a notebook task", () => {
  let server: { stop: AbortController; ended: Promise<unknown>; url: string; token: string };
  beforeEach(async () => {
    copy("watch-service");
    const config = `${text("headgate.yaml")}server: { apply: true }\n`;
    writeFileSync(
      path.join(folder, "headgate.yaml"),
      config.replace(
        '- { name: files, kind: yaml, path: "jobs/*.yml" }',
        '- { name: files, kind: yaml, path: ["jobs/*.yml", "/Volumes/main/etl/metadata/*.yaml"] }',
      ),
    );
    fake.control.writeFile({
      path: "/Volumes/main/etl/metadata/hr.yaml",
      text: "jobs: { hr: { name: HR, tasks: [ { task_key: load, notebook_task: { notebook_path: /etl/hr } } ] } }",
    });
    const stop = new AbortController();
    const ended = cli(["serve", "--listen", "127.0.0.1:0"], { cwd: folder, env: env(), signal: stop.signal });
    const file = path.join(folder, ".headgate/serve-token");
    await expect.poll(() => readOrNothing(file), { timeout: 20_000 }).toContain("url");
    server = { stop, ended, ...(JSON.parse(readFileSync(file, "utf8")) as { url: string; token: string }) };
  });
  afterEach(async () => {
    server.stop.abort();
    await server.ended;
  });

  /** Runs the notebook as a script beside this process, which serves. */
  function notebook(args: string[]): Promise<{ code: number | null; output: string }> {
    const script = path.join(ROOT, "examples/watch-notebook/watch.py");
    const child: ChildProcess = spawn("python3", [script, "--server_url", server.url, ...args], {
      env: { PATH: process.env.PATH ?? "", HEADGATE_TOKEN: server.token },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (output += String(data)));
    return new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
  }

  it("applies the jobs of its volume by the parameters of the original, then all", async () => {
    const first = await notebook(["--volume_path", "/Volumes/main/etl/metadata", "--max_iterations", "1"]);
    expect(first).toMatchObject({ code: 0, output: expect.stringMatching(/^done create hr \d+\n$/) });
    expect(names()).toEqual(["HR"]);
    const all = await notebook(["--max_iterations", "2", "--check_interval_seconds", "0"]);
    expect(all).toMatchObject({ code: 0, output: expect.stringMatching(/^done create orders \d+\n$/) });
    expect(names().sort()).toEqual(["HR", "Orders"]);
  }, 60_000);

  it("says what went wrong, and fails with its last pass", async () => {
    fake.control.addFault({
      path: "/jobs/list",
      count: 1_000,
      fault: { kind: "status", status: 403, errorCode: "PERMISSION_DENIED" },
    });
    const ran = await notebook(["--max_iterations", "1"]);
    expect(ran).toMatchObject({ code: 1, output: expect.stringMatching(/^error \S+: /) });
  }, 60_000);
});
