/** Planted secrets go through every verb, the server and every fault: none of them comes out anywhere but in the requests that must carry it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import { openHeadgate } from "../../src/app.ts";
import { type RunningServer, startServer } from "../../src/server/serve.ts";
import { type Asked, ask } from "../../src/server/testing/start.ts";
import { systemClock } from "../../src/util/clock.ts";
import { forgetSecrets } from "../../src/util/redact.ts";
import { cli, type Ran } from "../run-cli.ts";
import { CANARIES, canariesBelow, canariesIn } from "./canaries.ts";

const ROBOT = "11111111-2222-3333-4444-555555555555";
/** The one file of the project that holds a secret. */
const SECRET_FILE = "secret.txt";

const CONFIG = `version: 1
project: shop

workspaces:
  main: { host: "\${env:DATABRICKS_HOST}", auth: { kind: pat, token: "\${env:MY_TOKEN}" } }
  robot: { host: "\${env:DATABRICKS_HOST}", auth: { kind: oauth-m2m, clientId: "${ROBOT}", clientSecret: "\${env:MY_SECRET}" } }
targets:
  prod: { default: true, workspace: main }
  robot: { workspace: robot }
  postgres: { workspace: main, store: { kind: postgres, url: "\${env:MY_DATABASE}" } }
jobs:
  sources: [ { name: files, kind: yaml, path: "jobs/*.yml" } ]
server: { listen: "127.0.0.1:0", apply: true }
`;

/** Secrets in every kind of place: whole values, parts, lists, sets, maps, keyed lists, an inner task. */
const JOBS = (more = "") => `jobs:
  load:
    name: Load
    description: "uses \${env:MY_SETTING} of the vendor"
    tags: { vendor: "\${env:MY_SETTING}" }
    parameters: [ { name: key, default: "\${file:${SECRET_FILE}}" } ]
    email_notifications: { on_failure: ["\${env:MY_SETTING}@example.com", "b@example.com"] }
    tasks:
      - task_key: first
        notebook_task: { notebook_path: /n, base_parameters: { key: "\${env:MY_SETTING}", other: "\${env:MY_QUOTED}" } }
      - task_key: second
        spark_python_task: { python_file: /p.py, parameters: ["--key", "\${file:${SECRET_FILE}}", "--x"] }
        new_cluster: { spark_version: 15.4.x-scala2.12, num_workers: 1, spark_conf: { a.b: "\${env:MY_SETTING}" } }
      - task_key: third
        for_each_task:
          inputs: "[1]"
          task: { task_key: inner, spark_python_task: { python_file: /p.py, parameters: ["\${env:MY_QUOTED}"] } }
${more}`;

let fake: FakeDatabricks;
let dir: string;
let env: Record<string, string>;
const said: string[] = [];

/** Notes everything that a run said. */
async function run(...args: string[]): Promise<Ran> {
  const ran = await cli([...args, "--verbose"], { cwd: dir, env });
  said.push(`$ headgate ${args.join(" ")}\n${ran.stdout}\n${ran.stderr}\n[exit ${ran.code}]`);
  return ran;
}
const write = (name: string, text: string) => writeFileSync(join(dir, name), text);
const jobNamed = (name: string) => fake.control.jobs().find((job) => job.settings.name === name);
const jobId = () => jobNamed("Load")?.jobId ?? "";
const leaks = () => said.flatMap((text) => (canariesIn(text).length > 0 ? [`${canariesIn(text)}: ${text}`] : []));
const filesInWorkspace = () =>
  fake.control
    .files()
    .flatMap(({ path, text }) => (canariesIn(text).length > 0 ? [`${path}: ${canariesIn(text)}`] : []));
const everywhere = () => ({
  said: leaks(),
  project: canariesBelow(dir, [SECRET_FILE]),
  workspace: filesInWorkspace(),
});
/** What the library gives for the present files: values, which nothing masks on their way out. */
async function values(): Promise<string[]> {
  const warnings: string[] = [];
  const headgate = await openHeadgate({ dir, env, onWarning: (message) => warnings.push(message) });
  try {
    const { jobs, config } = headgate;
    const plan = await jobs.plan();
    const found: unknown[] = [
      plan,
      await jobs.drift(),
      await jobs.list(),
      await jobs.history("load"),
      await jobs.look(),
    ];
    for (const { resource } of plan.changes) found.push(await jobs.explain(resource));
    found.push(await jobs.validate(), config, headgate.warnings, warnings);
    return found.flatMap((value) => canariesIn(JSON.stringify(value, big)));
  } finally {
    await headgate.close();
  }
}
const NOWHERE = { said: [], project: [], workspace: [] };

