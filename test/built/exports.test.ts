/** The packed package works for who installs it: its files, its types, its command, its entry points. */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildNode, buildTypes } from "../../scripts/build-node.ts";
import { WHOLE } from "../sample.ts";
import { ROOT, read } from "../tree/files.ts";

const run = promisify(execFile);
const manifest = JSON.parse(read("package.json")) as {
  bin: Record<string, string>;
  exports: Record<string, string | { types: string; default: string }>;
  dependencies: Record<string, string>;
};
const lock = JSON.parse(read("package-lock.json")) as { packages: Record<string, { dev?: boolean }> };

let folder = "";
let installed = "";
let packed: string[] = [];

if (!WHOLE) console.log("the packed package: skipped, it is packed and its types are read in the lane real");

/** A consumer's folder with the package unpacked into it and nothing but production dependencies around it. */
beforeAll(async () => {
  if (!WHOLE) return;
  folder = mkdtempSync(path.join(tmpdir(), "headgate-consumer-"));
  const source = path.join(folder, "source");
  mkdirSync(source);
  for (const name of ["package.json", "README.md", "CHANGELOG.md", "LICENSE"]) {
    if (existsSync(path.join(ROOT, name))) cpSync(path.join(ROOT, name), path.join(source, name));
  }
  await buildNode(path.join(source, "dist"));
  // `npm run check` has looked at them
  await buildTypes(path.join(source, "dist/types"), { checked: true });
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: source,
  });
  const [answer] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  packed = (answer?.files ?? []).map((file) => file.path);

  const modules = path.join(folder, "consumer/node_modules");
  installed = path.join(modules, "headgate");
  mkdirSync(installed, { recursive: true });
  await run("tar", ["-xzf", path.join(folder, answer?.filename ?? ""), "-C", installed, "--strip-components", "1"]);
  const roots = Object.entries(lock.packages)
    .filter(([name, entry]) => !entry.dev && /^node_modules\/(@[^/]+\/)?[^/]+$/.test(name))
    .map(([name]) => name.slice("node_modules/".length));
  for (const name of [...roots, "@types/node", "undici-types"]) {
    const from = path.join(ROOT, "node_modules", name);
    if (!existsSync(from)) continue;
    mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
    symlinkSync(from, path.join(modules, name));
  }
  writeFileSync(path.join(folder, "consumer/package.json"), '{ "type": "module", "private": true }');
}, 120_000);

afterAll(() => folder !== "" && rmSync(folder, { recursive: true, force: true }));

const consumer = (): string => path.join(folder, "consumer");

describe.skipIf(!WHOLE)("the packed package", () => {
  it("holds every file that bin and exports name", () => {
    const named = [
      ...Object.values(manifest.bin),
      ...Object.values(manifest.exports).flatMap((entry) =>
        typeof entry === "string" ? [entry] : Object.values(entry),
      ),
    ].map((name) => name.replace(/^\.\//, ""));
    expect(named.filter((name) => !packed.includes(name))).toEqual([]);
  });

  it("holds the build and papers only", () => {
    expect(packed.filter((name) => !/^dist\/|^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/.test(name))).toEqual(
      [],
    );
    expect(packed.filter((name) => /\.test\.|\.contract\.|fixtures/.test(name))).toEqual([]);
  });

  it("answers as a command", async () => {
    const bin = path.join(installed, manifest.bin.headgate ?? "");
    const help = await run(process.execPath, [bin, "--help"], { cwd: consumer() });
    expect(help.stdout).toContain("headgate jobs plan");
    const version = await run(process.execPath, [bin, "--version"], { cwd: consumer() });
    expect(version.stdout.trim()).toBe((JSON.parse(read("package.json")) as { version: string }).version);
  });

  it("can be imported through every entry point", async () => {
    const entries = Object.keys(manifest.exports).filter((name) => name !== "./package.json");
    for (const entry of entries) {
      const specifier = path.posix.join("headgate", entry);
      const script = `const all = await import(${JSON.stringify(specifier)}); console.log(Object.keys(all).length);`;
      const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], { cwd: consumer() });
      expect(Number(stdout), specifier).toBeGreaterThan(0);
    }
  });

  it.each([
    ["NodeNext", "NodeNext"],
    ["ESNext", "Bundler"],
  ])("brings types that check in a consumer's project (%s, %s)", async (module, moduleResolution) => {
    const compilerOptions = {
      target: "ES2022",
      module,
      moduleResolution,
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      types: ["node"],
    };
    writeFileSync(path.join(consumer(), "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
    const use = [
      'import { openHeadgate } from "headgate";',
      'import { type JobSettings, taskGraph } from "headgate/model";',
      'import { startFakeDatabricks } from "headgate/testing";',
      'const settings: JobSettings = { name: "x", tasks: [] };',
      "const nodes: { key: string }[] = taskGraph(settings);",
      "export const all = [openHeadgate, startFakeDatabricks, nodes];",
      "// @ts-expect-error types are there: a graph is no number",
      "export const wrong: number = taskGraph(settings);",
    ].join("\n");
    writeFileSync(path.join(consumer(), "use.ts"), use);
    const tsc = path.join(ROOT, "node_modules/.bin/tsc");
    const outcome = await run(tsc, ["-p", "."], { cwd: consumer() }).catch((error: { stdout: string }) => error);
    expect(outcome.stdout).toBe("");
  });

  it("is loaded from the unpacked folder, not from the repository", () => {
    expect(readdirSync(installed)).not.toContain("src");
  });
});
