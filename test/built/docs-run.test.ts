/** The tutorial and the guides say what really happens: each is done step by step against a fake workspace. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { stepsOf, withOutputs } from "../../scripts/docs/page.ts";
import { runnablePages } from "../../scripts/docs/pages.ts";
import { matches, runPage } from "../../scripts/docs/session.ts";
import { sample } from "../sample.ts";
import { ROOT } from "../tree/files.ts";

const MAIN = path.join(ROOT, "dist/main.js");
const PAGE = [
  "Write this:",
  "```yaml",
  "# a/b.yml",
  "x: 1",
  "```",
  "```diff",
  "# a/b.yml",
  "-x: 1",
  "+x: 2",
  "```",
  "```console",
  "$ cat a/b.yml \\",
  "    a/b.yml",
  "x: 2",
  "x: 2",
  "$ echo $HOME",
  "```",
  "",
].join("\n");

describe("a page that is run", () => {
  it("is read as files, edits and commands", () => {
    expect(stepsOf(PAGE)).toEqual([
      { kind: "file", line: 3, path: "a/b.yml", text: "x: 1\n" },
      { kind: "edit", line: 7, path: "a/b.yml", before: "x: 1", after: "x: 2" },
      { kind: "command", line: 12, command: "cat a/b.yml \\\n    a/b.yml", output: "x: 2\nx: 2\n", from: 14, to: 16 },
      { kind: "command", line: 16, command: "echo $HOME", output: "", from: 17, to: 17 },
    ]);
  });

  it("is judged by what really comes out, and can be rewritten", async () => {
    const { commands, differences } = await runPage(PAGE, MAIN);
    expect(commands).toBe(2);
    expect(differences).toMatchObject([{ line: 16, expected: "", actual: "/home/you\n" }]);
    const mended = withOutputs(
      PAGE,
      differences.map(({ from, to, actual }) => ({ from, to, output: actual })),
    );
    expect(mended).toBe(PAGE.replace("$ echo $HOME\n", "$ echo $HOME\n/home/you\n"));
    expect((await runPage(mended, MAIN)).differences).toEqual([]);
  });

  it("may leave lines out, and nothing else", () => {
    expect(matches("one\n…\nfour\n", "one\ntwo\nthree\nfour\n")).toBe(true);
    expect(matches("one\n…\nfour\n", "one\ntwo\nfive\n")).toBe(false);
    expect(
      matches("job 123456789012345678 of 2026-11-21 10:00 UTC", "job 998877665544332211 of 2026-12-01 08:30 UTC"),
    ).toBe(true);
    expect(matches("1 create", "2 create")).toBe(false);
  });
});

describe("what the pages say comes out, comes out", () => {
  it.concurrent.each(sample("pages that are run", runnablePages(), 4, 0.5))(
    "%s",
    { timeout: 120_000 },
    async (name) => {
      const { differences } = await runPage(readFileSync(path.join(ROOT, name), "utf8"), MAIN);
      expect(differences, "npm run docs -- --update rewrites the outputs").toEqual([]);
    },
  );
});
