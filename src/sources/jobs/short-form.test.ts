import { describe, expect, it } from "vitest";
import { formatProblem } from "../../model/problem.ts";
import { parsePlacedYaml } from "../../util/parse-yaml.ts";
import { declaredJobs, type MapContext } from "./yaml/map.ts";

/** Jobs of one file, with what is wrong as text. */
function read(text: string, more: Partial<MapContext> = {}) {
  const { root, faults } = parsePlacedYaml(text, "jobs.yml");
  if (root?.kind !== "map" || faults.length > 0) throw new Error(JSON.stringify(faults));
  const made = declaredJobs([{ file: "jobs.yml", root, usesWorkspace: false }], {
    source: "files",
    project: "shop",
    target: "dev",
    profile: undefined,
    variables: new Map([["env", { value: "dev", origin: "target" }]]),
    defaults: undefined,
    workspace: {},
    ...more,
  });
  return {
    jobs: Object.fromEntries(made.jobs.map((job) => [job.resource, job])),
    problems: made.problems.map(formatProblem),
  };
}

/** The one task of a job `j` with these lines. */
function task(lines: string, more: Partial<MapContext> = {}) {
  const indented = lines.trim().replaceAll("\n", "\n        ");
  const { jobs, problems } = read(`jobs:\n  j:\n    tasks:\n      - task_key: t\n        ${indented}\n`, more);
  return { task: jobs.j?.settings.tasks?.[0], queries: jobs.j?.queries, problems };
}

describe("each task type becomes the API's own task", () => {
  it.each([
    [
      "notebook",
      "task_type: notebook\nfile_path: /nb/a\nparameters: { day: 2026-01-02, n: 1.10, none: }",
      { notebook_task: { notebook_path: "/nb/a", base_parameters: { day: "2026-01-02", n: "1.10", none: "" } } },
    ],
    [
      "notebook with v0.1's names and a list of parameters",
      "task_type: notebook\nnotebook_path: /nb/a\nparameters: [ { name: x, default: 1 } ]",
      { notebook_task: { notebook_path: "/nb/a", base_parameters: { x: "1" } } },
    ],
    [
      "sql_query by id",
      "task_type: sql_query\nquery_id: q-1\nwarehouse_id: w-1\nparameters: { d: CURRENT_DATE() }",
      { sql_task: { query: { query_id: "q-1" }, parameters: { d: "CURRENT_DATE()" }, warehouse_id: "w-1" } },
    ],
    [
      "sql_file",
      "task_type: sql_file\nfile_path: /sql/a.sql\nwarehouse_id: w-1",
      { sql_task: { file: { path: "/sql/a.sql", source: "WORKSPACE" }, warehouse_id: "w-1" } },
    ],
    [
      "sql_file in Git",
      "task_type: sql_file\nfile_path: a.sql\nfile_source: GIT\nwarehouse_id: w-1",
      { sql_task: { file: { path: "a.sql", source: "GIT" }, warehouse_id: "w-1" } },
    ],
    [
      "python_wheel",
      "task_type: python_wheel\npackage_name: p\nentry_point: main\nparameters: [a, 1]\nenvironment_key: e",
      { python_wheel_task: { package_name: "p", entry_point: "main", parameters: ["a", "1"] }, environment_key: "e" },
    ],
    [
      "python_wheel with named parameters",
      "task_type: python_wheel\npackage_name: p\nentry_point: main\nparameters: { a: 1 }",
      { python_wheel_task: { package_name: "p", entry_point: "main", named_parameters: { a: "1" } } },
    ],
    [
      "spark_jar",
      "task_type: spark_jar\nmain_class_name: com.x.Main\nparameters: [a]\nlibraries: [ { jar: /a.jar } ]",
      { spark_jar_task: { main_class_name: "com.x.Main", parameters: ["a"] }, libraries: [{ jar: "/a.jar" }] },
    ],
    [
      "pipeline",
      "task_type: pipeline\npipeline_id: p-1\nfull_refresh: true",
      { pipeline_task: { pipeline_id: "p-1", full_refresh: true } },
    ],
    [
      "dbt",
      "task_type: dbt\ncommands: dbt run\nwarehouse_id: w\ncatalog: c\nschema: s\nproject_directory: /d",
      { dbt_task: { commands: ["dbt run"], project_directory: "/d", warehouse_id: "w", catalog: "c", schema: "s" } },
    ],
    [
      "python_script",
      "task_type: python_script\npython_file: /a.py\nparameters: [x]",
      { spark_python_task: { python_file: "/a.py", parameters: ["x"] } },
    ],
    [
      "run_job",
      `task_type: run_job\njob_id: "\${resources.jobs.other.id}"\nparameters: { a: 1 }`,
      { run_job_task: { job_id: `\${resources.jobs.other.id}`, job_parameters: { a: "1" } } },
    ],
    [
      "condition",
      'task_type: condition\nop: EQUAL_TO\nleft: "{{job.run_id}}"\nright: 1',
      { condition_task: { op: "EQUAL_TO", left: "{{job.run_id}}", right: "1" } },
    ],
    [
      "for_each",
      "task_type: for_each\ninputs: [1, 2]\nconcurrency: 2\ntask: { task_key: in, task_type: notebook, file_path: /a }",
      {
        for_each_task: {
          inputs: "[1,2]",
          concurrency: 2,
          task: { task_key: "in", notebook_task: { notebook_path: "/a" } },
        },
      },
    ],
  ])("%s", (_, lines, expected) => {
    const made = task(lines);
    expect(made.problems).toEqual([]);
    expect(made.task).toEqual({ task_key: "t", ...expected });
  });

  it("and every other field of a task goes through", () => {
    const common =
      "timeout_seconds: 60\nrun_if: ALL_DONE\njob_cluster_key: c\nnotification_settings: { no_alert_for_skipped_runs: true }\ndisabled: true\ndescription: d\nmax_retries: 2\nmin_retry_interval_millis: 10\nretry_on_timeout: true";
    expect(task(`task_type: notebook\nfile_path: /a\n${common}`).task).toEqual({
      task_key: "t",
      notebook_task: { notebook_path: "/a" },
      timeout_seconds: 60,
      run_if: "ALL_DONE",
      job_cluster_key: "c",
      notification_settings: { no_alert_for_skipped_runs: true },
      disabled: true,
      description: "d",
      max_retries: 2,
      min_retry_interval_millis: 10,
      retry_on_timeout: true,
    });
  });
});

