import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HeadgateError } from "../errors.ts";
import { formatProblem } from "../model/problem.ts";
import { forgetSecrets, redact } from "../util/redact.ts";
import { explainConfig } from "./explain.ts";
import { type LoadOptions, loadConfig, requireConfig } from "./load.ts";
import { openValue, secretReader } from "./secrets.ts";

const D = "$";
let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "headgate-config-"));
});
afterEach(async () => {
  forgetSecrets();
  await rm(dir, { recursive: true });
});

async function load(text: string, options: Partial<LoadOptions> = {}) {
  await writeFile(join(dir, "headgate.yaml"), text);
  const { config, problems } = await loadConfig({ dir, env: {}, ...options });
  return { config, problems: problems.map(formatProblem), raw: problems };
}

const SMALL = `
project: retail
workspaces: { dev: { host: https://dev.example, auth: { kind: profile } } }
`;

/** The example of the documentation, every kind of source and sink in it. */
const FULL = `
version: 1
project: retail
store: { kind: postgres, url: "${D}{env:HEADGATE_DATABASE_URL}" }
workspaces:
  dev:  { host: https://adb-111.11.azuredatabricks.net, auth: { kind: profile, profile: DEV } }
  prod:
    host: https://adb-222.22.azuredatabricks.net
    auth: { kind: oauth-m2m, clientId: "${D}{env:DATABRICKS_CLIENT_ID}", clientSecret: "${D}{env:DATABRICKS_CLIENT_SECRET}" }
    warehouse: abc123
targets:
  dev:  { default: true, workspace: dev, mode: development, variables: { env: dev } }
  prod: { workspace: prod, variables: { env: prod }, confirm: true, allowedBranches: [main] }
jobs:
  defaults: { edit_mode: UI_LOCKED }
  state: { kind: workspace }
  sources:
    - { name: files, kind: yaml, path: "jobs/**/*.yml" }
    - { name: dsc, kind: template, definitions: "dsc/jobs/*.json", templates: "dsc/templates" }
    - { name: control, kind: control-table, table: main.etl.control, profile: lakeflow-meta }
    - { name: volume, kind: yaml, path: "/Volumes/main/etl/metadata/*.yaml", profile: lakeflow-meta }
runs:
  timezone: Europe/London
  catalogue: "processes/*.yml"
  sources:
    - { kind: databricks }
    - { kind: adf, subscription: s, resourceGroup: g, factory: f, auth: { kind: msi } }
  lease: 5m
  retention: 400d
  publish: { catalog: main, schema: etl, every: 60s }
  notify: [ { kind: webhook, url: "${D}{env:HOOK}", on: [failed, late, recovered] } ]
lineage:
  sources:
    - { kind: unity-catalog, since: 30d }
    - { kind: storage-logs, path: "logs/insights-logs-*" }
    - { kind: glue-spark, region: us-east-1, groups: [/aws-glue/jobs/error] }
    - { kind: mwaa, region: us-east-1, environment: prod }
    - { kind: cloudwatch, region: us-east-1, groups: [/my/group] }
    - { kind: glue-crawler, region: us-east-1, databases: [sales] }
    - { kind: redshift, region: us-east-1, workgroup: bi, database: dev }
    - { kind: openlineage, path: "events/*.ndjson" }
  inventory:
    - { kind: csv, path: inventory/tables.csv }
  runs: ["dumps/runs*.json", "dumps/clusters*.json"]
  sinks:
    - { kind: datazone, region: us-east-1, domain: dzd_x }
    - { kind: openlineage, url: "http://marquez:5000" }
server: { listen: "127.0.0.1:4600", allowedHosts: [localhost], auth: { kind: token }, apply: false }
`;

const SECRETS = {
  HEADGATE_DATABASE_URL: "postgres://u:canary-1@h/d",
  DATABRICKS_CLIENT_ID: "canary-2",
  DATABRICKS_CLIENT_SECRET: "canary-3",
  HOOK: "https://canary-4",
};

