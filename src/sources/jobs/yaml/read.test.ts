import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatProblem } from "../../../model/problem.ts";
import type { Variable } from "../../../model/reference.ts";
import { parsePlacedYaml } from "../../../util/parse-yaml.ts";
import type { YamlSourceConfig } from "./config.ts";
import { openYamlSource } from "./index.ts";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "headgate-yaml-"));
});
afterEach(() => rm(dir, { recursive: true }));

interface Options extends Partial<YamlSourceConfig> {
  target?: string;
  variables?: Record<string, Variable["value"]>;
  defaults?: string;
  workspace?: Record<string, string>;
}

async function read(files: Record<string, string>, options: Options = {}) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  const { target = "dev", variables = {}, defaults, workspace = {}, ...config } = options;
  const source = openYamlSource(
    { kind: "yaml", path: "**/*.yml", ...config },
    {
      dir,
      project: "retail",
      target,
      variables: new Map(Object.entries(variables).map(([name, value]) => [name, { value, origin: "target" }])),
      defaults: defaults === undefined ? undefined : parsePlacedYaml(defaults, "headgate.yaml").root,
      workspace: async () => workspace,
    },
  );
  const { jobs, problems, inputs } = await source.read();
  const byKey = Object.fromEntries(jobs.map((job) => [job.resource, job]));
  return { jobs: byKey, problems: problems.map(formatProblem), inputs, raw: problems };
}

