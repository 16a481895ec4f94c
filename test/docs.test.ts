import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { GLOBAL_FLAGS } from "../src/cli/globals.ts";
import { flagsOf } from "../src/cli/help.ts";
import { ROUTES } from "../src/cli/routes.ts";
import { entriesOf, isVerb, type Target } from "../src/cli/verb.ts";
import { readTable } from "./layers/table.ts";
import { ROOT, read, repositoryFiles } from "./tree/files.ts";

const pages = repositoryFiles().filter((name) => name.endsWith(".md") && !name.includes("/fixtures/"));

/** Code of a page: fenced blocks by line, and what stands in backticks. */
const codeOf = (text: string): string[] => {
  const fenced = [...text.matchAll(/^```.*\n([\s\S]*?)^```/gm)].flatMap((match) => (match[1] as string).split("\n"));
  const inline = [...text.replace(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`\n]+)`/g)].map(
    (match) => match[1] as string,
  );
  return [...fenced, ...inline].map((line) => line.trim().replace(/^\$ /, ""));
};

/** What is wrong with a command line of headgate, or undefined. */
const faultOf = (line: string): string | undefined => {
  const words = line.split(/\s+/).slice(1);
  let target: Target = ROUTES;
  for (const word of words) {
    if (isVerb(target) || !/^[a-z][a-z-]*$/.test(word)) break;
    const next: { target: Target } | undefined = entriesOf(target).find((entry) => entry.word === word);
    if (next === undefined) return word === "help" ? undefined : `no command ${word}`;
    target = next.target;
  }
  const flags = [...GLOBAL_FLAGS.map(({ name }) => name), "help", "version"];
  if (isVerb(target)) flags.push(...flagsOf(target).map(({ name }) => name));
  const end = words.indexOf("--");
  return (end < 0 ? words : words.slice(0, end))
    .map((word) => /^\[?--([a-z][a-z-]*)/.exec(word)?.[1])
    .filter((name) => name !== undefined && !flags.includes(name))
    .map((name) => `no flag --${name}`)[0];
};

const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map((match) =>
    (match[1] as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

describe("docs", () => {
  it("are found", () => {
    expect(pages).toContain("ARCHITECTURE.md");
  });

  it("show only commands and flags that exist", () => {
    const faults = pages.flatMap((name) =>
      codeOf(read(name))
        .filter((line) => /^(npx )?headgate( |$)/.test(line))
        .map((line) => ({ line, fault: faultOf(line.replace(/^npx /, "")) }))
        .filter(({ fault }) => fault !== undefined)
        .map(({ line, fault }) => `${name}: ${line}: ${fault}`),
    );
    expect(faults).toEqual([]);
  });

  it("find a command or flag that does not exist", () => {
    expect(faultOf("headgate jobs cron EXPR --count 3")).toBeUndefined();
    expect(faultOf("headgate jobs cron EXPR --cuont 3")).toBe("no flag --cuont");
    expect(faultOf("headgate jbos plan")).toBe("no command jbos");
  });

  it("name only npm scripts that exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = pages.flatMap((name) =>
      codeOf(read(name)).flatMap((line) =>
        [...line.matchAll(/npm run (?:-s |--silent )?([\w:-]+)/g)].map((match) => `${name}: ${match[1]}`),
      ),
    );
    expect(named.filter((entry) => !((entry.split(": ")[1] as string) in scripts))).toEqual([]);
  });

  it("have no dead link", () => {
    const dead = pages.flatMap((name) => {
      const text = read(name)
        .replace(/^```[\s\S]*?^```/gm, "")
        .replace(/`[^`\n]+`/g, "");
      return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
        .map((match) => match[1] as string)
        .filter((link) => !/^(https?:|mailto:)/.test(link))
        .filter((link) => {
          const [file = "", anchor] = link.split("#");
          const target = file === "" ? name : path.posix.join(path.posix.dirname(name), file);
          if (!existsSync(path.join(ROOT, target))) return true;
          return anchor !== undefined && target.endsWith(".md") && !anchorsOf(read(target)).includes(anchor);
        })
        .map((link) => `${name}: ${link}`);
    });
    expect(dead).toEqual([]);
  });

  it("ARCHITECTURE.md names only files that exist", () => {
    const text = read("ARCHITECTURE.md");
    const rows = readTable(text).rows.map((row) => row.path);
    const walks = text.replace(/^## Import table$[\s\S]*?(?=^## |$(?![\s\S]))/m, "");
    const named = [...walks.matchAll(/`((?:src|web|fakes|test|acceptance|bench|scripts|docs)\/[^`*{<]+)`/g)].map(
      (match) => match[1] as string,
    );
    const files = [...rows.filter((row) => !row.endsWith("/")), ...named];
    expect(files.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });

  it("the index of decisions lists every page", () => {
    const folder = "docs/decisions/";
    const written = pages.filter((name) => /^docs\/decisions\/\d{4}-/.test(name));
    const listed = [...read(`${folder}README.md`).matchAll(/\]\((\d{4}-[^)]+)\)/g)].map((match) => folder + match[1]);
    expect(listed).toEqual(written);
  });

  it("README shows only output that the tutorial shows, and that is run", () => {
    const console = /^```console\n([\s\S]*?)^```/gm;
    const tutorial = read("docs/start/tutorial.md");
    const shown = [...read("README.md").matchAll(console)].map((match) => match[1] as string);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter((block) => !tutorial.includes(block))).toEqual([]);
  });

  it("README is short", () => {
    expect(read("README.md").split("\n").length).toBeLessThanOrEqual(150);
  });
});
