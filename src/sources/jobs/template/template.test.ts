/** Definitions and templates in a folder, read as a project has them. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DeclaredJobs } from "../../job-source.ts";
import { openTemplateSource } from "./index.ts";

const EXAMPLE = new URL("../../../../examples/dsc-jobs/", import.meta.url);

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "headgate-template-"));
});
afterEach(() => rm(dir, { recursive: true }));

async function read(files: Record<string, string>): Promise<DeclaredJobs> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), text);
  }
  const source = openTemplateSource(
    { kind: "template", definitions: "jobs/*", templates: "templates" },
    {
      dir,
      project: "p",
      target: "dev",
      variables: new Map([["env", { value: "dev", origin: "file", from: "headgate.yaml:1:1" }]]),
      defaults: undefined,
      workspace: async () => ({}),
    },
  );
  return source.read();
}
/** One JSON definition with the standard template. */
const one = (job: object, template: string) =>
  read({ "jobs/a.json": JSON.stringify(job), "templates/standard.jinja2": template });

const STANDARD = '{"name": "{{ job.name }}", "tasks": [{"task_key": "t", "description": "{{ job.text }}"}]}';

describe("db-dsc-jobs' folder", () => {
  it("works as it is; the single task of API 2.0 becomes one of `tasks`", async () => {
    const { jobs, problems } = await read({
      "jobs/jinja_job_example.json": await readFile(new URL("jobs/jinja_job_example.json", EXAMPLE), "utf8"),
      "templates/standard.jinja2": await readFile(new URL("templates/standard.jinja2", EXAMPLE), "utf8"),
      "templates/delete.jinja2": '{ "job_id": {{ id }} }',
    });
    expect(problems).toEqual([]);
    expect(jobs.map(({ resource }) => resource)).toEqual(["jinja_job_example"]);
    expect(jobs[0]?.settings).toEqual({
      name: "Jinja job example",
      timeout_seconds: 3600,
      schedule: { quartz_cron_expression: "0 15 22 ? * *", timezone_id: "America/New_York" },
      tasks: [
        {
          task_key: "Jinja_job_example",
          new_cluster: { spark_version: "6.5.x-scala2.11", node_type_id: "Standard_DS3_v2", num_workers: 1 },
          libraries: [{ jar: "dbfs:/my-jar.jar" }, { maven: { coordinates: "org.jsoup:jsoup:1.7.2" } }],
          notebook_task: {
            notebook_path: "/NoteBookPathLevel1/NoteBookName",
            base_parameters: {
              testSource: "testSource_val",
              "testcdc-volume": "testcdc-volume_val",
              testnumberofstreams: "testnumberofstreams_val",
              testconfigfilepath: "testconfigfilepath_val",
            },
          },
          max_retries: 1,
        },
      ],
    });
  });

  it.each(["jobs", "templates"])(
    "without the folder %s nothing is declared, and the folder is named",
    async (missing) => {
      const files = { "jobs/a.json": '{"name": "a"}', "templates/standard.jinja2": STANDARD };
      const { jobs, problems } = await read(
        Object.fromEntries(Object.entries(files).filter(([file]) => !file.startsWith(missing))),
      );
      expect(jobs).toEqual([]);
      expect(problems).toMatchObject([
        { severity: "error", code: "no_folder", message: `there is no folder ${missing}` },
      ]);
    },
  );

  it("a file without a comma is said with line and column; the others go on", async () => {
    const { jobs, problems } = await read({
      "jobs/bad.json": '{\n  "name": "a"\n  "workers": 1\n}',
      "jobs/good.json": '{"name": "good", "text": "x"}',
      "templates/standard.jinja2": STANDARD,
    });
    expect(jobs.map(({ resource }) => resource)).toEqual(["good"]);
    expect(problems[0]).toMatchObject({ severity: "error", place: { file: "jobs/bad.json", line: 3 } });
  });
});

