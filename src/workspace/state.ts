/** The state file of a deployment, and the history of its jobs beside it, as files in the workspace. */
import { HeadgateError } from "../errors.ts";
import type { Deployment } from "../model/identity.ts";
import { DeployState, HistoryEntry } from "../model/state.ts";
import { formatJson } from "../util/int64-json.ts";
import { joinParts, PARTED, writeParts } from "./state-parts.ts";
import type { WorkspaceFiles } from "./workspace.ts";

/** How many former definitions of a job are kept. */
const KEPT = 50;
/** How often a state is looked at whose rows another one is just replacing. */
const LOOKS = 3;

/** Deleted jobs whose history a look at the newest changes reads at most: nothing says when a folder was last written. */
const MOST_DELETED = 100;

/** What {@link StateStore.readRecent} found. */
export interface RecentHistory {
  entries: HistoryEntry[];
  /** True where there are older changes than these. */
  more: boolean;
  /** Deleted jobs that were not looked at. */
  unseen: number;
}

/** See {@link openStateStore}. */
export interface StateStore {
  /** Folder of the state file. */
  readonly folder: string;
  /** The state, or undefined where there is none yet. @throws HeadgateError for one that cannot be believed */
  read(): Promise<DeployState | undefined>;
  /** Replaces the state file. Whoever writes holds the lock. */
  write(state: DeployState): Promise<void>;
  /** Adds former definitions and drops all but the last 50 of each of their resources. */
  addHistory(entries: readonly HistoryEntry[]): Promise<void>;
  /** Former definitions of a resource, newest first. */
  readHistory(resource: string): Promise<HistoryEntry[]>;
  /**
   * The newest `count` changes of the deployment, newest first, deleted jobs among them. Costs one request a resource
   * looked at and one a change: see {@link MOST_DELETED} for what is not looked at.
   */
  readRecent(state: DeployState, count: number): Promise<RecentHistory>;
}

/**
 * Where a deployment's state lies: `/Workspace/Shared/.headgate/<project>/<target>`, or under the user's own folder for
 * a deployment of one user; `override` (from the config) wins.
 * @throws HeadgateError `config_invalid` for a name that is no single folder name
 */
export function stateFolder(deployment: Deployment, override?: string): string {
  if (override !== undefined) return override.replace(/\/+$/, "");
  const { project, target, user } = deployment;
  const home = user === undefined ? "/Workspace/Shared" : `/Workspace/Users/${folderName(user)}`;
  return `${home}/.headgate/${folderName(project)}/${folderName(target)}`;
}

