/** What a bundle's target says beside its jobs: presets, permissions, folders, libraries, with references in them. */
import { expect, it } from "vitest";
import { formatProblem } from "../../../model/problem.ts";
import { parsePlacedYaml } from "../../../util/parse-yaml.ts";
import type { PlacedMap } from "../../../util/placed-yaml.ts";
import { declaredJobs } from "./map.ts";

/** One file as a bundle's source reads it, for user anna. */
function declared(text: string, profile?: "bundle", more: { found?: Record<string, string>; given?: string[] } = {}) {
  const root = parsePlacedYaml(text, "databricks.yml").root as PlacedMap;
  const { jobs, problems } = declaredJobs([{ file: "databricks.yml", root, usesWorkspace: true }], {
    source: "bundle",
    project: "shop",
    target: "dev",
    profile,
    variables: new Map((more.given ?? []).map((name) => [name, { value: "given", origin: "--var" }])),
    defaults: undefined,
    workspace: {
      "current_user.userName": "anna@x.com",
      "current_user.short_name": "anna",
      "bundle.git.branch": "main",
      "bundle.git.commit": "0123abc",
      ...more.found,
    },
  });
  return { job: jobs[0], problems: problems.map(formatProblem) };
}

const JOB = `
resources:
  jobs:
    load:
      name: Load
      tasks: [{ task_key: a, notebook_task: { notebook_path: /Shared/a } }]
`;

it("fills references in permissions, so that nobody is granted as a variable's name", () => {
  const { job, problems } = declared(`
variables: { robot: { default: 11111111-2222-4333-8444-555555555555 } }
permissions: [{ service_principal_name: "\${var.robot}", level: CAN_MANAGE }]
${JOB}`);
  expect(job?.permissions).toEqual([
    { service_principal_name: "11111111-2222-4333-8444-555555555555", permission_level: "CAN_MANAGE" },
  ]);
  expect(problems).toEqual([]);
});

it("says which variable of a permission has no value", () => {
  const { problems } = declared(`permissions: [{ user_name: "\${var.who}", level: CAN_VIEW }]\n${JOB}`);
  expect(problems).toEqual([
    expect.stringContaining("databricks.yml:1:28 permissions.user_name: variable 'who' has no value"),
  ]);
});

it("fills references in presets, and its prefix is the only one in a development target", () => {
  const { job } = declared(`
targets:
  dev:
    presets: { name_prefix: "[dev \${workspace.current_user.short_name}] ", tags: { team: "\${bundle.name}" } }
bundle: { name: shop }
${JOB}`);
  expect(job?.settings).toMatchObject({ name: "[dev anna] Load", tags: { team: "shop" } });
  expect(job?.prefixed).toBe(true);
  expect(declared(JOB).job?.prefixed).toBeUndefined();
});

it("lets presets say the runs at a time before the bundle's default", () => {
  const presets = "targets: { dev: { presets: { jobs_max_concurrent_runs: 4 } } }";
  expect(declared(`${presets}${JOB}`, "bundle").job?.settings.max_concurrent_runs).toBe(4);
  expect(declared(JOB, "bundle").job?.settings.max_concurrent_runs).toBe(1);
  expect(declared(JOB).job?.settings.max_concurrent_runs).toBeUndefined();
});

it("fills variables in the folders of the workspace", () => {
  const { job } = declared(`
variables: { area: { default: etl } }
workspace: { root_path: "/Workspace/Shared/\${var.area}/\${bundle.target}" }
resources:
  jobs:
    load:
      tasks:
        - { task_key: a, notebook_task: { notebook_path: src/a.py } }
        - { task_key: b, dbt_task: { project_directory: ., commands: [dbt run] } }
`);
  expect(job?.settings.tasks).toMatchObject([
    { notebook_task: { notebook_path: "/Workspace/Shared/etl/dev/files/src/a" } },
    { dbt_task: { project_directory: "/Workspace/Shared/etl/dev/files" } },
  ]);
});

