import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
