/** The state file of a deployment, and the history of its jobs beside it, as files in the workspace. */
import { HeadgateError } from "../errors.ts";
import type { Deployment } from "../model/identity.ts";
import { DeployState, HistoryEntry } from "../model/state.ts";
import { type Definitions, KEPT, openDefinitions, serialOf, type Wanted } from "./definitions.ts";
import { isParted, joinParts, PARTED, writeParts } from "./state-parts.ts";
import type { WorkspaceFiles } from "./workspace.ts";

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
  /** Where definitions are kept before they are sent. */
  readonly definitions: Definitions;
  /** Former definitions of a resource, newest first, by the state and by what was kept before states named them. */
  readHistory(resource: string, state: DeployState | undefined): Promise<HistoryEntry[]>;
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

/**
 * Where a deployment's state lies in a store that several workspaces may share.
 * @throws HeadgateError `config_invalid` for a name that is no single folder name
 */
export function storeFolder({ workspaceId, project, target, user }: Deployment): string {
  const names = [workspaceId, project, target, ...(user === undefined ? [] : [user])];
  return names.map(folderName).join("/");
}

/** Opens the state of a deployment. `folder` as {@link stateFolder} gives it. */
export function openStateStore(options: { files: WorkspaceFiles; folder: string; deployment: Deployment }): StateStore {
  const { files, folder, deployment } = options;
  const path = `${folder}/state.json`;
  /** Whether the state as it was last read or written lies in parts. */
  let parted = false;
  const definitions = openDefinitions(files, folder);
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

  /** Files of entries from before states named them; those of the jobs that changed last, and of deleted ones. */
  async function recentFiles(state: DeployState, count: number) {
    const known = new Map(Object.entries(state.jobs).map(([resource, row]) => [encodeURIComponent(resource), row]));
    const names = await files.folders(`${folder}/history`);
    const serialOfJob = (name: string) => known.get(name)?.serial ?? 0;
    // The newest changes are among the jobs that changed last: a job's own row says when it did.
    const alive = names.filter((name) => known.has(name)).sort((a, b) => serialOfJob(b) - serialOfJob(a));
    const deleted = names.filter((name) => !known.has(name));
    const found = await Promise.all(
      [...alive.slice(0, count + 1), ...deleted.slice(0, MOST_DELETED)].map(async (name) =>
        (await serials(name)).map((serial) => ({
          serial,
          resource: decodeURIComponent(name),
          file: `${folder}/history/${name}/${serial}.json`,
        })),
      ),
    );
    return { files: found.flat(), unseen: Math.max(0, deleted.length - MOST_DELETED) };
  }

  return {
    folder,
    read: async () => {
      for (let look = 1; look <= LOOKS; look += 1) {
        const text = await files.read(path);
        if (text === undefined) return undefined;
        const value = parseText(text, path);
        parted ||= isParted(value);
        const whole = await joinParts(files, folder, value);
        if (whole !== undefined) return stateFrom(whole, path, deployment);
      }
      throw new HeadgateError("input_invalid", `${path} cannot be read: a file of its rows is missing or another one`, {
        hint: "Somebody may be writing it: run again. Else move it away: headgate finds its jobs by their markers.",
        data: { path },
      });
    },
    write: async (state) => {
      parted = await writeParts(files, folder, DeployState.parse(state), parted);
    },
    definitions,
    readHistory: async (resource, state) => {
      const references = [...(state?.jobs[resource]?.history ?? state?.former?.[resource] ?? [])].reverse();
      const [kept, numbers] = await Promise.all([
        definitions.read(references.map((reference) => ({ reference, resource }))),
        serials(encodeURIComponent(resource)),
      ]);
      const before = await Promise.all(numbers.map((one) => readEntry(`${historyFolder(resource)}/${one}.json`)));
      return [...kept, ...before.flat()].sort((a, b) => b.serial - a.serial).slice(0, KEPT);
    },
    async readRecent(state, count) {
      const named: (Wanted & { serial: number })[] = [
        ...Object.entries(state.jobs).map(([resource, { history = [] }]) => ({ resource, history })),
        ...Object.entries(state.former ?? {}).map(([resource, history]) => ({ resource, history })),
      ].flatMap(({ resource, history }) =>
        history.map((reference) => ({ reference, resource, serial: serialOf(reference) })),
      );
      const { files: before, unseen } = await recentFiles(state, count);
      const newest = [...named, ...before].sort((a, b) => b.serial - a.serial || (a.resource < b.resource ? -1 : 1));
      const shown = newest.slice(0, count);
      const [kept, others] = await Promise.all([
        definitions.read(shown.flatMap((one) => ("reference" in one ? [one] : []))),
        Promise.all(shown.flatMap((one) => ("file" in one ? [readEntry(one.file)] : []))),
      ]);
      const entries = [...kept, ...others.flat()].sort(
        (a, b) => b.serial - a.serial || (a.resource < b.resource ? -1 : 1),
      );
      return { entries, more: newest.length > count, unseen };
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