beforeAll(async () => {
  fake = await startFakeDatabricks({
    principals: [
      { userName: "root@example.com", tokens: [CANARIES.token], admin: true },
      { userName: ROBOT, kind: "service_principal", secrets: [CANARIES.clientSecret], admin: true },
    ],
  });
  dir = mkdtempSync(join(tmpdir(), "headgate-canary-"));
  mkdirSync(join(dir, "jobs"));
  write("headgate.yaml", CONFIG);
  write("jobs/load.yml", JOBS());
  write(SECRET_FILE, `${CANARIES.file}\n`);
  env = {
    DATABRICKS_HOST: fake.url,
    DATABRICKS_RATE_LIMIT: "1000",
    MY_TOKEN: CANARIES.token,
    MY_SECRET: CANARIES.clientSecret,
    MY_SETTING: CANARIES.setting,
    MY_QUOTED: CANARIES.quoted,
    MY_DATABASE: `postgres://headgate:${CANARIES.password}@127.0.0.1:1/headgate`,
  };
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await fake.close();
  forgetSecrets();
});

describe("planted secrets", () => {
  it("are found by the search, in whatever form", () => {
    const forms = [
      JSON.stringify({ a: CANARIES.quoted }),
      `https://x/?q=${encodeURIComponent(CANARIES.clientSecret)}`,
      Buffer.from(CANARIES.token).toString("base64"),
    ];
    expect(forms.map((text) => canariesIn(text))).toEqual([["quoted"], ["clientSecret"], ["token"]]);
  });

  it("reach the workspace in the settings of the job, and nothing else", async () => {
    expect((await run("jobs", "apply", "--yes", "--first-deploy")).code).toBe(0);
    const { settings } = fake.control.job({ jobId: jobId() });
    // Or this whole file proves nothing.
    expect(canariesIn(JSON.stringify(settings)).sort()).toEqual(["file", "quoted", "setting"]);
    expect(
      canariesIn(
        fake.control
          .requests()
          .map(({ body }) => JSON.stringify(body, big))
          .join(),
      ),
    ).not.toContain("token");
    expect(everywhere()).toEqual(NOWHERE);
  });

  it.each([
    [["jobs", "validate"]],
    [["jobs", "plan"]],
    [["jobs", "plan", "--json"]],
    [["jobs", "list", "--json"]],
    [["jobs", "explain", "load"]],
    [["jobs", "explain", "load", "--json"]],
    [["jobs", "history", "load", "--json"]],
    [["jobs", "run", "load"]],
    [["look", "--json", "--html", "look.html"]],
    [["doctor", "--json"]],
    [["schema", "config"]],
  ])("do not come out of %j", async (args) => {
    await run(...args);
    expect(everywhere()).toEqual(NOWHERE);
  });

  it("do not come out of a plan that changes, moves, adds and takes out each of them", async () => {
    write(
      "jobs/load.yml",
      JOBS()
        .replace("task_key: first", "task_key: renamed")
        .replace("uses ${env:MY_SETTING} of", "no longer uses it, for")
        .replace('"--x"', '"--y"')
        .replace("b@example.com", "c@example.com")
        .replace("{ a.b:", "{ c.d:"),
    );
    env.MY_SETTING = CANARIES.rotated;
    const { stdout } = await run("jobs", "plan", "--json", "--out", "plan.json");
    expect((JSON.parse(stdout) as { changes: { fields: unknown[] }[] }).changes[0]?.fields.length).toBeGreaterThan(4);
    await run("jobs", "plan");
    await run("jobs", "plan", "--format", "markdown");
    expect(everywhere()).toEqual(NOWHERE);
    expect(await values()).toEqual([]);
    expect((await run("jobs", "apply", "plan.json", "--yes")).code).toBe(0);
    await run("jobs", "history", "load");
    expect(everywhere()).toEqual(NOWHERE);
  });

  it("do not come out of drift: of the secrets themselves, and of what is beside them", async () => {
    const tasks = structuredClone(fake.control.job({ jobId: jobId() }).settings.tasks) as Record<string, never>[];
    const [first, second] = tasks as unknown as [
      { notebook_task: { base_parameters: Record<string, string> } },
      { spark_python_task: { parameters: string[] } },
    ];
    first.notebook_task.base_parameters.key = CANARIES.setting;
    second.spark_python_task.parameters.reverse();
    fake.control.editJob({ jobId: jobId(), settings: { tasks } as never });
    for (const args of [
      ["jobs", "drift"],
      ["jobs", "drift", "--json"],
      ["jobs", "plan"],
      ["jobs", "explain", "load"],
    ])
      await run(...args);
    expect(everywhere()).toEqual(NOWHERE);
  });

  it("do not come out when the references, or the whole declaration, are taken out again", async () => {
    await run("jobs", "apply", "--yes");
    write(
      "jobs/load.yml",
      "jobs:\n  load:\n    name: Load\n    tasks: [ { task_key: renamed, notebook_task: { notebook_path: /n } } ]\n",
    );
    await run("jobs", "plan", "--json");
    await run("jobs", "plan");
    await run("jobs", "explain", "load", "--json");
    expect(await values()).toEqual([]);
    write("jobs/load.yml", "jobs: {}\n");
    await run("jobs", "plan");
    expect(await values()).toEqual([]);
    expect((await run("jobs", "apply", "--yes", "--allow-delete", "1")).code).toBe(0);
    await run("jobs", "history", "load", "--json");
    expect(everywhere()).toEqual(NOWHERE);
    write("jobs/load.yml", JOBS());
    await run("jobs", "apply", "--yes");
  });

  it("do not come out of a recovery without a state, where nothing is known of the past", async () => {
    for (const { path } of fake.control.files())
      if (path.endsWith("state.json"))
        fake.control.removeFile({ path: `/Workspace${path.replace(/^\/Workspace/, "")}` });
    env.MY_SETTING = CANARIES.setting;
    await run("jobs", "plan", "--json");
    expect(await values()).toEqual([]);
    expect((await run("jobs", "apply", "--yes")).code).toBe(0);
    expect(everywhere()).toEqual(NOWHERE);
  });

  it("do not come out of faults whose answers echo them", async () => {
    write("jobs/load.yml", JOBS("    timeout_seconds: 7\n"));
    for (const message of [
      `bad value ${CANARIES.setting}`,
      `bad ${JSON.stringify(CANARIES.quoted)} and ${CANARIES.token}`,
    ]) {
      const { id } = fake.control.addFault({
        path: "/jobs/reset$",
        count: 0,
        fault: { kind: "status", status: 400, errorCode: "INVALID_PARAMETER_VALUE", message },
      });
      expect((await run("jobs", "apply", "--yes")).code).toBe(1);
      expect((await run("jobs", "apply", "--yes", "--json")).code).toBe(1);
      fake.control.removeFaults({ id });
    }
    env.MY_TOKEN = `${CANARIES.token}-wrong`;
    expect((await run("jobs", "plan")).code).toBe(77);
    env.MY_TOKEN = CANARIES.token;
    expect((await run("jobs", "plan", "-t", "robot")).code).toBe(0);
    expect((await run("doctor", "-t", "robot", "--json")).code).not.toBe(64);
    env.MY_SECRET = `${CANARIES.clientSecret}-wrong`;
    expect((await run("jobs", "plan", "-t", "robot")).code).toBe(77);
    env.MY_SECRET = CANARIES.clientSecret;
    delete env.MY_SETTING;
    await run("jobs", "plan");
    env.MY_SETTING = CANARIES.setting;
    expect(everywhere()).toEqual(NOWHERE);
  });

  it("do not come out of a database that cannot be reached, nor of a password written in clear", async () => {
    await run("store", "migrate", "-t", "postgres");
    await run("doctor", "-t", "postgres");
    await run("token", "create", "ci", "-t", "postgres");
    expect(everywhere()).toEqual(NOWHERE);
  });

  it("do not come out of the reports and the progress of an apply in the library", async () => {
    const headgate = await openHeadgate({ dir, env });
    try {
      write("jobs/load.yml", JOBS("    timeout_seconds: 8\n"));
      const message = `bad ${CANARIES.quoted} ${CANARIES.file} for ${CANARIES.token}`;
      const fault = { kind: "status", status: 400, errorCode: "INVALID_PARAMETER_VALUE", message } as const;
      fake.control.addFault({ path: "/jobs/reset$", fault });
      const told: unknown[] = [];
      told.push(await headgate.jobs.apply(await headgate.jobs.plan(), { onProgress: (item) => told.push(item) }));
      expect(JSON.stringify(told)).toContain("INVALID_PARAMETER_VALUE");
      expect(told.flatMap((value) => canariesIn(JSON.stringify(value, big)))).toEqual([]);
    } finally {
      await headgate.close();
    }
  });

  it("do not come out of what is adopted beside them", async () => {
    fake.control.seedJobs({
      jobs: [{ name: "Other", tasks: [{ task_key: "a", notebook_task: { notebook_path: "/n" } }] }],
    });
    await run("jobs", "adopt", "--all", "--json");
    expect(everywhere()).toEqual(NOWHERE);
  });
});