describe("faults are named at their place", () => {
  it.each([
    [
      "an unknown type",
      "task_type: notebok\nfile_path: /a",
      "jobs.yml:5:9 jobs.j.tasks[0].task_type: task 't' has the unknown type 'notebok' — did you mean notebook?",
    ],
    [
      "both forms",
      "task_type: notebook\nnotebook_task: { notebook_path: /a }",
      "jobs.yml:6:9 jobs.j.tasks[0].notebook_task: a task has either task_type or notebook_task, not both",
    ],
    [
      "a missing field",
      "task_type: python_wheel\npackage_name: p",
      "jobs.yml:5:9 jobs.j.tasks[0].entry_point: a task of type python_wheel needs entry_point",
    ],
    [
      "text and id of a query",
      "task_type: sql_query\nsql_query: SELECT 1\nquery_id: q\nwarehouse_id: w",
      "either sql_query or query_id is given, not both",
    ],
    ["no query at all", "task_type: sql_query\nwarehouse_id: w", "sql_query or query_id is missing"],
    [
      "no warehouse",
      "task_type: sql_file\nfile_path: /a",
      "a task of type sql_file needs a warehouse_id — give the task one, or a default",
    ],
    [
      "a warehouse that is a placeholder",
      "task_type: sql_file\nfile_path: /a\nwarehouse_id: your-warehouse-id",
      "'your-warehouse-id' names no warehouse",
    ],
    [
      "a command that is not dbt's",
      "task_type: dbt\ncommands: [dbt run, rm -rf /]",
      "a dbt command starts with dbt or edr, found 'rm -rf /'",
    ],
    [
      "dependencies that are a text",
      "task_type: notebook\nfile_path: /a\ndepends_on: a",
      "depends_on is a list of task keys",
    ],
    [
      "profiles beside a warehouse",
      "task_type: dbt\ncommands: dbt run\nwarehouse_id: w\nprofiles_directory: /p",
      "profiles_directory is left out",
    ],
  ])("%s", (_, lines, expected) => {
    expect(task(lines).problems.join("\n")).toContain(expected);
  });

  it("and two keys that become one", () => {
    const { problems } = read(
      "jobs: { j: { tasks: [ { task_key: a-b, task_type: notebook, file_path: /a }, { task_key: a.b, task_type: notebook, file_path: /b } ] } }",
    );
    expect(problems.join()).toContain("'a.b' and 'a-b' (jobs.yml:1:23) both become the task key 'a_b'");
  });
});

