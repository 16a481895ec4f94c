/**
 * What `databricks bundle validate -o json` makes of a bundle, case by case, in our words: the cases of the Databricks CLI's
 * own acceptance tests (databricks/cli, `acceptance/bundle/{variables,override,validate,paths}`) that differed once.
 */
import { describe, expect, it } from "vitest";
import { formatProblem } from "../../../model/problem.ts";
import type { Variable } from "../../../model/reference.ts";
import { isObject } from "../../../util/json.ts";
import { parsePlacedYaml } from "../../../util/parse-yaml.ts";
import type { PlacedMap } from "../../../util/placed-yaml.ts";
import { declaredJobs } from "./map.ts";

interface Options {
  target?: string;
  variables?: Record<string, Variable>;
  found?: Record<string, string>;
  mode?: "development";
  dir?: string;
}

/** Files of a bundle, read for user anna; a text is databricks.yml. */
function read(files: string | Record<string, string>, options: Options = {}) {
  const texts = typeof files === "string" ? { "databricks.yml": files } : files;
  const parsed = Object.entries(texts).map(([file, text]) => {
    const root = parsePlacedYaml(text, file).root as PlacedMap;
    return { file, root, usesWorkspace: true };
  });
  const { jobs, problems } = declaredJobs(parsed, {
    source: "bundle",
    project: "shop",
    target: options.target ?? "dev",
    profile: "bundle",
    variables: new Map(Object.entries(options.variables ?? {})),
    defaults: undefined,
    dir: options.dir,
    mode: options.mode,
    workspace: { "current_user.userName": "anna@x.com", "current_user.short_name": "anna", ...options.found },
  });
  return {
    job: jobs[0],
    settings: jobs[0]?.settings,
    tasks: jobs[0]?.settings.tasks ?? [],
    problems: problems.map(formatProblem),
    raw: problems,
  };
}

/** A bundle with one job of one task. */
const withJob = (job: string, more = "") => `
bundle: { name: shop }
${more}
resources:
  jobs:
    load:
      name: Load
      tasks: [{ task_key: a, notebook_task: { notebook_path: /a } }]
${job.replace(/^/gm, "      ")}
`;
const from = (value: Variable["value"], origin: Variable["origin"]): Variable => ({ value, origin, literal: true });

describe("variables", () => {
  const text = withJob('tags: { x: "${var.x}", y: "${var.y}" }', 'variables: { x: { default: file }, y: "${var.x}!" }');
  const overrides = { ".databricks/bundle/dev/variable-overrides.json": '{ "x": "beside" }' };

  it("take the overrides beside the bundle before what is declared, and the environment before those", () => {
    const files = { "databricks.yml": text, ...overrides };
    expect(read(files).settings?.tags).toMatchObject({ x: "beside", y: "beside!" });
    const env = { variables: { x: from("env", "environment") } };
    expect(read(files, env).settings?.tags).toMatchObject({ x: "env", y: "env!" });
    const target = "targets: { dev: { variables: { x: target } } }";
    expect(read(`${text}\n${target}`).settings?.tags).toMatchObject({ x: "target" });
    expect(read({ "databricks.yml": `${text}\n${target}`, ...overrides }).settings?.tags).toMatchObject({
      x: "beside",
    });
  });

  it("keep the default where a target names one without a value", () => {
    const declared = 'variables: { x: { default: "" } }\ntargets: { dev: { variables: { x: } } }';
    const { tasks, problems } = read(
      withJob('tags: { x: "${var.x}" }', declared).replace("notebook_path: /a", 'notebook_path: "/${var.x}a"'),
    );
    expect(problems).toEqual([]);
    expect(tasks[0]).toMatchObject({ notebook_task: { notebook_path: "/a" } });
  });

  it("are declared by a name alone, and have then a value from elsewhere or none", () => {
    const bare = withJob('timeout_seconds: "${var.n}"', "variables: { n: {}, m: }");
    expect(read(bare).problems).toEqual([expect.stringContaining("variable 'n' has no value")]);
    expect(read(bare, { variables: { n: from("60", "environment") } }).settings?.timeout_seconds).toBe(60);
  });

  it("may refer to parts of each other, and not to themselves", () => {
    const cross = (b: string) =>
      withJob(
        'tags: { x: "${var.a.two}", y: "${var.b.one}" }',
        `variables: { a: { default: { one: 500, two: "\${var.b.two}" } }, b: { default: { one: "\${var.a.one}", two: ${b} } } }`,
      );
    expect(read(cross("2.5")).settings?.tags).toMatchObject({ x: "2.5", y: "500" });
    expect(read(cross('"${var.a.two}"')).problems.join()).toContain(
      "variables refer to each other: a.two → b.two → a.two",
    );
  });

  it("are named in the long form too, and lie within others", () => {
    const complex = `variables:
  conf: { type: complex, value: { a.b: "4g" } }
  cluster: { type: complex, value: { num_workers: 2, spark_version: v, spark_conf: "\${var.conf}" } }
  libs: { default: [{ jar: /a.jar }] }`;
    const { settings, problems } = read(
      withJob('job_clusters: [{ job_cluster_key: k, new_cluster: "${variables.cluster.value}" }]', complex),
    );
    expect(problems).toEqual([]);
    expect(settings?.job_clusters).toEqual([
      { job_cluster_key: "k", new_cluster: { num_workers: 2, spark_version: "v", spark_conf: { "a.b": "4g" } } },
    ]);
  });

  it("are looked up by names with variables in them, and a target's value or lookup replaces the other", () => {
    const lookups = `variables:
  env: { default: eu }
  who: { lookup: { service_principal: "robot \${var.env}" } }
  wh: { default: "" }
  pool: { lookup: { instance_pool: none } }
targets: { dev: { variables: { wh: { lookup: { warehouse: W } }, pool: p-1 } } }`;
    const { settings, problems } = read(
      withJob('tags: { who: "${var.who}", wh: "${var.wh}", pool: "${var.pool}" }', lookups),
      { found: { "lookup.servicePrincipal.robot eu": "id-1", "lookup.warehouse.W": "id-2" } },
    );
    expect(problems).toEqual([]);
    expect(settings?.tags).toMatchObject({ who: "id-1", wh: "id-2", pool: "p-1" });
  });
});