it("names local libraries as they are deployed, keeps patterns, and says so", () => {
  const { job, problems } = declared(`
workspace: { root_path: /Workspace/shop }
resources:
  jobs:
    load:
      environments:
        - environment_key: e
          spec: { dependencies: ["dist/etl.whl[x]", -r ./req.txt, '-r "/Workspace/r.txt"', "pandas>=2", /Volumes/a/b.whl, "x @ https://y/z.whl"] }
      tasks:
        - task_key: a
          python_wheel_task: { package_name: etl, entry_point: main }
          libraries: [{ whl: ./dist/*.whl }, { jar: lib/a.jar }, { jar: "dbfs:/b.jar" }, { requirements: req.txt }, { pypi: { package: x } }]
`);
  expect(job?.settings.environments).toEqual([
    {
      environment_key: "e",
      spec: {
        dependencies: [
          "/Workspace/shop/artifacts/.internal/etl.whl[x]",
          "-r /Workspace/shop/files/req.txt",
          '-r "/Workspace/r.txt"',
          "pandas>=2",
          "/Volumes/a/b.whl",
          "x @ https://y/z.whl",
        ],
      },
    },
  ]);
  expect(job?.settings.tasks?.[0]?.libraries).toEqual([
    { whl: "/Workspace/shop/artifacts/.internal/*.whl" },
    { jar: "/Workspace/shop/artifacts/.internal/a.jar" },
    { jar: "dbfs:/b.jar" },
    { requirements: "/Workspace/shop/files/req.txt" },
    { pypi: { package: "x" } },
  ]);
  expect(problems).toHaveLength(5);
  expect(problems.join("\n")).toContain(
    "pattern ./dist/*.whl is sent as /Workspace/shop/artifacts/.internal/*.whl, and the workspace knows no patterns",
  );
});

it("reads the words of YAML 1.1 where a flag or a number is wanted, and nowhere else", () => {
  const { job, problems } = declared(`
jobs:
  load:
    queue: { enabled: on }
    timeout_seconds: 1_000
    tags: { on: off, y: no }
    tasks: [{ task_key: y, disabled: No, notebook_task: { notebook_path: /a, base_parameters: { n: 1_000 } } }]
`);
  expect(problems).toEqual([]);
  expect(job?.settings).toMatchObject({
    queue: { enabled: true },
    timeout_seconds: 1000,
    tags: { on: "off", y: "no" },
    tasks: [{ task_key: "y", disabled: false, notebook_task: { base_parameters: { n: "1_000" } } }],
  });
});

it("knows the checkout, and what is declared of it before that", () => {
  const tags = 'tags: { b: "${bundle.git.branch}", c: "${bundle.git.commit}" }';
  const text = `${JOB}      ${tags}\n`;
  expect(declared(text).job?.settings.tags).toEqual({ b: "main", c: "0123abc" });
  const git = "bundle: { git: { branch: trunk } }";
  expect(declared(`${git}${text}`).job?.settings.tags).toEqual({ b: "trunk", c: "0123abc" });
  const target = "targets: { dev: { git: { branch: dev } } }";
  expect(declared(`${git}\n${target}${text}`).job?.settings.tags).toEqual({ b: "dev", c: "0123abc" });
});

it("takes what a variable looks up, and says which one cannot be", () => {
  const text = `
variables:
  wh: { lookup: { warehouse: Shared } }
  odd: { lookup: { metastore: m } }
${JOB}      tags: { w: "\${var.wh}" }
`;
  const tags = (found: Record<string, string>, given: string[] = []) => {
    const { job, problems } = declared(text, undefined, { found, given: ["odd", ...given] });
    return { tags: job?.settings.tags, problems };
  };
  expect(tags({ "lookup.warehouse.Shared": "abc" })).toEqual({ tags: { w: "abc" }, problems: [] });
  expect(tags({}, ["wh"])).toEqual({ tags: { w: "given" }, problems: [] });
  expect(tags({ "lookup.warehouse.Shared": "" }).problems).toEqual([
    expect.stringContaining("3:17 variables.wh.lookup: you may see no warehouse named 'Shared' in the workspace"),
    expect.stringContaining("variable 'wh' has no value"),
  ]);
  expect(tags({ "lookup.warehouse.Shared": "a\nb" }).problems[0]).toContain("2 are named 'Shared': a, b");
  expect(tags({}).problems[0]).toContain("the workspace does not say which warehouse is named 'Shared'");
  expect(declared(text).problems.join()).toContain("a lookup of metastore is not known");
});