describe("keys and dependencies", () => {
  it("are made of letters, digits and _, and refer to each other", () => {
    const { jobs, problems } = read(`
jobs:
  j:
    tasks:
      - { task_key: "load--customers!", task_type: notebook, file_path: /a }
      - { task_key: "-x", task_type: notebook, file_path: /a, depends_on: ["load--customers!"] }
      - { task_key: _under_, task_type: notebook, file_path: /a, depends_on: [ { task_key: "-x", outcome: "true" } ] }
`);
    expect(problems).toEqual([]);
    expect(jobs.j?.settings.tasks?.map(({ task_key, depends_on }) => [task_key, depends_on])).toEqual([
      ["load_customers", undefined],
      ["task_x", [{ task_key: "load_customers" }]],
      ["under", [{ task_key: "task_x", outcome: "true" }]],
    ]);
  });

  it("tasks of the API's form beside short ones are left as they are", () => {
    const { jobs } = read(
      "jobs: { j: { tasks: [ { task_key: a-b, notebook_task: { notebook_path: /a } }, { task_key: c, task_type: notebook, file_path: /b, depends_on: [a-b] } ] } }",
    );
    expect(jobs.j?.settings.tasks).toEqual([
      { task_key: "a-b", notebook_task: { notebook_path: "/a" } },
      { task_key: "c", depends_on: [{ task_key: "a-b" }], notebook_task: { notebook_path: "/b" } },
    ]);
  });
});

describe("inline SQL", () => {
  it("becomes a saved query that the task names; what is not ours in it survives", () => {
    const made = task(
      `task_type: sql_query\nsql_query: "SELECT CAST('\${threshold}' AS DOUBLE), '\${var.env}', \\"x\\"\\n-- it's"\nparameters: { threshold: "5.0" }`,
      { warehouse: "w-9", queriesPath: "/Workspace/Shared/q" },
    );
    expect(made.problems).toEqual([]);
    expect(made.task?.sql_task).toEqual({
      query: { query_id: `\${resources.queries.t.id}` },
      parameters: { threshold: "5.0" },
      warehouse_id: "w-9",
    });
    expect(made.queries).toEqual([
      {
        key: "t",
        name: "LakeflowJobMeta_j_t",
        text: `SELECT CAST('\${threshold}' AS DOUBLE), 'dev', "x"\n-- it's`,
        warehouse: "w-9",
        parameters: { threshold: "5.0" },
        folder: "/Workspace/Shared/q",
        place: { file: "jobs.yml", line: 6, column: 9 },
      },
    ]);
  });
});

