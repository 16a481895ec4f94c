/** Jobs of bundles and of Terraform, adopted by their state: the same jobs under the same keys, and an empty plan. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import { cli } from "../run-cli.ts";

let fake: FakeDatabricks;
let dir: string;
beforeEach(async () => {
  fake = await startFakeDatabricks({ principals: [{ userName: "anna@example.com", tokens: ["token-anna"] }] });
  dir = mkdtempSync(join(tmpdir(), "headgate-adopt-state-"));
  mkdirSync(join(dir, "jobs"));
  write(
    "headgate.yaml",
    `version: 1
project: shop
workspaces: { main: { host: "${fake.url}", auth: { kind: pat, token: "\${env:TOKEN}" } } }
targets: { prod: { default: true, workspace: main }, dev: { workspace: main } }
jobs: { sources: [ { name: files, kind: yaml, path: "jobs/*.yml" } ] }
`,
  );
});
afterEach(async () => {
  rmSync(dir, { recursive: true, force: true });
  await fake.close();
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(dir, file)), { recursive: true });
  writeFileSync(join(dir, file), text);
}
const run = (...args: string[]) => cli(["jobs", ...args], { cwd: dir, env: { TOKEN: "token-anna" } });
const seed = (...jobs: object[]) =>
  fake.control.seedJobs({
    jobs: jobs.map((job, index) => ({
      ...{
        name: `Job ${index}`,
        max_concurrent_runs: 1,
        tasks: [{ task_key: "a", notebook_task: { notebook_path: "/n" } }],
      },
      ...job,
    })) as never,
    as: "anna@example.com",
  }).jobIds as string[];

/** `resources.json` as the direct engine writes it. */
const direct = (jobs: Record<string, unknown>, more: object = {}) =>
  JSON.stringify({
    ...{ state_version: 2, cli_version: "1.14.0", lineage: "l", serial: 3, ...more },
    state: Object.fromEntries(
      Object.entries(jobs).flatMap(([key, id]) => [
        [`resources.jobs.${key}`, { __id__: id, state: { name: key } }],
        [`resources.jobs.${key}.permissions`, { __id__: `/jobs/${id}`, state: {} }],
      ]),
    ),
  });

/** A Terraform state of format 4. */
const terraform = (resources: object[], more: object = {}) =>
  JSON.stringify({ version: 4, terraform_version: "1.9.0", serial: 7, lineage: "l", outputs: {}, resources, ...more });
const tfJob = (name: string, instances: object[], more: object = {}) => ({
  ...{ mode: "managed", type: "databricks_job", name, ...more },
  provider: 'provider["registry.terraform.io/databricks/databricks"]',
  instances,
});

/** The plan is empty, and adopting once more changes nothing. */
async function settled(...again: string[]): Promise<void> {
  expect((await run("plan", "--exit-code")).code).toBe(0);
  const repeated = await run("adopt", ...again, "--json");
  expect(repeated.code).toBe(0);
  expect(JSON.parse(repeated.stdout)).toMatchObject({ count: 0 });
}

describe("adopt --from-bundle", () => {
  it("takes exactly the jobs of the bundle, under their keys, and the next plan is empty", async () => {
    const [load = "", report = "", other = ""] = seed(
      {
        name: "[prod] Load",
        deployment: { kind: "BUNDLE", metadata_file_path: "/Workspace/x/state/metadata.json" },
        edit_mode: "UI_LOCKED",
        queue: { enabled: true },
      },
      { name: "Report", schedule: { quartz_cron_expression: "0 0 2 * * ?", timezone_id: "UTC" } },
      { name: "Not of the bundle" },
    );
    write("etl/databricks.yml", "bundle: { name: etl }\n");
    write("etl/.databricks/bundle/prod/resources.json", direct({ load_orders: load, report }));
    write("etl/.databricks/bundle/dev/resources.json", direct({ load_orders: "1" }));
    const adopted = await run("adopt", "--from-bundle", "etl", "--json");
    expect(adopted.code).toBe(0);
    expect(JSON.parse(adopted.stdout)).toMatchObject({
      adopted: [
        { resource: "load_orders", jobId: load, name: "[prod] Load", file: "jobs/load_orders.yml" },
        { resource: "report", jobId: report, file: "jobs/report.yml" },
      ],
      problems: [],
    });
    expect(adopted.stderr).toContain("databricks bundle deployment unbind");
    expect(readdirSync(join(dir, "jobs")).sort()).toEqual(["load_orders.yml", "report.yml"]);
    // Tidy: what the service fills in by itself is left out.
    expect(readFileSync(join(dir, "jobs/report.yml"), "utf8")).not.toContain("max_concurrent_runs");
    expect(fake.control.job({ jobId: other }).settings.tags).toBeUndefined();
    await settled("--from-bundle", "etl/databricks.yml");
  });

  it("reads the state of the engine before, and the newer of two", async () => {
    const [load = "", gone = ""] = seed({}, {});
    const old = terraform([tfJob("load", [{ attributes: { id: load, name: "x" } }])], { serial: 9 });
    write("etl/.databricks/bundle/prod/terraform/terraform.tfstate", old);
    write("etl/.databricks/bundle/prod/resources.json", direct({ gone }, { serial: 8 }));
    const adopted = await run("adopt", "--from-bundle", "etl/.databricks/bundle/prod", "--json");
    expect(JSON.parse(adopted.stdout).adopted).toMatchObject([{ resource: "load", jobId: load }]);
    await settled("--from-bundle", "etl/.databricks/bundle/prod/terraform/terraform.tfstate");
  });

  it("takes a job in whose declaration is there already, and writes no second one", async () => {
    const [load = ""] = seed({ name: "Load" });
    write(
      "jobs/bundle.yml",
      "resources:\n  jobs:\n    load:\n      name: Load\n      tasks: [{ task_key: a, notebook_task: { notebook_path: /n } }]\n",
    );
    write("etl/.databricks/bundle/prod/resources.json", direct({ load }));
    const adopted = await run("adopt", "--from-bundle", "etl", "--json");
    expect(JSON.parse(adopted.stdout)).toMatchObject({
      adopted: [{ resource: "load", jobId: load, file: "jobs/bundle.yml" }],
    });
    expect(readdirSync(join(dir, "jobs"))).toEqual(["bundle.yml"]);
    await settled("--from-bundle", "etl");
  });

  it("says which job is gone, takes the others, and ends with the code of what is missing", async () => {
    const [load = ""] = seed({});
    write("s/resources.json", direct({ load, lost: "9223372036854775807" }));
    const { code, stdout } = await run("adopt", "--from-bundle", "s");
    expect(code).not.toBe(0);
    expect(stdout).toContain("s/resources.json: resources.jobs.lost: job 9223372036854775807 is not in this workspace");
    expect(stdout).toContain("1 job adopted");
  });

  it.each([
    ["nowhere", "nowhere: there is no deployment state"],
    ["empty", "empty/resources.json: this is no JSON"],
    ["other", "other/resources.json: this is no deployment state of a bundle"],
    ["wrong", 'wrong/resources.json: state["resources.jobs.load"].__id__ is no id of a job: "abc"'],
    ["none", "none: the state names no job"],
    ["broken", "broken/resources.json.wal: a deployment of the bundle was broken off"],
    ["many", "many: which target? dev, test"],
  ])("refuses %s, naming the file", async (path, message) => {
    write("empty/resources.json", "");
    write("other/resources.json", '{"resources": {}}');
    write("wrong/resources.json", direct({ load: "abc" }));
    write("none/resources.json", direct({}));
    write("broken/resources.json", direct({ load: "1" }));
    write("broken/resources.json.wal", "{}");
    write("many/.databricks/bundle/dev/resources.json", direct({ load: "1" }));
    write("many/.databricks/bundle/test/resources.json", direct({ load: "1" }));
    const { code, stderr } = await run("adopt", "--from-bundle", path);
    expect(code).toBe(65);
    expect(stderr).toContain(message);
  });
});