describe("jobs: files", () => {
  it("map resource ids to settings, with the name by default", async () => {
    const { jobs, problems, inputs } = await read({
      "jobs/a.yml": "jobs:\n  nightly:\n    tasks:\n      - task_key: load\n        max_retries: 2\n",
    });
    expect(problems).toEqual([]);
    expect(inputs).toEqual(["jobs/a.yml"]);
    expect(jobs.nightly?.settings).toEqual({ name: "nightly", tasks: [{ task_key: "load", max_retries: 2 }] });
    expect(jobs.nightly?.place).toEqual({ file: "jobs/a.yml", line: 2, column: 3 });
    expect(jobs.nightly?.placeOf("tasks[0].max_retries")).toEqual({ file: "jobs/a.yml", line: 5, column: 9 });
    expect(jobs.nightly?.placeOf("tasks[task_key=load].max_retries")).toEqual({
      file: "jobs/a.yml",
      line: 5,
      column: 9,
    });
    expect(jobs.nightly?.placeOf("schedule.pause_status")).toEqual({ file: "jobs/a.yml", line: 2, column: 3 });
  });

  it("may have the line ends of Windows", async () => {
    const { jobs, problems } = await read({ "a.yml": "jobs:\r\n  j:\r\n    description: |\r\n      x\r\n      y\r\n" });
    expect(problems).toEqual([]);
    expect(jobs.j?.settings.description).toBe("x\ny\n");
    expect(jobs.j?.placeOf("description")).toEqual({ file: "a.yml", line: 3, column: 5 });
  });

  it("send texts as written and numbers as numbers", async () => {
    const { jobs } = await read({
      "a.yml": `
jobs:
  j:
    tags: { version: 1.10, on: true, day: 2024-01-01, empty: }
    timeout_seconds: "3600"
    parameters: [ { name: n, default: 007 } ]
    tasks:
      - task_key: 1
        retry_on_timeout: "true"
        notebook_task: { notebook_path: /n, base_parameters: { limit: 0x10, big: 12345678901234567890 } }
      - task_key: call
        run_job_task: { job_id: 9223372036854775807 }
        new_cluster: { spark_conf: { spark.speculation: false }, num_workers: }
`,
    });
    expect(jobs.j?.settings).toEqual({
      name: "j",
      tags: { version: "1.10", on: "true", day: "2024-01-01", empty: "" },
      timeout_seconds: 3600,
      parameters: [{ name: "n", default: "007" }],
      tasks: [
        {
          task_key: "1",
          retry_on_timeout: true,
          notebook_task: { notebook_path: "/n", base_parameters: { limit: "0x10", big: "12345678901234567890" } },
        },
        {
          task_key: "call",
          run_job_task: { job_id: 9223372036854775807n },
          new_cluster: { spark_conf: { "spark.speculation": "false" } },
        },
      ],
    });
  });

  it("fill variables with their types, also in keys, and keep what is the platform's", async () => {
    const { jobs, problems } = await read(
      {
        "a.yml": `
jobs:
  \${var.env}_load:
    max_concurrent_runs: \${var.runs}
    tags: \${var.tags}
    description: "in \${var.env}, {{job.run_id}} and \${threshold}, $\${var.env}"
    tasks:
      - task_key: call
        run_job_task: { job_id: "\${resources.jobs.other.id}" }
`,
      },
      { variables: { env: "prod", runs: 3, tags: { team: "core", level: 1 } } },
    );
    expect(problems).toEqual([]);
    expect(jobs.prod_load?.settings).toEqual({
      name: "prod_load",
      max_concurrent_runs: 3,
      tags: { team: "core", level: "1" },
      description: `in prod, {{job.run_id}} and \${threshold}, \${var.env}`,
      tasks: [{ task_key: "call", run_job_task: { job_id: `\${resources.jobs.other.id}` } }],
    });
  });

  it("name an undefined variable with its place, and do not lose the other jobs", async () => {
    const { jobs, problems, raw } = await read(
      { "a.yml": `jobs:\n  bad:\n    description: \${var.regoin}\n  good:\n    description: fine\n` },
      { variables: { region: "eu" } },
    );
    expect(Object.keys(jobs)).toEqual(["good"]);
    expect(problems).toEqual([
      "a.yml:3:18 jobs.bad.description: variable 'regoin' has no value — did you mean 'region'? defined are region",
    ]);
    expect(raw[0]?.resource).toBe("bad");
  });

  it("warn of a secret and leave it as written", async () => {
    const { jobs, raw } = await read({ "a.yml": `jobs: { j: { description: "\${env:TOKEN}" } }` });
    expect(jobs.j?.settings.description).toBe(`\${env:TOKEN}`);
    expect(raw).toMatchObject([{ severity: "warning", code: "secret_in_settings", path: "jobs.j.description" }]);
    expect(raw[0]?.hint).toContain("{{secrets/scope/key}}");
  });

  it("merge anchors and `<<`, and the defaults of the config below", async () => {
    const { jobs, problems } = await read(
      {
        "a.yml": `
x-task: &task { max_retries: 1, timeout_seconds: 60 }
jobs:
  j:
    edit_mode: EDITABLE
    tasks:
      - { <<: *task, task_key: a, timeout_seconds: 90 }
`,
      },
      { defaults: "edit_mode: UI_LOCKED\nqueue: { enabled: true }\n" },
    );
    expect(problems).toEqual([]);
    expect(jobs.j?.settings).toEqual({
      name: "j",
      edit_mode: "EDITABLE",
      queue: { enabled: true },
      tasks: [{ task_key: "a", max_retries: 1, timeout_seconds: 90 }],
    });
    expect(jobs.j?.placeOf("queue.enabled").file).toBe("headgate.yaml");
  });

  it("keep former ids, permissions and protection out of the settings", async () => {
    const { jobs } = await read({
      "a.yml": `
moved: { ancient: j }
jobs:
  j:
    moved: older
    previous: [oldest]
    lifecycle: { prevent_destroy: true }
    permissions: [ { level: CAN_VIEW, group_name: users } ]
    access_control_list: [ { user_name: a@x, permission_level: IS_OWNER } ]
`,
    });
    expect(jobs.j?.settings).toEqual({ name: "j" });
    expect(jobs.j).toMatchObject({
      previous: ["older", "oldest", "ancient"],
      protect: true,
      permissions: [
        { group_name: "users", permission_level: "CAN_VIEW" },
        { user_name: "a@x", permission_level: "IS_OWNER" },
      ],
    });
  });

  it.each([
    ["a list of jobs", "jobs:\n  - name: x\n", "a.yml:2:3 jobs: jobs are a map, found a list — write a map"],
    ["a job that is a text", "jobs:\n  j: soon\n", "a.yml:2:3 jobs.j: a job is a map of its settings"],
    ["a job at the top", "name: x\ntasks: []\n", "a.yml:2:1 tasks: a job stands at the top of the file"],
    ["a short task without a key", "jobs: { j: { tasks: [ { task_type: notebook } ] } }", "a task needs a task_key"],
    ["modules that are no list", "modules: {}\n", "a.yml:1:1 modules: modules are a list"],
    ["metadata without a job", 'metadata_version: "1.0"\n', "this metadata file has neither modules nor jobs"],
    [
      "a key twice",
      "jobs:\n  j:\n    name: a\n    name: b\n",
      "a.yml:4:5 jobs.j.name: key 'name' is given twice, first on line 3",
    ],
    ["bad syntax", "jobs:\n  j: [1, 2\nk: 1\n", "near `"],
    ["a tab", "jobs:\n\tj: {}\n", "indent with blanks"],
    ["a bad resource id", "jobs: { 'a b': {} }", "'a b' is no resource id"],
    ["an unknown anchor", "jobs: { j: *nowhere }", "nowhere"],
    ["a list as a file", "- a\n", "the file is no map"],
  ])("refuse %s", async (_what, text, expected) => {
    const { jobs, problems } = await read({ "a.yml": text });
    expect(problems.join("\n")).toContain(expected);
    expect(jobs).toEqual({});
  });

  it("refuse a resource that is declared twice, in one file or two, naming both places", async () => {
    const { jobs, problems } = await read({
      "a.yml": "jobs:\n  j: {}\n  k: {}\n  k: {}\n  l: {}\n",
      "b.yml": "jobs:\n  j: {}\n",
    });
    expect(Object.keys(jobs)).toEqual(["l"]);
    expect(problems).toEqual([
      "a.yml:4:3 jobs: resource 'k' is declared twice, first at a.yml:3:3 — rename one of them",
      "b.yml:2:3 jobs.j: resource 'j' is declared twice, first at a.yml:2:3 — rename one of them",
    ]);
  });

  it("warn of a misspelt key and of a pattern that matches nothing", async () => {
    const { problems } = await read({ "a.yml": "job: {}\n" }, { path: ["a.yml", "none/*.yml"] });
    expect(problems).toEqual([
      "jobs.sources.path: no file matches none/*.yml",
      "a.yml:1:1 job: this key is not read — did you mean jobs?",
    ]);
  });
});

