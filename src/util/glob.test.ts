import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { globFiles, globMatcher } from "./glob.ts";

describe("patterns", () => {
  it.each([
    ["jobs/**/*.yml", "jobs/a.yml", true],
    ["jobs/**/*.yml", "jobs/x/y/a.yml", true],
    ["jobs/**/*.yml", "other/a.yml", false],
    ["jobs/*.yml", "jobs/x/a.yml", false],
    ["jobs/*.{yml,yaml}", "jobs/a.yaml", true],
    ["{a,b/{c,d}}.yml", "b/d.yml", true],
    ["jobs/?.yml", "jobs/ab.yml", false],
    ["jobs/[a-c].yml", "jobs/b.yml", true],
    ["jobs/[!a].yml", "jobs/a.yml", false],
    ["jobs/*.yml", "jobs/.hidden.yml", false],
    ["**/*.yml", ".headgate/x.yml", false],
    ["**", "a/b.yml", true],
    ["./jobs/a+b (1).yml", "jobs/a+b (1).yml", true],
    ["jobs/{a.yml", "jobs/{a.yml", true],
  ])("%s on %s: %s", (pattern, path, matches) => {
    expect(globMatcher(pattern)(path)).toBe(matches);
  });
});

describe("files", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "headgate-glob-"));
    for (const path of ["jobs/b.yml", "jobs/a.yml", "jobs/deep/c.yml", "jobs/d.txt", "node_modules/jobs/e.yml"]) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), "");
    }
    await symlink(join(folder, "gone.yml"), join(folder, "jobs/dangling.yml"));
    await symlink(folder, join(folder, "jobs/loop"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("are found in order, below the project and by absolute path", async () => {
    expect(await globFiles(folder, "jobs/**/*.yml")).toEqual(["jobs/a.yml", "jobs/b.yml", "jobs/deep/c.yml"]);
    expect(await globFiles(folder, "**/*.yml")).toEqual(["jobs/a.yml", "jobs/b.yml", "jobs/deep/c.yml"]);
    expect(await globFiles("/", `${folder}/jobs/*.yml`)).toEqual([`${folder}/jobs/a.yml`, `${folder}/jobs/b.yml`]);
  });

  it("can be a plain file, a folder, or nothing", async () => {
    expect(await globFiles(folder, "./jobs/a.yml")).toEqual(["jobs/a.yml"]);
    expect(await globFiles(folder, "jobs", [".yml"])).toEqual(["jobs/a.yml", "jobs/b.yml"]);
    expect(await globFiles(folder, "none/*.yml")).toEqual([]);
    expect(await globFiles(folder, "none.yml")).toEqual([]);
  });
});