describe("the server", () => {
  it("answers, logs and stores none of them", async () => {
    const log: string[] = [];
    const headgate = await openHeadgate({ dir, env });
    const store = await headgate.store();
    let server: RunningServer | undefined;
    try {
      write("jobs/load.yml", JOBS("    timeout_seconds: 9\n"));
      server = await startServer({
        deps: {
          jobs: headgate.jobs,
          runs: headgate.runs,
          events: headgate.events,
          lineage: headgate.lineage,
          store,
          clock: systemClock,
          info: { version: "0", project: "shop", target: "prod", workspace: "main", host: fake.url, timezone: "UTC" },
          actor: "root",
          tokenFile: join(dir, ".headgate", "serve-token"),
          writeLog: (line) => void log.push(line),
          logLevel: "debug",
        },
        settings: { listen: "127.0.0.1:0", apply: true },
      });
      const port = Number(new URL(server.url).port);
      const answers: string[] = [];
      const own = { authorization: `Bearer ${server.token}`, "content-type": "application/json" };
      const call = async (path: string, asked: Asked = {}) => {
        const answer = await ask({ port }, path, { ...asked, headers: { ...own, ...asked.headers } });
        answers.push(JSON.stringify(answer.headers), answer.text);
        return answer;
      };
      for (const path of ["/", "/healthz", "/metrics", "/api/openapi.json", "/api/v1/status", "/api/v1/jobs"])
        await call(path);
      for (const path of ["load", "load/history", "nope"]) await call(`/api/v1/jobs/${path}`);
      const plan = await call("/api/v1/plans", { method: "POST", body: "{}" });
      const { id } = plan.json() as { id: string };
      await call(`/api/v1/plans/${id}`);
      fake.control.addFault({
        path: "/jobs/reset$",
        fault: {
          kind: "status",
          status: 400,
          errorCode: "INVALID_PARAMETER_VALUE",
          message: `bad ${CANARIES.quoted} ${CANARIES.file}`,
        },
      });
      const applied = await call(`/api/v1/plans/${id}/apply`, { method: "POST", body: "{}" });
      expect(applied.status).toBe(202);
      const where = String(applied.headers.location ?? `/api/v1/applies/${(applied.json() as { id: string }).id}`);
      let state = "running";
      while (state === "running") {
        await new Promise((resolve) => setTimeout(resolve, 20));
        state = String(((await call(where)).json() as { state: string }).state);
      }
      expect(state).toBe("failed");
      fake.control.dropTokens({ token: CANARIES.token });
      await call("/api/v1/plans", { method: "POST", body: "{}" });
      expect(answers.filter((text) => canariesIn(text).length > 0)).toEqual([]);
    } finally {
      await server?.close();
      await headgate.close();
    }
    expect(log.length).toBeGreaterThan(0);
    expect(log.filter((line) => canariesIn(line).length > 0)).toEqual([]);
    // With the bytes of the store, and of its log that was not yet taken in.
    expect(everywhere()).toEqual(NOWHERE);
  });
});

/** Ids are beyond what JSON's numbers hold. */
function big(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