describe("profile lakeflow-meta", () => {
  const meta = { profile: "lakeflow-meta", warehouse: "w" } as const;

  it("adds the original's name and defaults below what a job says", () => {
    const text = `
metadata_version: "2.0"
jobs:
  sales:
    name: Sales daily
    description: kept
    timeout_seconds: 60
    parameters: { catalog: dev }
    tasks: [ { task_key: a, task_type: notebook, file_path: /a } ]
`;
    expect(read(text, meta).jobs.sales?.settings).toEqual({
      name: "[Lakeflow Jobs Meta] Sales daily",
      description: "kept",
      timeout_seconds: 60,
      max_concurrent_runs: 1,
      edit_mode: "UI_LOCKED",
      parameters: [{ name: "catalog", default: "dev" }],
      tasks: [{ task_key: "a", notebook_task: { notebook_path: "/a" } }],
    });
    expect(read(text, { ...meta, prefix: "" }).jobs.sales?.settings.name).toBe("Sales daily");
    const { jobs } = read(text);
    expect(jobs.sales?.settings).toMatchObject({ name: "Sales daily", timeout_seconds: 60 });
    expect(jobs.sales?.settings).not.toHaveProperty("edit_mode");
  });

  it("a job without tasks is skipped with its reason, and the others go on", () => {
    const { jobs, problems } = read(
      "jobs: { empty: { tasks: [] }, fine: { tasks: [ { task_key: a, task_type: notebook, file_path: /a } ] } }",
      meta,
    );
    expect(Object.keys(jobs)).toEqual(["fine"]);
    expect(problems.join()).toContain("jobs.empty.tasks: job 'empty' has no tasks");
  });

  const v01 = `
metadata_version: "1.0"
modules:
  - module_name: ingestion
    description: two stages
    sources:
      - { source_id: b, source_type: delta_table, execution_order: 5, transformation_config: { task_type: notebook, notebook_path: /nb, parameters: { x: 1 } } }
      - { source_id: off, source_type: sql, execution_order: 1, is_active: false, transformation_config: { task_type: sql_file } }
      - source_id: a1
        source_type: sql
        execution_order: 1
        transformation_config:
          task_type: sql_query
          sql_task: { warehouse_id: your_warehouse_id, sql_query: SELECT 1, parameters: { t: 5.0 } }
      - { source_id: a2, execution_order: 1, transformation_config: { task_type: sql_file, sql_task: { sql_file_path: /a.sql } } }
      - { source_id: c, execution_order: 9, transformation_config: { notebook_path: /nc } }
`;

  it("reads modules of v0.1: order, inactive sources, what notebooks receive", () => {
    const { jobs, problems } = read(v01, { ...meta, controlTable: "main.etl.control" });
    expect(problems).toEqual([]);
    const { settings, queries } = jobs.ingestion ?? {};
    expect(settings).toMatchObject({
      name: "Metadata_Driven_ETL_ingestion",
      description: "two stages",
      timeout_seconds: 7200,
    });
    const tasks = Object.fromEntries((settings?.tasks ?? []).map((one) => [one.task_key, one]));
    expect(Object.keys(tasks)).toEqual(["a1", "a2", "b", "c"]);
    expect(tasks.a1).toMatchObject({
      sql_task: { warehouse_id: "w", parameters: { t: "5.0" } },
      timeout_seconds: 3600,
    });
    expect(tasks.a1).not.toHaveProperty("depends_on");
    expect(tasks.b?.depends_on).toEqual([{ task_key: "a1" }, { task_key: "a2" }]);
    expect(tasks.c?.depends_on).toEqual([{ task_key: "b" }]);
    expect(tasks.b?.notebook_task).toEqual({
      notebook_path: "/nb",
      base_parameters: { x: "1", source_id: "b", control_table: "main.etl.control" },
    });
    expect(queries?.map(({ name, text }) => [name, text])).toEqual([["LakeflowJobMeta_ingestion_a1", "SELECT 1"]]);
  });

  it("names what is wrong in a module", () => {
    const bad = `
modules:
  - { module_name: m, sources: [ { source_id: a, transformation_config: {} }, { source_id: a, execution_order: x, transformation_config: {} } ] }
  - { sources: [] }
`;
    const text = read(bad, meta).problems.join("\n");
    expect(text).toContain("jobs.yml:3:34 modules[m].sources[0].execution_order: source 'a' needs an execution_order");
    expect(text).toContain("'x' is no whole number");
    expect(text).toContain("source 'a' of module 'm' is given twice, first at jobs.yml:3:36");
    expect(text).toContain("modules[1]: a module needs a module_name");
  });

  it("reads the form in between: a list of jobs with job_name", () => {
    const text = `
metadata_version: "1.0"
jobs:
  - job_name: Daily ETL
    edit_mode: EDITABLE
    tasks: [ { task_key: a, task_type: notebook, file_path: /a } ]
`;
    const { jobs, problems } = read(text, meta);
    expect(problems).toEqual([]);
    expect(jobs.Daily_ETL?.settings).toMatchObject({ name: "[Lakeflow Jobs Meta] Daily ETL", edit_mode: "EDITABLE" });
  });
});