/** Opens the state of a deployment. `folder` as {@link stateFolder} gives it. */
export function openStateStore(options: { files: WorkspaceFiles; folder: string; deployment: Deployment }): StateStore {
  const { files, folder, deployment } = options;
  const path = `${folder}/state.json`;
  const historyFolder = (resource: string) => `${folder}/history/${encodeURIComponent(resource)}`;

  /** Serials in a folder of the history, newest first. */
  async function serials(name: string): Promise<number[]> {
    const names = await files.list(`${folder}/history/${name}`);
    const numbers = names.flatMap((name) => Number(/^(\d+)\.json$/.exec(name)?.[1] ?? Number.NaN));
    return numbers.filter((number) => !Number.isNaN(number)).sort((a, b) => b - a);
  }

  async function readEntry(file: string): Promise<HistoryEntry[]> {
    const text = await files.read(file);
    return text === undefined ? [] : [parseEntry(text, file)];
  }

  async function prune(resource: string): Promise<void> {
    const old = (await serials(encodeURIComponent(resource))).slice(KEPT);
    await Promise.all(old.map((serial) => files.remove(`${historyFolder(resource)}/${serial}.json`)));
  }

  return {
    folder,
    read: async () => {
      for (let look = 1; look <= LOOKS; look += 1) {
        const text = await files.read(path);
        if (text === undefined) return undefined;
        const whole = await joinParts(files, folder, parseText(text, path));
        if (whole !== undefined) return stateFrom(whole, path, deployment);
      }
      throw new HeadgateError("input_invalid", `${path} cannot be read: a file of its rows is missing or another one`, {
        hint: "Somebody may be writing it: run again. Else move it away: headgate finds its jobs by their markers.",
        data: { path },
      });
    },
    write: (state) => writeParts(files, folder, DeployState.parse(state)),
    addHistory: async (entries) => {
      await Promise.all(
        entries.map((entry) =>
          files.write(`${historyFolder(entry.resource)}/${entry.serial}.json`, `${formatJson(entry, 1)}\n`, {
            // A job that was just made has none: one request less than to be told so.
            newFolder: entry.action === "create",
          }),
        ),
      );
      // No resource has more entries than there were serials: below that nobody needs to look.
      const grown = new Set(entries.filter(({ serial }) => serial > KEPT).map(({ resource }) => resource));
      await Promise.all([...grown].map(prune));
    },
    readHistory: async (resource) => {
      const numbers = await serials(encodeURIComponent(resource));
      return (await Promise.all(numbers.map((one) => readEntry(`${historyFolder(resource)}/${one}.json`)))).flat();
    },
    async readRecent(state, count) {
      const known = new Map(Object.entries(state.jobs).map(([resource, row]) => [encodeURIComponent(resource), row]));
      const deleted = (await files.folders(`${folder}/history`)).filter((name) => !known.has(name));
      // The newest changes are among the jobs that changed last: a job's own row says when it did.
      const alive = [...known].sort(([, a], [, b]) => b.serial - a.serial).slice(0, count + 1);
      const looked = [...alive.map(([name]) => name), ...deleted.slice(0, MOST_DELETED)];
      const found = await Promise.all(
        looked.map(async (name) =>
          (await serials(name)).map((serial) => ({ serial, file: `${folder}/history/${name}/${serial}.json` })),
        ),
      );
      const newest = found.flat().sort((a, b) => b.serial - a.serial || (a.file < b.file ? -1 : 1));
      const entries = await Promise.all(newest.slice(0, count).map(({ file }) => readEntry(file)));
      return {
        entries: entries.flat(),
        more: newest.length > count,
        unseen: Math.max(0, deleted.length - MOST_DELETED),
      };
    },
  };
}

/**
 * The state that a state file holds. One that cannot be read is never taken for absent: that would make every job anew.
 * @throws HeadgateError `store_newer` for a newer format, `owner_conflict` for another deployment's state, `input_invalid` for anything unreadable
 */
function stateFrom(value: unknown, path: string, deployment: Deployment): DeployState {
  const version = (value as { formatVersion?: unknown } | null)?.formatVersion;
  if (typeof version === "number" && version > PARTED) {
    const known = `this headgate knows formats up to ${PARTED}`;
    throw new HeadgateError("store_newer", `the state ${path} has format ${version}; ${known}`, {
      hint: "Install the headgate version that wrote it (field `headgate` in the file), or a newer one.",
    });
  }
  const parsed = DeployState.safeParse(value);
  if (!parsed.success) throw unreadable(path, parsed.error.issues[0]);
  const state = parsed.data;
  for (const [part, found, wanted] of [
    ["workspace", state.workspaceId, deployment.workspaceId],
    ["project", state.project, deployment.project],
    ["target", state.target, deployment.target],
    ["user", state.user, deployment.user ?? null],
  ] as const) {
    if (found === wanted) continue;
    throw new HeadgateError("owner_conflict", `the state ${path} belongs to ${part} ${found}, not ${wanted}`, {
      hint: "Two deployments share one state folder: give one of them its own path (jobs.state.path).",
      data: { path, part, found, wanted },
    });
  }
  return state;
}

function parseEntry(text: string, path: string): HistoryEntry {
  const parsed = HistoryEntry.safeParse(parseText(text, path));
  if (!parsed.success) throw unreadable(path, parsed.error.issues[0]);
  return parsed.data;
}

function parseText(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(path, undefined, error);
  }
}

function unreadable(path: string, issue?: { path: PropertyKey[]; message: string }, cause?: unknown): HeadgateError {
  const where =
    issue === undefined ? "it is no JSON" : `${issue.path.map(String).join(".") || "file"}: ${issue.message}`;
  return new HeadgateError("input_invalid", `${path} cannot be read: ${where}`, {
    hint: "Restore the file, or move it away: without a state, headgate finds its jobs again by their markers.",
    cause,
    data: { path },
  });
}

function folderName(name: string): string {
  if (name !== "" && name !== "." && name !== ".." && !name.includes("/")) return name;
  throw new HeadgateError("config_invalid", `"${name}" cannot be part of the state's path`, {
    hint: "Names of projects and targets have letters, digits, dots, dashes and underscores.",
  });
}
