import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cli } from "../../test/run-cli.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "headgate-init-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const text = (...parts: string[]) => readFileSync(path.join(folder, ...parts), "utf8");

test("makes a project that is named after its folder, and says what is next", async () => {
  const { code, stdout, stderr } = await cli(["init", "My Sales"], { cwd: folder });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe(
    [
      "+ headgate.yaml",
      "+ jobs/hello.yml",
      "+ .gitignore",
      "",
      "Project my-sales is ready. Next:",
      "  cd 'My Sales'",
      "  export DATABRICKS_HOST=https://… DATABRICKS_TOKEN=…",
      "  headgate doctor      checks credentials and rights",
      "  headgate jobs plan   shows what applying would change",
      "  headgate jobs apply  changes it, after a question",
      "",
    ].join("\n"),
  );
  expect(text("My Sales", "headgate.yaml")).toContain("\nproject: my-sales\n");
  const env = { DATABRICKS_HOST: "https://adb-1.1.azuredatabricks.net", DATABRICKS_TOKEN: "x" };
  expect(await cli(["jobs", "validate", "-C", path.join(folder, "My Sales")], { env })).toMatchObject({
    code: 0,
    stdout: "1 job, no problems\n",
  });
});

test("host and profile are written where they are given", async () => {
  await cli(["init", "--host", "https://adb-1.1.azuredatabricks.net", "--profile", "DEV"], { cwd: folder });
  expect(text("headgate.yaml")).toContain(
    '    host: "https://adb-1.1.azuredatabricks.net"\n    auth: { kind: profile, profile: "DEV" }\n',
  );
});

test("touches nothing that is there", async () => {
  mkdirSync(path.join(folder, "jobs"));
  writeFileSync(path.join(folder, "jobs/hello.yml"), "mine");
  writeFileSync(path.join(folder, ".gitignore"), "node_modules/");
  const made = await cli(["init", "--json"], { cwd: folder });
  expect(JSON.parse(made.stdout)).toMatchObject({ written: ["headgate.yaml", ".gitignore"], kept: ["jobs/hello.yml"] });
  expect(text("jobs/hello.yml")).toBe("mine");
  expect(text(".gitignore")).toBe("node_modules/\n.headgate/\n");
  const again = await cli(["init"], { cwd: folder });
  expect(again.code).toBe(65);
  expect(again.stderr).toContain("exists already");
});

test("a name that is none is wrong use", async () => {
  expect((await cli(["init", "--name", "a b"], { cwd: folder })).code).toBe(64);
});

test.each([
  ["lakeflow-meta", "lakeflow-meta", ["headgate.yaml", "metadata/metadata/metadata_examples.yaml"]],
  ["dsc", "dsc-jobs", ["headgate.yaml", "jobs/jinja_job_example.json", "templates/standard.jinja2"]],
])("--from %s makes a project of its example that is valid", async (origin, example, files) => {
  const from = path.resolve(import.meta.dirname, "../../examples", example);
  const source = path.join(folder, "old");
  cpSync(from, source, { recursive: true });
  rmSync(path.join(source, "headgate.yaml"));
  rmSync(path.join(source, "metadata/metadata_examples_v01.yaml"), { force: true });
  const { code, stdout, stderr } = await cli(["init", "--from", origin, "old", "new"], { cwd: folder });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const file of files) expect(stdout).toContain(`+ ${file}\n`);
  const env = { DATABRICKS_HOST: "https://adb-1.1.azuredatabricks.net", DATABRICKS_TOKEN: "x" };
  const config = text("new", "headgate.yaml");
  expect(config).toContain("project: ");
  if (origin === "lakeflow-meta") {
    writeFileSync(path.join(folder, "new/headgate.yaml"), config.replace('"auth":', '"warehouse":"w","auth":'));
  }
  const valid = await cli(["jobs", "validate", "--var", "catalog=dev", "-C", path.join(folder, "new")], {
    env,
  });
  expect(valid.code, valid.stdout + valid.stderr).toBe(0);
});

test("--from dsc takes the sign-in of params.json, without its secret", async () => {
  const old = path.join(folder, "old");
  mkdirSync(path.join(old, "jobs"), { recursive: true });
  mkdirSync(path.join(old, "templates"));
  writeFileSync(
    path.join(old, "params.json"),
    JSON.stringify({
      authority_type: "pat",
      databricks_uri: "https://adb-7.7.azuredatabricks.net",
      pat_token: "canary",
    }),
  );
  expect((await cli(["init", "--from", "dsc", "old", "new"], { cwd: folder })).code).toBe(0);
  expect(text("new", "headgate.yaml")).toContain("https://adb-7.7.azuredatabricks.net");
  expect(text("new", "headgate.yaml")).not.toContain("canary");
});

test("--from bundle keeps its targets and files", async () => {
  const old = path.join(folder, "old");
  mkdirSync(path.join(old, "resources"), { recursive: true });
  writeFileSync(
    path.join(old, "databricks.yml"),
    "bundle: { name: shop }\ninclude: [resources/*.yml]\ntargets:\n  dev: { default: true, mode: development, workspace: { host: https://adb-3.3.azuredatabricks.net } }\n  prod: { mode: production }\n",
  );
  writeFileSync(
    path.join(old, "resources/a.yml"),
    "resources: { jobs: { a: { tasks: [ { task_key: t, notebook_task: { notebook_path: /a } } ] } } }\n",
  );
  expect((await cli(["init", "--from", "bundle", "old", "new"], { cwd: folder })).code).toBe(0);
  const env = { DATABRICKS_HOST: "https://adb-1.1.azuredatabricks.net", DATABRICKS_TOKEN: "x" };
  const valid = await cli(["jobs", "validate", "-t", "prod", "-C", path.join(folder, "new")], { env });
  expect(valid, valid.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining("1 job") });
});

test.each([
  [["--from", "dsc"], 64],
  [["--from", "dsc", "nowhere"], 65],
  [["--from", "bundle", "."], 65],
])("init %j ends with %d", async (args, code) => {
  expect((await cli(["init", ...args], { cwd: folder })).code).toBe(code);
});