describe("values cannot break a document", () => {
  const TEXTS = [
    'say "hi"',
    "back\\slash",
    "two\nlines",
    "it's",
    " blanks ",
    'x", "max_retries": 5, "y": "',
    "a: b # c",
    "tab\t",
  ];
  it.each(TEXTS)("between quotes: %j", async (text) => {
    const { jobs, problems } = await one({ name: text, text }, STANDARD);
    expect(problems).toEqual([]);
    expect(jobs[0]?.settings).toEqual({ name: text, tasks: [{ task_key: "t", description: text }] });
  });
  it.each(TEXTS)("printed by jsonify, in JSON and in YAML: %j", async (text) => {
    const json = await one(
      { name: "n", text },
      '{"name": {{ job.text | jsonify }}, "tags": {{ {"k": job.text} | tojson }}}',
    );
    expect(json.jobs[0]?.settings).toEqual({ name: text, tags: { k: text } });
    const yaml = await one({ name: "n", text }, "name: {{ job.text | jsonify }}\ntasks: []\n");
    expect(yaml.jobs[0]?.settings.name).toBe(text);
  });
  it.each(TEXTS)("as a key: %j", async (text) => {
    const { jobs } = await one({ name: "n", text }, '{"name": "n", "tags": {"{{ job.text }}": "v"}}');
    expect(jobs[0]?.settings.tags).toEqual({ [text]: "v" });
  });

  it("a filter's work on such a text counts where it keeps to its value", async () => {
    const { jobs, problems } = await one({ name: "it's", text: "x" }, '{"name": "{{ job.name | upper }}"}');
    expect(problems).toEqual([]);
    expect(jobs[0]?.settings.name).toBe("IT'S");
  });
  it("and is refused where it would break out of it", async () => {
    const { jobs, problems } = await one(
      { name: 'a", "max_retries": 5, "b": "c' },
      '{"name": "{{ job.name | upper }}"}',
    );
    expect(jobs).toEqual([]);
    expect(problems[0]).toMatchObject({ code: "template_output", hint: expect.stringContaining("jsonify") });
  });

  it("types of values are kept", async () => {
    const job = { name: "n", big: "9007199254740993", flag: true, list: [1, "two"] };
    const { jobs } = await one(
      job,
      '{"name": "n", "timeout_seconds": {{ job.list[0] }}, "run_job": {{ job.big }}, "continuous": {{ job.flag | tojson }}, "x": {{ job.list | tojson }}}',
    );
    expect(jobs[0]?.settings).toMatchObject({
      timeout_seconds: 1,
      run_job: 9007199254740993n,
      continuous: true,
      x: [1, "two"],
    });
  });
});

