import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkoutOf, headContains, originOf } from "./git.ts";

let dir: string;
/** Nothing of the machine's own git settings. */
const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
    cwd: dir,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
const commit = (text: string): string => {
  writeFileSync(join(dir, "file"), text);
  git("add", "file");
  git("commit", "-q", "-m", text);
  return git("rev-parse", "HEAD");
};

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "headgate-git-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("a checkout", () => {
  it("is none outside of git, in an empty one, and where there is no such folder", async () => {
    expect(await checkoutOf(dir)).toBeNull();
    expect(await checkoutOf(join(dir, "nowhere"))).toBeNull();
    git("init", "-q", "-b", "main");
    expect(await checkoutOf(dir)).toBeNull();
    expect(await headContains(dir, "0".repeat(40))).toBe(false);
  });

  it("has commit, branch, and whether tracked files differ", async () => {
    git("init", "-q", "-b", "main");
    const first = commit("one");
    expect(await checkoutOf(dir)).toEqual({ commit: first, branch: "main", dirty: false });
    writeFileSync(join(dir, "untracked"), "x");
    expect((await checkoutOf(dir))?.dirty).toBe(false);
    writeFileSync(join(dir, "file"), "two");
    expect((await checkoutOf(dir))?.dirty).toBe(true);
    git("checkout", "-q", "--", "file");
    git("checkout", "-q", "--detach");
    expect(await checkoutOf(dir)).toEqual({ commit: first, branch: null, dirty: false });
  });

  it("contains what HEAD was made of, and nothing else", async () => {
    git("init", "-q", "-b", "main");
    const first = commit("one");
    git("checkout", "-q", "-b", "side");
    const side = commit("side");
    git("checkout", "-q", "main");
    const second = commit("two");
    expect(
      await Promise.all([first, second, side, "0".repeat(40), "no commit"].map((one) => headContains(dir, one))),
    ).toEqual([true, true, false, false, false]);
  });
});

it("names its remote without what signs in to it", async () => {
  expect(await originOf(dir)).toBeUndefined();
  git("init", "-q", "-b", "main");
  expect(await originOf(dir)).toBeUndefined();
  git("remote", "add", "origin", "https://anna:token@example.com/shop.git");
  expect(await originOf(dir)).toBe("https://example.com/shop.git");
  git("remote", "set-url", "origin", "git@example.com:shop.git");
  expect(await originOf(dir)).toBe("git@example.com:shop.git");
});
