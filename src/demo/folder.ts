/** The demo's project folder: made anew, or made again where a former demo left it untouched; never over foreign files. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { HeadgateError } from "../errors.ts";
import { parseJson } from "../util/int64-json.ts";
import { isObject } from "../util/json.ts";
import { demoConfig, TOKEN_FILE } from "./config-text.ts";
import { inPackage } from "./package-files.ts";

/** Folder of a demo that names none, in the current folder. */
const NAME = "headgate-demo";
const MOST_NAMES = 100;
const MANIFEST = ".headgate/demo.json";
const EXAMPLE = "examples/retail";

/** What the demo remembers of a folder it made. */
interface Manifest {
  /** The demo that runs in it; null when it has ended. */
  pid: number | null;
  /** Digests of the files it wrote, by path. */
  files: Record<string, string>;
  /** Folders that it was filling when this was written: all in them is its own. */
  filling?: string[];
}

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) return undefined;
  const manifest = parseJson(readFileSync(path, "utf8"));
  if (!isObject(manifest) || !isObject(manifest.files)) return undefined;
  return manifest as unknown as Manifest;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The first file below a folder that the demo did not write as it is; folders named in `skip` are not looked into. */
function firstForeign(
  folder: string,
  files: Manifest["files"],
  skip: readonly string[],
  below = "",
): string | undefined {
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (skip.includes(path)) continue;
    if (entry.isDirectory()) {
      const found = firstForeign(folder, files, skip, path);
      if (found !== undefined) return found;
    } else if (files[path] === undefined || files[path] !== digest(readFileSync(join(folder, path), "utf8")))
      return path;
  }
  return undefined;
}

/** Why the demo may not write into a folder, or undefined where it may. */
function obstacle(folder: string): { message: string; hint: string } | undefined {
  if (!existsSync(folder)) return undefined;
  if (!statSync(folder).isDirectory()) return { message: `${folder} is no folder`, hint: "name a new one with --dir" };
  const manifest = readManifest(folder);
  if (manifest?.pid != null && isAlive(manifest.pid)) {
    return {
      message: `a demo is running in ${folder} (process ${manifest.pid})`,
      hint: "stop it, or name another folder with --dir",
    };
  }
  const foreign = firstForeign(
    folder,
    manifest?.files ?? {},
    manifest ? [".headgate", ...(manifest.filling ?? [])] : [],
  );
  if (foreign === undefined) return undefined;
  const what =
    manifest?.files[foreign] === undefined ? "which the demo did not write" : "changed since the demo wrote it";
  return {
    message: `${folder} holds ${foreign}, ${what}`,
    hint: "name a new folder with --dir; nothing was touched",
  };
}

/**
 * Chooses the folder: the one that was named, else `headgate-demo` in the current folder, or the next free
 * `headgate-demo-2`, …
 * @throws HeadgateError `input_invalid` when the named folder holds files of somebody else, or a running demo
 */
export function chooseFolder(cwd: string, dir: string | undefined): string {
  if (dir === undefined) {
    for (let count = 1; count <= MOST_NAMES; count++) {
      const folder = resolve(cwd, count === 1 ? NAME : `${NAME}-${count}`);
      if (obstacle(folder) === undefined) return folder;
    }
  }
  const folder = resolve(cwd, dir ?? NAME);
  const found = obstacle(folder);
  if (found) throw new HeadgateError("input_invalid", found.message, { hint: found.hint, permanent: true });
  return folder;
}

/** The files of the project, by path. */
function projectFiles(host: string): Record<string, string> {
  const example = inPackage(EXAMPLE);
  if (example === undefined) throw new Error(`this headgate was packed without ${EXAMPLE}`);
  const read = (path: string) => readFileSync(join(example, path), "utf8");
  const below = ["jobs", "processes"].flatMap((folder) =>
    readdirSync(join(example, folder))
      .sort()
      .map((name) => `${folder}/${name}`),
  );
  return {
    "headgate.yaml": demoConfig(read("headgate.yaml"), host),
    ...Object.fromEntries(below.map((path) => [path, read(path)])),
    ".gitignore": ".headgate/\n",
  };
}

/** A project folder that was written. */
export interface DemoFolder {
  /** Absolute. */
  path: string;
  /**
   * Has some folders and files of the project written, and remembers what is in them afterwards.
   * @param folders relative, not there yet
   */
  fill(folders: readonly string[], write: () => void | Promise<void>): Promise<void>;
  /** Notes that no demo runs in it any more. */
  leave(): void;
}

/** Files below a folder of the project, with their paths in the project. */
function filesBelow(folder: string, below: string): string[] {
  const path = join(folder, below);
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [below];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(folder, `${below}/${entry.name}`) : [`${below}/${entry.name}`],
  );
}

/** Removes what a former demo wrote, and the folders that are empty then. */
function removeFormer(folder: string): void {
  const manifest = readManifest(folder);
  for (const filled of manifest?.filling ?? []) rmSync(join(folder, filled), { recursive: true, force: true });
  for (const path of Object.keys(manifest?.files ?? {})) {
    rmSync(join(folder, path), { force: true });
    for (let above = dirname(path); above !== "."; above = dirname(above)) {
      const empty = join(folder, above);
      if (!existsSync(empty)) continue;
      if (readdirSync(empty).length > 0) break;
      rmdirSync(empty);
    }
  }
}

/**
 * Writes the project into a folder that {@link chooseFolder} gave; what a former demo left in it goes.
 * @param workspace address of the fake workspace, and the token with which we deploy
 */
export function writeProject(folder: string, workspace: { url: string; token: string }): DemoFolder {
  removeFormer(folder);
  rmSync(join(folder, ".headgate"), { recursive: true, force: true });
  const files = projectFiles(workspace.url);
  const digests = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, digest(text)]));
  const own = join(folder, ".headgate");
  const note = (pid: number | null, filling: string[] = []) => {
    const manifest: Manifest = { pid, files: digests, filling };
    writeFileSync(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  };
  mkdirSync(own, { recursive: true, mode: 0o700 });
  // First, so that what is written next is known to be ours, however this ends.
  note(process.pid);
  writeFileSync(join(folder, TOKEN_FILE), `${workspace.token}\n`, { mode: 0o600 });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return {
    path: folder,
    async fill(folders, write) {
      note(process.pid, [...folders]);
      await write();
      for (const path of folders.flatMap((one) => filesBelow(folder, one))) {
        digests[path] = digest(readFileSync(join(folder, path), "utf8"));
      }
      note(process.pid);
    },
    leave() {
      // A folder that somebody removed meanwhile is not made again.
      if (existsSync(own)) note(null);
    },
  };
}
