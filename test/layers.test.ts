/** The import table of ARCHITECTURE.md holds, and the check that says so finds what it must. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { importsOf } from "./layers/imports.ts";
import { checkLayers } from "./layers/rules.ts";
import { readTable } from "./layers/table.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const ARCHITECTURE = [
  "## Import table",
  "",
  'Words. "doors" are the files named after their room: `src/sources/*-source.ts`, `src/store/{jobs,runs}.ts`. More words.',
  "",
  "| path | may import | packages |",
  "|---|---|---|",
  "| `src/errors.ts` | – | – |",
  "| `src/model/` | `src/util/` | zod |",
  "| `src/util/` | – | – |",
  "| `src/sources/` | doors, `src/model/` | yaml |",
  "| `src/jobs/` | doors, `src/model/`, `src/runs/`, `src/errors.ts` | – |",
  "| `src/runs/` | doors, `src/model/` | – |",
  "| `src/store/` | `src/model/` | – |",
  "| `src/app.ts` | `src/jobs/` | – |",
  "| `fakes/` | – | – |",
  "| `web/` | types of `src/model/` and `src/server/api.ts` | react, @mantine/core |",
  "",
  "## Next",
].join("\n");

let root = "";
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A tree with these files; the answer is what the check says of it, one line a violation. */
const check = (files: Record<string, string>): string[] => {
  root = mkdtempSync(path.join(tmpdir(), "headgate-layers-"));
  for (const [name, text] of Object.entries({ "ARCHITECTURE.md": ARCHITECTURE, ...files })) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return checkLayers(root).map((found) => `${found.place} ${found.target}: ${found.why}`);
};

describe("this repository", () => {
  it("has only the imports that ARCHITECTURE.md allows", () => {
    const found = checkLayers(ROOT).map((item) => `${item.place} → ${item.target}: ${item.why}`);
    expect(found, found.join("\n")).toEqual([]);
  });
});

describe("the check", () => {
  it("lets through what the table allows", () => {
    const found = check({
      "src/errors.ts": "export const a = 1;",
      "src/jobs/plan.ts":
        'import { a } from "../errors.ts"; import type { J } from "../model/job.ts"; export * from "./deep/x.ts"; import "../store/jobs.ts"; import fs from "node:fs"; import "../sources/job-source.ts";',
      "src/jobs/deep/x.ts": 'import "../plan.ts";',
      "src/model/job.ts": 'import { z } from "zod"; import { createHash } from "node:crypto"; import "zod/v4";',
      "src/sources/registry.ts": 'const load = () => import("./jobs/yaml/index.ts"); import "./job-source.ts";',
      "src/sources/jobs/yaml/index.ts":
        'import "./map.ts"; import "../../job-source.ts"; import { parse } from "yaml";',
      "src/jobs/plan.test.ts":
        'import { it } from "vitest"; import "../../fakes/databricks/index.ts"; import "../store/sqlite/open.ts"; import "node:http";',
      "src/app.ts": 'import "./jobs/plan.ts";',
      "src/app.test.ts": 'import "./app.ts"; import "./jobs/plan.ts"; import { it } from "vitest";',
      "web/app.tsx":
        'import { useState } from "react"; import type { Job } from "../src/model/job.ts"; import { Card } from "@mantine/core"; import "./app.css"; export const App = () => <Card />;',
    });
    expect(found).toEqual([]);
  });

  it.each<[string, string, string, string]>([
    ["a value import", "src/model/job.ts", 'import { a } from "../jobs/plan.ts";', "`src/model/` may not import this"],
    [
      "a type import",
      "src/model/job.ts",
      'import type { A } from "../jobs/plan.ts";',
      "`src/model/` may not import this",
    ],
    [
      "an inline type import",
      "src/model/job.ts",
      'type A = import("../jobs/plan.ts").A;',
      "`src/model/` may not import this",
    ],
    ["an export from", "src/model/job.ts", 'export { a } from "../jobs/plan.ts";', "`src/model/` may not import this"],
    ["an export all", "src/model/job.ts", 'export type * from "../jobs/plan.ts";', "`src/model/` may not import this"],
    [
      "a lazy import",
      "src/model/job.ts",
      'const f = () => import("../jobs/plan.ts");',
      "`src/model/` may not import this",
    ],
    [
      "a lazy import in backticks",
      "src/model/job.ts",
      "const f = () => import(`../jobs/plan.ts`);",
      "`src/model/` may not import this",
    ],
    [
      "a computed import",
      "src/jobs/x.ts",
      "const f = (n: string) => import(n);",
      "computed import: write the path out",
    ],
    ["a require", "src/jobs/x.ts", 'const a = require("../app.ts");', "`src/jobs/` may not import this"],
    [
      "another core room, though its row allows it",
      "src/jobs/x.ts",
      'import "../runs/y.ts";',
      "core rooms do not import one another",
    ],
    [
      "another core room in a test",
      "src/runs/x.test.ts",
      'import "../jobs/y.ts";',
      "core rooms do not import one another",
    ],
    ["a room behind its door", "src/jobs/x.ts", 'import "../store/sqlite/open.ts";', "`src/jobs/` may not import this"],
    [
      "a sibling connector",
      "src/sources/jobs/yaml/read.ts",
      'import "../template/read.ts";',
      "a connector does not import another one",
    ],
    [
      "a sibling driver",
      "src/store/sqlite/a.ts",
      'import "../postgres/b.ts";',
      "a connector does not import another one",
    ],
    [
      "a fake outside a test",
      "src/jobs/x.ts",
      'import "../../fakes/databricks/index.ts";',
      "`src/jobs/` may not import this",
    ],
    ["src in a fake", "fakes/x.ts", 'import "../src/errors.ts";', "`fakes/` may not import this"],
    [
      "a neighbour of a file with its own row",
      "src/app.ts",
      'import "./errors.ts";',
      "`src/app.ts` may not import this",
    ],
    ["a package not in the row", "src/jobs/x.ts", 'import { z } from "zod";', "package not in the row of `src/jobs/`"],
    ["a scoped package not in the row", "web/a.tsx", 'import "@mantine/hooks";', "package not in the row of `web/`"],
    ["a built-in without node:", "src/jobs/x.ts", 'import "fs";', "write node:fs"],
    ["Node in the model", "src/model/job.ts", 'import "node:fs";', "the model may import node:crypto of Node only"],
    ["Node on the page", "web/a.ts", 'import "node:fs";', "a page has no Node"],
    [
      "a value where only types may pass",
      "web/a.ts",
      'import { j } from "../src/model/job.ts";',
      "`web/` may import only types of this",
    ],
    ["a file in no row", "src/extra.ts", "export {};", "file in no row of the import table"],
  ])("finds %s", (_what, file, text, why) => {
    const found = check({ [file]: `// one line before\n${text}` });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(why);
    expect(found[0]).toMatch(new RegExp(`^${file}:${why.startsWith("file in") ? 1 : 2} `));
  });

  it("does not take comments and strings for imports", () => {
    const source = '// import "a"\n/* import("b") */ const s = \'import "c"\'; const r = { require: 1 };';
    expect(importsOf("x.ts", source)).toEqual([]);
  });

  it("refuses a table it cannot read", () => {
    expect(() => readTable("# nothing")).toThrow("Import table");
    expect(() => readTable("## Import table\n\n| `a` | – | – |\n")).toThrow("doors");
    expect(() => readTable(ARCHITECTURE.replace("| `src/util/` | – | – |", "| `src/util/` | – |"))).toThrow(
      "not a row",
    );
  });
});