describe("a target's part of a job", () => {
  it("joins lists, merges tasks and clusters by the keys as they are sent, and leaves what it leaves empty", () => {
    const { settings, problems } = read({
      "databricks.yml": withJob(
        `email_notifications: { on_failure: [a@x] }
timeout_seconds: 5
job_clusters: [{ job_cluster_key: k, new_cluster: { spark_version: v } }, { job_cluster_key: later, new_cluster: }]`,
        "variables: { key: { default: k } }\ninclude: [over.yml]",
      ),
      "over.yml": `targets:
  dev:
    resources:
      jobs:
        load:
          email_notifications: { on_failure: [b@x] }
          timeout_seconds:
          job_clusters:
            - { job_cluster_key: "\${var.key}", new_cluster: { num_workers: 1 } }
            - { job_cluster_key: later, new_cluster: { num_workers: 2 } }
          tasks:
            - { task_key: a, libraries: [{ pypi: { package: one } }] }
            - { task_key: b, notebook_task: { notebook_path: /b } }`,
      "over2.yml": "targets: { dev: { resources: { jobs: { load: { tasks: [{ task_key: b, max_retries: 1 }] } } } } }",
    });
    expect(problems).toEqual([]);
    expect(settings).toMatchObject({
      email_notifications: { on_failure: ["a@x", "b@x"] },
      timeout_seconds: 5,
      job_clusters: [
        { job_cluster_key: "k", new_cluster: { spark_version: "v", num_workers: 1 } },
        { job_cluster_key: "later", new_cluster: { num_workers: 2 } },
      ],
      tasks: [
        { task_key: "a", notebook_task: { notebook_path: "/a" }, libraries: [{ pypi: { package: "one" } }] },
        { task_key: "b", notebook_task: { notebook_path: "/b" }, max_retries: 1 },
      ],
    });
  });

  it("adds to a list that is a variable", () => {
    const { tasks } = read(`
bundle: { name: shop }
variables: { tasks: { default: [{ task_key: a, job_cluster_key: small, notebook_task: { notebook_path: /a } }] } }
resources: { jobs: { load: { tasks: "\${var.tasks}" } } }
targets: { dev: { resources: { jobs: { load: { tasks: [{ task_key: a, job_cluster_key: big }] } } } } }`);
    expect(tasks).toMatchObject([{ task_key: "a", job_cluster_key: "big", notebook_task: { notebook_path: "/a" } }]);
  });

  it("is read from targets by their former name too", () => {
    const old = "environments: { dev: { resources: { jobs: { load: { timeout_seconds: 7 } } } } }";
    expect(read(`${withJob("description: x")}\n${old}`).settings?.timeout_seconds).toBe(7);
  });
});