describe("a config", () => {
  it("as documented loads without a word, for each target", async () => {
    const dev = await load(FULL, { env: SECRETS });
    expect(dev.problems).toEqual([]);
    expect(dev.config).toMatchObject({
      project: "retail",
      dir,
      target: { name: "dev", mode: "development", workspace: "dev" },
      targets: ["dev", "prod"],
      workspace: {
        name: "dev",
        host: "https://adb-111.11.azuredatabricks.net",
        auth: { kind: "profile", profile: "DEV" },
      },
    });
    expect(dev.config?.variables.get("env")).toMatchObject({ value: "dev", origin: "target" });
    const prod = await load(FULL, { env: SECRETS, target: "prod" });
    expect(prod.problems).toEqual([]);
    expect(prod.config?.target).toEqual({ name: "prod", workspace: "prod", confirm: true, allowedBranches: ["main"] });
    expect(prod.config?.workspace?.auth).toEqual({
      kind: "oauth-m2m",
      clientId: `${D}{env:DATABRICKS_CLIENT_ID}`,
      clientSecret: `${D}{env:DATABRICKS_CLIENT_SECRET}`,
    });
  });

  it("has good defaults, and needs no targets", async () => {
    const { config, problems } = await load(SMALL);
    expect(problems).toEqual([]);
    expect(config).toMatchObject({
      target: { name: "default" },
      workspace: { name: "dev" },
      store: { kind: "sqlite", path: ".headgate/state.db" },
      jobs: { sources: [], state: { kind: "workspace" }, markerTag: "headgate" },
      runs: { timezone: "UTC", sources: [] },
      server: { listen: "127.0.0.1:4600", allowedHosts: ["localhost"], apply: false },
    });
  });

  it("keeps large numbers whole in variables and defaults", async () => {
    const { config, problems } = await load(
      `${SMALL}variables: { id: 9223372036854775807 }\njobs: { defaults: { x: 9223372036854775806 } }\n`,
    );
    expect(problems).toEqual([]);
    expect(config?.variables.get("id")?.value).toBe(9223372036854775807n);
  });

  it("is found upward, or in the named folder only", async () => {
    await mkdir(join(dir, "a/b"), { recursive: true });
    await writeFile(join(dir, "headgate.yaml"), SMALL);
    const { config } = await loadConfig({ dir: join(dir, "a/b"), env: {} });
    expect(config?.file).toBe(join(dir, "headgate.yaml"));
    const exact = loadConfig({ dir: join(dir, "a/b"), exact: true, env: {} });
    await expect(exact).rejects.toMatchObject({ code: "not_found", hint: expect.stringContaining("headgate init") });
  });

  it("names the place of every value, and where it came from", async () => {
    const { config } = await load(
      `project: retail\nvariables: { a: 1, b: { default: x } }\njobs:\n  sources:\n    - { kind: yaml, path: "j/*.yml" }\n`,
      {
        vars: { c: "2" },
        env: { HEADGATE_VAR_a: "9" },
      },
    );
    expect(config?.placeOf("jobs.sources[0].path")).toEqual({ file: "headgate.yaml", line: 5, column: 21 });
    expect(config?.placeOf("jobs.sources[0].nothing").line).toBe(5);
    if (!config) throw new Error("no config");
    const rows = explainConfig(config).map(({ path, value, from }) => `${path}=${String(value)} ${from}`);
    expect(rows).toContain("jobs.sources[0].path=j/*.yml headgate.yaml:5:27");
    expect(rows).toContain("server.listen=127.0.0.1:4600 default");
    expect(rows).toContain("variables.a=9 HEADGATE_VAR_a");
    expect(rows).toContain("variables.b=x headgate.yaml:2:20");
    expect(rows).toContain("variables.c=2 --var c");
  });
});

