/** What an installation brings: small enough, without install scripts, and nothing that Node 20 cannot run. */
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { complete, type LockedPackage, missingOptional, platformEntry } from "../scripts/complete-lockfile.ts";
import { ROOT, read } from "./tree/files.ts";

const MOST_MEGABYTES = 150;

/** Packages whose install script may as well not run, and why; `.ci/run` installs without scripts. */
const SCRIPT_NOT_NEEDED: Readonly<Record<string, string>> = {
  "node_modules/@photostructure/sqlite": "it only checks that the binary inside the package fits this machine",
};

interface Locked extends LockedPackage {
  devOptional?: boolean;
  hasInstallScript?: boolean;
  resolved?: string;
}

const lock = JSON.parse(read("package-lock.json")) as { packages: Record<string, Locked> };
const manifest = JSON.parse(read("package.json")) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const production = Object.entries(lock.packages).filter(
  ([name, entry]) => name !== "" && !entry.dev && !entry.devOptional,
);

const bytesUnder = (folder: string): number => {
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const inner = path.join(folder, entry.name);
    // packages nested below are rows of their own in the lockfile
    if (entry.isDirectory() && entry.name !== "node_modules") sum += bytesUnder(inner);
    else if (entry.isFile()) sum += statSync(inner).size;
  }
  return sum;
};

const isInstalled = (name: string): boolean => statSync(path.join(ROOT, name), { throwIfNoEntry: false }) !== undefined;

describe("dependencies", () => {
  it("are pinned to exact versions", () => {
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it("need no install script in a production install", () => {
    const scripted = production.filter(([, entry]) => entry.hasInstallScript).map(([name]) => name);
    expect(scripted.filter((name) => !(name in SCRIPT_NOT_NEEDED))).toEqual([]);
  });

  it("are locked for every platform, else npm ci refuses the lockfile (npm run lock)", () => {
    expect(missingOptional(lock.packages).map(({ name }) => name)).toEqual([]);
  });

  it("name no package host in the lockfile", () => {
    expect(Object.values(lock.packages).filter((entry) => entry.resolved !== undefined)).toEqual([]);
  });

  it(`take at most ${MOST_MEGABYTES} MB where they are installed`, () => {
    const installed = production.map(([name]) => name).filter(isInstalled);
    const missing = production.filter(([name, entry]) => !entry.optional && !isInstalled(name)).map(([name]) => name);
    expect(missing).toEqual([]);
    const megabytes = installed.reduce((sum, name) => sum + bytesUnder(path.join(ROOT, name)), 0) / 1e6;
    expect(installed.length).toBeGreaterThan(10);
    expect(megabytes).toBeLessThan(MOST_MEGABYTES);
  });
});

describe("completing a lockfile", () => {
  it("adds what is missing, with the platform its name says", () => {
    const packages = {
      "": {},
      "node_modules/a": {
        dev: true,
        optionalDependencies: { "@a/cli-linux-x64-musl": "1.2.3", "@a/cli-win32-ia32": "1.2.3" },
      },
      "node_modules/@a/cli-win32-ia32": { version: "1.2.3" },
    };
    expect(complete(packages)).toEqual({
      ...packages,
      "node_modules/@a/cli-linux-x64-musl": {
        version: "1.2.3",
        cpu: ["x64"],
        dev: true,
        libc: ["musl"],
        optional: true,
        os: ["linux"],
      },
    });
  });

  it("refuses to guess", () => {
    expect(() => platformEntry("@a/native", "1.2.3", false)).toThrow("which platform");
    expect(() => platformEntry("@a/linux-x64", "^1.2.3", false)).toThrow("which platform");
  });
});