describe("bundle files", () => {
  const FIXTURE = join(import.meta.dirname, "fixtures/bundle");
  const bundle = Object.fromEntries(
    ["databricks.yml", "resources/load.yml"].map((file) => [file, readFileSync(join(FIXTURE, file), "utf8")]),
  );

  it("are read with includes, variables, the target's overrides and local paths", async () => {
    const { jobs, raw, inputs } = await read(bundle, {
      path: "databricks.yml",
      target: "prod",
      workspace: { "current_user.userName": "anna@x" },
    });
    expect(inputs).toEqual(["databricks.yml", "resources/load.yml"]);
    expect(jobs.load?.settings).toEqual({
      name: "load prod",
      schedule: { quartz_cron_expression: "0 0 5 * * ?", timezone_id: "UTC", pause_status: "UNPAUSED" },
      job_clusters: [{ job_cluster_key: "main", new_cluster: { spark_version: "15.4.x", num_workers: 2 } }],
      tasks: [
        {
          task_key: "a",
          notebook_task: { notebook_path: "/Workspace/shop/files/src/a", base_parameters: { c: "prod_cat" } },
        },
        {
          task_key: "b",
          depends_on: [{ task_key: "a" }],
          max_retries: 5,
          spark_python_task: { python_file: "/Workspace/shop/files/src/b.py" },
        },
      ],
    });
    expect(jobs.load?.permissions).toEqual([{ group_name: "ops", permission_level: "CAN_MANAGE_RUN" }]);
    expect(jobs.load?.placeOf("tasks[task_key=b].max_retries").file).toBe("databricks.yml");
    expect(raw.map((problem) => [problem.severity, problem.code])).toEqual([
      ["warning", "ignored_resource"],
      ["warning", "not_looked_up"],
      ["warning", "local_path"],
    ]);
  });

  it("have the bundle's defaults with profile bundle, and its folders of the user", async () => {
    const { jobs } = await read(bundle, {
      path: "databricks.yml",
      profile: "bundle",
      workspace: { "current_user.userName": "anna@x", "current_user.short_name": "anna" },
    });
    expect(jobs.load?.settings).toMatchObject({
      name: "[dev anna] load dev",
      edit_mode: "UI_LOCKED",
      max_concurrent_runs: 4,
      tags: { dev: "anna" },
      queue: { enabled: true },
      deployment: {
        kind: "BUNDLE",
        metadata_file_path: "/Workspace/Users/anna@x/.bundle/shop/dev/state/metadata.json",
      },
    });
  });

  it("include what is YAML or JSON of a pattern, and may declare all jobs in their targets", async () => {
    const files = {
      "databricks.yml": "bundle: { name: shop }\ninclude: [resources/*]\n",
      "resources/jobs.yml": `
config: &config { load: { name: Load, tasks: [{ task_key: a, notebook_task: { notebook_path: ../a.py } }] } }
targets: { dev: { resources: { jobs: { <<: *config } } } }
`,
      "resources/notes.txt": "this is no yaml: [",
    };
    const { jobs, problems } = await read(files, {
      path: "databricks.yml",
      workspace: { "current_user.userName": "anna@x" },
    });
    expect(problems).toEqual([expect.stringContaining("local path ../a.py")]);
    expect(jobs.load?.settings.tasks).toMatchObject([
      { notebook_task: { notebook_path: "/Workspace/Users/anna@x/.bundle/shop/dev/files/a" } },
    ]);
  });

  it("let the config's variables win, and name a target they do not have", async () => {
    const { jobs, raw } = await read(bundle, {
      path: "databricks.yml",
      target: "test",
      variables: { catalog: "mine" },
    });
    expect(jobs.load?.settings.tasks?.[0]).toMatchObject({ notebook_task: { base_parameters: { c: "mine" } } });
    expect(raw.find((problem) => problem.code === "unknown_target")?.hint).toContain("dev, prod");
  });
});