describe("targets", () => {
  const text = `
project: retail
workspaces: { w: { host: https://w.example, auth: { kind: pat, token: "${D}{env:T}" } } }
jobs:
  sources:
    - { name: a, kind: yaml, path: a.yml }
    - { name: b, kind: yaml, path: b.yml }
server: { allowedHosts: [one, two], apply: false }
targets:
  dev: { default: true }
  prod:
    jobs:
      sources:
        - { name: b, kind: yaml, path: "prod-${D}{var.x}.yml" }
        - { name: c, kind: yaml, path: c.yml }
    server: { allowedHosts: [three], apply: true }
variables: { x: 1 }
`;

  it("lie over the config: maps merge, lists replace, sources merge by name", async () => {
    const { config } = await load(text, { target: "prod", env: { T: "x" } });
    expect(config?.jobs.sources).toEqual([
      { name: "a", kind: "yaml", path: "a.yml" },
      { name: "b", kind: "yaml", path: "prod-1.yml" },
      { name: "c", kind: "yaml", path: "c.yml" },
    ]);
    expect(config?.server).toMatchObject({ allowedHosts: ["three"], apply: true, listen: "127.0.0.1:4600" });
  });

  it("are chosen by option, environment, default", async () => {
    expect((await load(text, { env: { HEADGATE_TARGET: "prod", T: "x" } })).config?.target.name).toBe("prod");
    expect((await load(text, { env: { HEADGATE_TARGET: "prod", T: "x" }, target: "dev" })).config?.target.name).toBe(
      "dev",
    );
    expect((await load(text, { env: { T: "x" } })).config?.target.name).toBe("dev");
    expect((await load(text, { env: { T: "x" }, target: "pord" })).problems).toEqual([
      "headgate.yaml:9:1 targets: there is no target 'pord' — did you mean prod?",
    ]);
    const none = text.replace("dev: { default: true }", "dev: {}");
    expect((await load(none, { env: { T: "x" } })).problems[0]).toContain("none of dev, prod is the default");
    const both = text.replace("  prod:\n", "  prod:\n    default: true\n");
    expect((await load(both, { env: { T: "x" } })).problems[0]).toContain("dev and prod are both the default");
  });

  it("keep variables in order: option, environment, target, file, default", async () => {
    const source = `
project: retail
variables: { a: file, b: file, c: file, d: file, e: { default: declared } }
targets: { t: { variables: { a: target, b: target, c: target } } }
`;
    const { config } = await load(source, {
      vars: { a: "option" },
      env: { HEADGATE_VAR_a: "env", HEADGATE_VAR_b: "env" },
    });
    expect(Object.fromEntries([...(config?.variables ?? [])].map(([name, { value }]) => [name, value]))).toEqual({
      a: "option",
      b: "env",
      c: "target",
      d: "file",
      e: "declared",
    });
  });
});

describe("faults", () => {
  it("are all named at once, each at its place, with the nearest known name", async () => {
    const { config, problems } = await load(
      `version: 2
project: "my project"
sevrer: {}
workspaces:
  dev:
    hosst: https://x
    auth: { kind: pta, token: x }
  prod: { host: https://y, auth: { token: x } }
targets:
  dev: { workspace: dve, mode: devel, confrim: true, default: true }
jobs:
  state: { kind: store }
  sources:
    - { kind: yaml, path: 5, profil: bundle }
    - { kind: ymal }
    - yaml
runs: { lease: soon, timezone: }
server: { apply: "yes", listen: "${D}{var.port}" }
`,
    );
    expect(config).toBeUndefined();
    expect(problems).toEqual([
      "headgate.yaml:1:1 version: expected 1: this headgate reads version 1 of the config, found 2",
      "headgate.yaml:2:1 project: use letters, digits, . - and _",
      "headgate.yaml:3:1 sevrer: this key is not known — did you mean server?",
      "headgate.yaml:5:3 workspaces.dev: host is missing",
      "headgate.yaml:6:5 workspaces.dev.hosst: this key is not known — did you mean host?",
      expect.stringMatching(
        /^headgate.yaml:7:13 workspaces.dev.auth.kind: expected pat \| oauth-m2m \| .*, found 'pta': did you mean pat\?$/,
      ),
      expect.stringMatching(/^headgate.yaml:8:28 workspaces.prod.auth: kind is missing: expected pat \| /),
      "headgate.yaml:10:26 targets.dev.mode: expected development | production, found 'devel'",
      "headgate.yaml:10:39 targets.dev.confrim: this key is not known — did you mean confirm?",
      "headgate.yaml:14:21 jobs.sources[0].path: expected a text or a list of texts",
      "headgate.yaml:14:30 jobs.sources[0].profil: this key is not known — did you mean profile?",
      "headgate.yaml:15:9 jobs.sources[1].kind: expected yaml | template | control-table, found 'ymal': did you mean yaml?",
      "headgate.yaml:16:7 jobs.sources[2]: expected a map, found 'yaml'",
      "headgate.yaml:17:9 runs.lease: expected a duration like 90s, 5m, 1h, 30d",
      "headgate.yaml:17:22 runs.timezone: expected a text, found nothing",
      "headgate.yaml:18:11 server.apply: expected true or false, found 'yes'",
      "headgate.yaml:18:33 server.listen: variable 'port' has no value — no variables are defined",
    ]);
  });

  it.each([
    ["an empty file", "", "the file is empty"],
    ["a list", "- a\n", "the file is no map"],
    [
      "a key twice",
      `${SMALL}project: again\n`,
      "headgate.yaml:4:1 project: key 'project' is given twice, first on line 2",
    ],
    ["bad syntax", "project: [a\nstore: }\n", "near `"],
    ["no project", "version: 1\n", "headgate.yaml:1:1 project is missing"],
    [
      "an unknown workspace",
      `${SMALL}targets: { t: { workspace: dve } }\n`,
      "there is no workspace 'dve' — did you mean dev?",
    ],
    [
      "a state in SQLite",
      `${SMALL}jobs: { state: { kind: store } }\n`,
      "jobs.state: a state in the store needs a Postgres",
    ],
    [
      "two sources of a kind without names",
      `${SMALL}jobs: { sources: [ { kind: yaml, path: a }, { kind: yaml, path: b } ] }\n`,
      "jobs.sources[1]: 'yaml' is also the name of sources[0]",
    ],
    [
      "a fault in another target",
      `${SMALL}targets: { a: { default: true }, b: { server: { aply: true } } }\n`,
      "server.aply: this key is not known — did you mean apply?",
    ],
    [
      "logs from nowhere",
      `${SMALL}lineage: { sources: [ { kind: storage-logs } ] }\n`,
      "give either a path, or account and container",
    ],
  ])("of %s are told", async (_what, text, message) => {
    const { config, problems } = await load(text);
    expect(problems.join("\n")).toContain(message);
    expect(config).toBeUndefined();
  });

  it("become an error for who needs a config", async () => {
    await writeFile(join(dir, "headgate.yaml"), "version: 1\nporject: a\n");
    const error = await requireConfig({ dir, env: {} }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HeadgateError);
    expect(error).toMatchObject({
      code: "config_invalid",
      exitCode: 65,
      message: expect.stringContaining("(and 1 more)"),
    });
  });
});