describe("mode and presets", () => {
  const DEV = "targets: { dev: { mode: development } }";

  it("name, tag and pause the jobs of a development target, four runs at a time; what a job says stays", () => {
    const { job, raw } = read(withJob("schedule: { quartz_cron_expression: 0 0 5 * * ?, timezone_id: UTC }", DEV));
    expect(job?.settings).toMatchObject({
      name: "[dev anna] Load",
      tags: { dev: "anna" },
      max_concurrent_runs: 4,
      schedule: { pause_status: "PAUSED" },
    });
    expect(job?.prefixed).toBe(true);
    expect(raw.map(({ code }) => code)).toEqual(["other_mode"]);
    const said = "max_concurrent_runs: 2\ncontinuous: { pause_status: UNPAUSED }\ntags: { dev: mine }";
    expect(read(withJob(said, DEV), { mode: "development" })).toMatchObject({
      settings: { max_concurrent_runs: 2, continuous: { pause_status: "UNPAUSED" }, tags: { dev: "mine" } },
      problems: [],
    });
  });

  it("let a target add to the presets of the bundle", () => {
    const presets = `presets: { name_prefix: all_, tags: { team: core, env: all } }
targets: { dev: { mode: development, presets: { trigger_pause_status: UNPAUSED, tags: { env: dev } } } }`;
    expect(read(withJob('tags: { env: "" }\ntrigger: {}', presets)).settings).toMatchObject({
      name: "all_Load",
      tags: { team: "core", env: "dev", dev: "anna" },
      trigger: { pause_status: "UNPAUSED" },
    });
  });

  it("call a job without a name Untitled, as the deployment does", () => {
    const text = withJob("description: x").replace("name: Load\n", "");
    expect(read(text).settings?.name).toBe("Untitled");
    expect(read(`${text}${DEV}`).settings?.name).toBe("[dev anna] ");
  });

  it("put every task that names compute on the target's cluster", () => {
    const tasks = `tasks:
  - { task_key: b, job_cluster_key: k, notebook_task: { notebook_path: /b } }
  - { task_key: c, for_each_task: { inputs: "[1]", task: { task_key: d, environment_key: e, notebook_task: { notebook_path: /d } } } }`;
    const one = withJob("description: x", "targets: { dev: { cluster_id: c-1 } }").replace(
      /tasks: \[.*\]/,
      tasks.replace(/\n/g, "\n      "),
    );
    expect(read(one).tasks).toEqual([
      { task_key: "b", existing_cluster_id: "c-1", notebook_task: { notebook_path: "/b" } },
      {
        task_key: "c",
        for_each_task: {
          inputs: "[1]",
          task: { task_key: "d", existing_cluster_id: "c-1", notebook_task: { notebook_path: "/d" } },
        },
      },
    ]);
  });

  it("leave out of a pool's cluster what the pool says", () => {
    const cluster = (more: string) => {
      const clusters = `job_clusters: [{ job_cluster_key: k, new_cluster: { spark_version: v, node_type_id: n, ${more} } }]`;
      const list = read(withJob(clusters)).settings?.job_clusters;
      const [first] = Array.isArray(list) ? list : [];
      return isObject(first) ? first.new_cluster : undefined;
    };
    const cloud =
      "aws_attributes: { instance_profile_arn: a, zone_id: z }, azure_attributes: { availability: SPOT_AZURE }";
    expect(cluster(`instance_pool_id: p, enable_elastic_disk: true, ${cloud}`)).toEqual({
      spark_version: "v",
      instance_pool_id: "p",
      aws_attributes: { instance_profile_arn: "a" },
    });
    expect(cluster("driver_instance_pool_id: d")).toEqual({ spark_version: "v", node_type_id: "n" });
  });
});

describe("folders and files", () => {
  const two = `tasks:
  - { task_key: a, notebook_task: { notebook_path: ./n.py } }
  - { task_key: b, spark_python_task: { python_file: ../common/x.py } }`;
  const withTwo = (more: string) =>
    withJob("description: x", more).replace(/tasks: \[.*\]/, two.replace(/\n/g, "\n      "));

  it("lie in /Workspace, whether that is written or not", () => {
    const paths = 'workspace: { root_path: "/Users/x/${bundle.name}", file_path: "${workspace.root_path}/src" }';
    const { settings } = read(withJob("tags: { p: '${workspace.file_path}' }", paths));
    expect(settings).toMatchObject({
      tags: { p: "/Workspace/Users/x/shop/src" },
      deployment: { metadata_file_path: "/Workspace/Users/x/shop/state/metadata.json" },
    });
  });

  it("keep their place below the innermost folder that sync.paths needs, and are refused outside of it", () => {
    const files = "/Workspace/Users/anna@x.com/.bundle/shop/dev/files";
    const above = read(withTwo("sync: { paths: [../common, .] }"), { dir: "/repo/etl" });
    expect(above.tasks).toMatchObject([
      { notebook_task: { notebook_path: `${files}/etl/n` } },
      { spark_python_task: { python_file: `${files}/common/x.py` } },
    ]);
    const { job, problems } = read(withTwo(""), { dir: "/repo/etl" });
    expect(job).toBeUndefined();
    expect(problems.join()).toContain("../common/x.py lies outside the bundle's folder");
  });

  it("are those of a repository where the job has one", () => {
    const git = 'git_source: { git_url: "https://x/y", git_provider: gitHub, git_branch: main }';
    const text = withJob(git).replace("/a }", "etl/a }, libraries: [{ whl: ../dist/a.whl }]");
    expect(read(text)).toMatchObject({
      tasks: [{ notebook_task: { notebook_path: "etl/a" }, libraries: [{ whl: "../dist/a.whl" }] }],
      problems: [],
    });
  });
});