describe("adopt --from-terraform", () => {
  it("takes jobs of count, for_each and modules, ids beyond 2^53 in numbers too", async () => {
    const ids = seed({ name: "Load" }, { name: "EU" }, { name: "US" }, { name: "A" }, { name: "B" }, { name: "Other" });
    const [load, eu, us, a, b] = ids as [string, string, string, string, string];
    const url = `${fake.url}/#job/1`;
    const state = terraform([
      { mode: "data", type: "databricks_job", name: "read", instances: [{ attributes: { id: "1" } }] },
      { mode: "managed", type: "databricks_cluster", name: "c", instances: [{ attributes: { id: "x" } }] },
      tfJob("load", [{ attributes: { id: "@load", url } }, { deposed: "1a", attributes: { id: "2" } }]),
      tfJob("region", [
        { index_key: "eu", attributes: { id: eu, url } },
        { index_key: 1, attributes: { id: us } },
      ]),
      tfJob("same", [{ attributes: { id: a } }], { module: "module.x" }),
      tfJob("same", [{ attributes: { id: b } }], { module: 'module.y["z"]' }),
    ]);
    expect(BigInt(load) > 2n ** 53n).toBe(true);
    write("state.json", state.replace('"@load"', load));
    const adopted = await run("adopt", "--from-terraform", "state.json", "--json");
    expect(adopted.code).toBe(0);
    const byKey = Object.fromEntries(
      JSON.parse(adopted.stdout).adopted.map((one: { resource: string; jobId: string }) => [one.resource, one.jobId]),
    );
    expect(byKey).toEqual({ load, region_eu: eu, region_1: us, x_same: a, y_z_same: b });
    expect(adopted.stderr).toContain("terraform state rm");
    await settled("--from-terraform", "state.json");
  });

  it("refuses a state of another workspace, before anything is written", async () => {
    const [load = ""] = seed({});
    const url = "https://adb-7.azuredatabricks.net/#job/1";
    write("state.json", terraform([tfJob("load", [{ attributes: { id: load, url } }])]));
    const { code, stderr } = await run("adopt", "--from-terraform", "state.json");
    expect(code).toBe(65);
    expect(stderr).toContain("state.json: databricks_job.load is in adb-7.azuredatabricks.net");
    expect(readdirSync(join(dir, "jobs"))).toEqual([]);
  });

  it.each([
    ['{"version": 3, "modules": []}', "state.json: version is 3; a state of format 4 is needed"],
    ['{"format_version": "1.0", "values": {}}', "state.json: this is what `terraform show -json` writes"],
    ["[]", "state.json: this is no Terraform state"],
    [terraform([]), "state.json: the state names no job"],
    [terraform([tfJob("load", [{}])]), "resources[0].instances[0].attributes is missing"],
    [
      terraform([tfJob("load", [{ attributes: { id: "" } }])]),
      'resources[0].instances[0].attributes.id is no id of a job: ""',
    ],
  ])("refuses what is no state of format 4 with jobs (%#)", async (text, message) => {
    write("state.json", text);
    const { code, stderr } = await run("adopt", "--from-terraform", "state.json");
    expect(code).toBe(65);
    expect(stderr).toContain(message);
  });
});

it("takes one way to say which jobs", async () => {
  for (const args of [[], ["--all", "--from-bundle", "x"], ["a", "--from-terraform", "x"]])
    expect((await run("adopt", ...args)).code).toBe(64);
});