describe("faults are said with their place", () => {
  it("a name that is not there: template, line, column, name, definition", async () => {
    const { jobs, problems } = await one({ name: "n" }, '{\n  "name": "n",\n  "num": {{ job.workers }}\n}');
    expect(jobs).toEqual([]);
    expect(problems).toMatchObject([
      {
        code: "template",
        place: { file: "templates/standard.jinja2", line: 3, column: 13 },
        path: "jobs/a.json",
        message: "job.workers is undefined",
        resource: "a",
      },
    ]);
  });
  it("two equal values used as keys", async () => {
    const { jobs, problems } = await one(
      { name: "n", k1: "same", k2: "same" },
      '{"name": "n", "tags": {"{{ job.k1 }}": "1", "{{ job.k2 }}": "2"}}',
    );
    expect(jobs).toEqual([]);
    expect(problems[0]).toMatchObject({ code: "duplicate_key", message: expect.stringContaining("'same' twice") });
  });
  it("what is no document: the rendered line is shown", async () => {
    const { problems } = await one({ name: "n" }, '{\n "name": "n",\n "tasks": [ { ]\n}');
    expect(problems[0]).toMatchObject({
      code: "template_output",
      message: expect.stringMatching(/rendered line \d: "tasks": \[ \{ \]/),
    });
  });
  it("a template that is not there, with the nearest", async () => {
    const { problems } = await read({
      "jobs/a.json": '{"name": "a", "template": "standrad"}',
      "templates/standard.j2": "",
    });
    expect(problems[0]).toMatchObject({ code: "no_template", hint: "did you mean standard.j2?" });
  });
  it("two definitions of one resource are both left out", async () => {
    const { jobs, problems } = await read({
      "jobs/a.json": '{"name": "a", "text": ""}',
      "jobs/a.yml": "name: b\ntext: ''",
      "templates/standard.j2": STANDARD,
    });
    expect(jobs).toEqual([]);
    expect(problems[0]).toMatchObject({ code: "duplicate_resource", resource: "a" });
  });
});

describe("beyond the original", () => {
  it("a matrix makes a job of each combination, a loop its tasks; references are filled afterwards", async () => {
    const { jobs, problems } = await read({
      "jobs/load.yml":
        "template: region\nname: Load\nmatrix: { region: [eu, us], size: [small, large] }\nexclude: [{ region: us, size: large }]\ntables: [a, b]\n",
      "templates/region.jinja2":
        'name: {{ (job.name ~ " " ~ matrix.region ~ " " ~ job.size) | jsonify }}\ntags: { env: "${var.env}", own: {{ var.env }}, keep: "{{ \'{{job.id}}\' }}" }\ntasks:\n{% for table in job.tables %}  - task_key: load_{{ table }}\n{% endfor %}',
    });
    expect(problems).toEqual([]);
    expect(jobs.map(({ resource, settings }) => [resource, settings.name])).toEqual([
      ["load_eu_small", "Load eu small"],
      ["load_eu_large", "Load eu large"],
      ["load_us_small", "Load us small"],
    ]);
    expect(jobs[0]?.settings.tags).toEqual({ env: "dev", own: "dev", keep: "{{job.id}}" });
    expect(jobs[0]?.settings.tasks).toEqual([{ task_key: "load_a" }, { task_key: "load_b" }]);
  });

  const TYPED = {
    "templates/standard.jinja2": "name: x\ntimeout_seconds: {{ job.workers }}\n",
    "templates/standard.params.yml":
      "workers: { type: integer, default: 2, maximum: 10 }\nenv: { type: string, enum: [dev, prod] }\n",
  };
  it("typed parameters fill what is absent", async () => {
    const { jobs, problems } = await read({ ...TYPED, "jobs/a.yml": "env: dev" });
    expect(problems).toEqual([]);
    expect(jobs[0]?.settings.timeout_seconds).toBe(2);
  });
  it.each([
    ["env: test", 'env is to be one of "dev", "prod"', 1],
    ["env: dev\nworkers: two", "workers is to be an integer, found string", 2],
    ["env: dev\nworkers: 11", "workers is to be at most 10", 2],
    ["evn: dev", "the template wants env (string)", 1],
  ])("and refuse what does not fit: %j", async (definition, message, line) => {
    const { jobs, problems } = await read({ ...TYPED, "jobs/a.yml": definition });
    expect(jobs).toEqual([]);
    expect(problems[0]).toMatchObject({ message, place: { file: "jobs/a.yml", line } });
  });

  it("one template may make several jobs", async () => {
    const list = await one({ name: "n" }, "[{% for x in ['a', 'b c'] %}{name: '{{ x }}', tasks: []},{% endfor %}]");
    expect(list.jobs.map(({ resource }) => resource)).toEqual(["a", "b_c"]);
    const map = await one({ name: "n" }, "jobs: { first: { tasks: [] }, second: { name: B, tasks: [] } }");
    expect(map.jobs.map(({ resource, settings }) => [resource, settings.name])).toEqual([
      ["first", "n"],
      ["second", "B"],
    ]);
  });
});
