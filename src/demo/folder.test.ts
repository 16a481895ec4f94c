import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chooseFolder, writeProject } from "./folder.ts";

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "headgate-folder-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const WORKSPACE = { url: "http://127.0.0.1:9", token: "canary-token" };
const chosen = (dir?: string) => basename(chooseFolder(cwd, dir));
const name = () => writeProject(chooseFolder(cwd, undefined), WORKSPACE);

describe("the folder of a demo", () => {
  it("is headgate-demo, with the jobs and processes of the example and a token that only its owner reads", () => {
    const { path } = name();
    expect(basename(path)).toBe("headgate-demo");
    expect(readdirSync(path).sort()).toEqual([".gitignore", ".headgate", "headgate.yaml", "jobs", "processes"]);
    expect(readFileSync(join(path, "headgate.yaml"), "utf8")).not.toContain("canary-token");
    expect(readFileSync(join(path, ".headgate/demo-token"), "utf8")).toBe("canary-token\n");
    if (process.platform !== "win32") expect(statSync(join(path, ".headgate/demo-token")).mode & 0o077).toBe(0);
  });

  it("is another one while a demo runs in the first", () => {
    const first = name();
    expect(chosen()).toBe("headgate-demo-2");
    expect(() => chosen("headgate-demo")).toThrow("a demo is running in");
    first.leave();
    expect(chosen()).toBe("headgate-demo");
  });

  it("is made again where a former demo left it untouched, and nothing of that one stays", () => {
    const first = name();
    writeFileSync(join(first.path, ".headgate/state.db"), "old");
    first.leave();
    const second = writeProject(chooseFolder(cwd, undefined), { ...WORKSPACE, url: "http://127.0.0.1:8" });
    expect(second.path).toBe(first.path);
    expect(existsSync(join(second.path, ".headgate/state.db"))).toBe(false);
    expect(readFileSync(join(second.path, "headgate.yaml"), "utf8")).toContain("http://127.0.0.1:8");
  });

  it("keeps what somebody changed or added in it", () => {
    const first = name();
    first.leave();
    const file = join(first.path, "jobs/hr.yml");
    const before = readFileSync(file, "utf8");
    writeFileSync(file, `${before}# mine\n`);
    expect(chosen()).toBe("headgate-demo-2");
    expect(() => chosen("headgate-demo")).toThrow("jobs/hr.yml, changed since the demo wrote it");
    writeFileSync(file, before);
    writeFileSync(join(first.path, "jobs/new.yml"), "jobs: {}\n");
    expect(() => chosen("headgate-demo")).toThrow("jobs/new.yml, which the demo did not write");
  });

  it.each([
    ["files", "notes.txt"],
    ["the store of another project", ".headgate/state.db"],
    ["a file where the folder of the demo's notes would be", ".headgate"],
  ])("is never one that holds %s", (_what, path) => {
    const folder = join(cwd, "mine");
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), "mine");
    expect(() => chosen("mine")).toThrow(`${path}, which the demo did not write`);
  });

  it("may be an empty folder or a new one below a new one, but no file", () => {
    mkdirSync(join(cwd, "empty"));
    writeFileSync(join(cwd, "file"), "");
    expect(chosen("empty")).toBe("empty");
    expect(existsSync(join(writeProject(chooseFolder(cwd, "a/b"), WORKSPACE).path, "headgate.yaml"))).toBe(true);
    expect(() => chosen("file")).toThrow("is no folder");
  });
});
