/** A case on disk: its script, inputs, settings and expected files. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { FakeDatabricksOptions } from "../../fakes/databricks/index.ts";

/** `case.json`, all optional. */
export interface CaseSettings {
  /** Why the case is not run. */
  skip?: string;
  /** Options of the fake workspace. */
  fake?: FakeDatabricksOptions;
  /** Regular expression of paths: the requests that match are compared, in `out.requests.json`. */
  requests?: string;
  /** More variables for the commands. */
  env?: Record<string, string>;
  /** It takes its time: only the lane `real` plays it. */
  long?: boolean;
  /** Times stay as they are: the case gives all of them itself. */
  keepTimes?: boolean;
  /** More replacements: [regular expression, token]. */
  replace?: [pattern: string, token: string][];
}

/** One case. */
export interface Case {
  /** `<room>/<case>`. */
  name: string;
  folder: string;
  script: string;
  settings: CaseSettings;
  /** Names of the files the script starts with. */
  inputs: string[];
}

const ROOT = path.resolve(import.meta.dirname, "..");
const isExpected = (name: string): boolean => name === "output.txt" || /^out\..+\.json$/.test(name);

/** All cases, by name. */
export function findCases(): Case[] {
  const folders = readdirSync(ROOT, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name === "script")
    .map((entry) => entry.parentPath);
  return folders.sort().map((folder) => {
    const settings = path.join(folder, "case.json");
    return {
      name: path.relative(ROOT, folder),
      folder,
      script: readFileSync(path.join(folder, "script"), "utf8"),
      settings: existsSync(settings) ? (JSON.parse(readFileSync(settings, "utf8")) as CaseSettings) : {},
      inputs: readdirSync(folder).filter((name) => name !== "script" && name !== "case.json" && !isExpected(name)),
    };
  });
}

/** The expected files of a case: name → text. */
export function expectedOf(item: Case): Record<string, string> {
  const names = readdirSync(item.folder).filter(isExpected).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(item.folder, name), "utf8")]));
}

/** Makes what a run gave the expectation. */
export function writeExpected(item: Case, actual: Record<string, string>): void {
  for (const name of Object.keys(expectedOf(item))) if (!(name in actual)) rmSync(path.join(item.folder, name));
  for (const [name, text] of Object.entries(actual)) writeFileSync(path.join(item.folder, name), text);
}