describe("other resources of the bundle", () => {
  const resources = `  schemas: { core: { catalog_name: main, name: core } }
  volumes: { files: { catalog_name: main, schema_name: "\${resources.schemas.core.name}", name: files } }
  pipelines: { load: { name: "load \${bundle.name}", clusters: [{ label: default }] } }
  experiments: { e: { name: x } }`;
  const tags = `tags:
  schema: "\${resources.schemas.core.name}"
  volume: "\${resources.volumes.files.volume_path} \${resources.volumes.files.id}"
  label: "\${resources.pipelines.load.clusters[0].label}"
  id: "\${resources.pipelines.load.id}"`;
  const text = (more = "") => `${withJob(tags)}${resources}\n${more}`;
  const codes = (read: { raw: { code: string }[] }) =>
    read.raw.map(({ code }) => code).filter((code) => code !== "ignored_resource");

  it("are named as they are deployed, by what the workspace says of their names", () => {
    const plain = read(text(), { found: { "lookup.pipeline.load shop": "p-1" } });
    expect(plain.settings?.tags).toEqual({
      schema: "core",
      volume: "/Volumes/main/core/files main.core.files",
      label: "default",
      id: "p-1",
    });
    expect(codes(plain)).toEqual([]);
    const own = read(text("targets: { dev: { mode: development } }"), {
      mode: "development",
      found: { "lookup.pipeline.[dev anna] load shop": "p-2", "lookup.pipeline.load shop": "p-1" },
    });
    expect(own.settings?.tags).toMatchObject({
      schema: "dev_anna_core",
      volume: "/Volumes/main/dev_anna_core/files main.dev_anna_core.files",
      id: "p-2",
    });
  });

  it("are left as written where nobody knows, or nothing of that name is declared", () => {
    const unknown = read(text(), { found: { "lookup.pipeline.load shop": "p-1\np-2" } });
    expect(unknown.settings?.tags?.id).toBe("${resources.pipelines.load.id}");
    expect(codes(unknown)).toEqual(["other_resource"]);
    const other = withJob('tags: { a: "${resources.experiments.e.id}", b: "${resources.schemas.none.name}" }');
    expect(codes(read(`${other}${resources}`))).toEqual(["other_resource", "doubtful_reference"]);
  });
});

describe("the rest of a file", () => {
  it("is named once where headgate leaves it alone, and anchors are no keys", () => {
    const rest = `definitions: { small: &small { num_workers: 1 } }
sync: { exclude: [tests] }
artifacts: { default: { type: whl } }
experimental: { python: { resources: [x] } }`;
    const { settings, problems } = read(
      withJob("job_clusters: [{ job_cluster_key: k, new_cluster: { <<: *small, spark_version: v } }]", rest),
    );
    expect(settings?.job_clusters).toMatchObject([{ new_cluster: { num_workers: 1 } }]);
    expect(problems).toEqual([
      expect.stringMatching(
        /^databricks.yml:5:1 artifacts: artifacts, sync, experimental are left alone, and so are jobs that Python/,
      ),
    ]);
  });

  it("gives a principal the most that one list grants, and what all jobs get only where the job says nothing", () => {
    const all = "permissions: [{ level: CAN_MANAGE, user_name: a@x }, { level: CAN_VIEW, group_name: all }]";
    const own = `permissions:
  - { level: CAN_VIEW, user_name: a@x }
  - { level: CAN_RUN, group_name: ops }
  - { level: CAN_VIEW, group_name: ops }`;
    expect(read(withJob(own, all)).job?.permissions).toEqual([
      { user_name: "a@x", permission_level: "CAN_VIEW" },
      { group_name: "ops", permission_level: "CAN_MANAGE_RUN" },
      { group_name: "all", permission_level: "CAN_VIEW" },
    ]);
  });
});