describe("secrets", () => {
  it("that are not set are warnings when loaded, and errors when opened, naming variable and place", async () => {
    const { config, problems } = await load(FULL, { target: "prod", env: { HOOK: "https://h" } });
    expect(problems).toEqual([
      "headgate.yaml:4:31 store.url: environment variable HEADGATE_DATABASE_URL is not set — set it: export HEADGATE_DATABASE_URL=…",
      "headgate.yaml:9:40 workspaces.prod.auth.clientId: environment variable DATABRICKS_CLIENT_ID is not set — set it: export DATABRICKS_CLIENT_ID=…",
      "headgate.yaml:9:85 workspaces.prod.auth.clientSecret: environment variable DATABRICKS_CLIENT_SECRET is not set — set it: export DATABRICKS_CLIENT_SECRET=…",
    ]);
    if (!config?.workspace) throw new Error("no config");
    const { auth } = config.workspace;
    const open = () => openValue(auth, "workspaces.prod.auth", { dir, env: {}, placeOf: config.placeOf });
    expect(open).toThrow(
      "headgate.yaml:9:30 workspaces.prod.auth.clientId: environment variable DATABRICKS_CLIENT_ID is not set (and 1 more)",
    );
  });

  it("are filled from environment and files, and masked from then on", async () => {
    await writeFile(join(dir, "token.txt"), "canary-file\n");
    const value = { a: `x ${D}{env:A}`, b: [`${D}{file:token.txt}`], c: 1, d: `${D}{other} ${D}${D}{env:A}` };
    const opened = openValue(value, "p", { dir, env: { A: "canary-env" } });
    expect(opened).toEqual({ a: "x canary-env", b: ["canary-file"], c: 1, d: `${D}{other} ${D}{env:A}` });
    expect(redact("canary-env canary-file")).toBe("*** ***");
    openValue({ host: `${D}{env:H}` }, "workspaces.w", { dir, env: { H: "https://shown.example" } });
    expect(redact("https://shown.example")).toBe("https://shown.example");
    expect(secretReader({ dir, env: {} })("file:nothing.txt")).toBeUndefined();
    expect(() => openValue(`${D}{file:nothing.txt}`, "p", { dir, env: {} })).toThrow("file nothing.txt");
  });

  it("in clear are warned of, and masked", async () => {
    const { config, problems } = await load(`
project: retail
store: { kind: postgres, url: "postgres://me:canary-url@h/d" }
workspaces: { dev: { host: https://dev.example, auth: { kind: pat, token: canary-pat } } }
`);
    expect(problems).toEqual([
      `headgate.yaml:3:31 store.url: the password in this URL is written in clear — keep it out of the file: ${D}{env:NAME} or ${D}{file:path}`,
      `headgate.yaml:4:75 workspaces.dev.auth.token: token is written in clear — keep it out of the file: ${D}{env:NAME} or ${D}{file:path}`,
    ]);
    if (!config) throw new Error("no config");
    expect(JSON.stringify(explainConfig(config))).not.toMatch(/canary/);
  });
});
