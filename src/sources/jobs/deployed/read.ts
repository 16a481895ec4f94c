/** Reads the state that another tool keeps of its deployment, and finds it where a bundle keeps it. */
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { parseJson } from "../../../util/int64-json.ts";
import { isObject, type Json } from "../../../util/json.ts";
import type { WorkspaceFiles } from "../../../workspace/workspace.ts";
import { idsOfBundleState, jobsOfBundleState, jobsOfMetadata } from "./bundle-state.ts";
import { type DeployedJob, stateFault } from "./deployed-job.ts";
import { isTerraformShow, jobsOfTerraformShow, type TerraformPlan } from "./terraform-plan.ts";
import { idsOfTerraformState, jobsOfTerraformState } from "./terraform-state.ts";

/** Which state is meant. */
export interface StateWish {
  kind: "bundle" | "terraform";
  /** As the user wrote it. */
  path: string;
  /** Folder that a relative path starts from. */
  cwd: string;
  /** Target of ours: a bundle's target of this name is taken where it has several. */
  target: string;
}

const NAMES: Record<StateWish["kind"], string> = {
  bundle: "the folder of a bundle that was deployed from here, or its state file",
  terraform: "a file with what `terraform state pull` writes",
};

async function readState(file: string, shown: string, wish: StateWish): Promise<Json> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw stateFault(shown, `cannot be read: ${(error as Error).message}`, `give ${NAMES[wish.kind]}`, error);
  }
  return parseState(text, shown, wish);
}

function parseState(text: string, shown: string, wish: StateWish): Json {
  try {
    return parseJson(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw stateFault(shown, `this is no JSON: ${error.message}`, `give ${NAMES[wish.kind]}`, error);
  }
}

const kindOf = async (file: string): Promise<"file" | "folder" | undefined> => {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  return found === undefined ? undefined : found.isDirectory() ? "folder" : "file";
};

/** The folder in which a bundle keeps the state of one target. */
async function targetFolder(folder: string, wish: StateWish): Promise<string> {
  const bundle = path.join(folder, ".databricks", "bundle");
  if ((await kindOf(bundle)) !== "folder") return folder;
  const entries = await readdir(bundle, { withFileTypes: true });
  const targets = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const [only] = targets;
  const target = targets.includes(wish.target) ? wish.target : targets.length === 1 ? only : undefined;
  if (target !== undefined) return path.join(bundle, target);
  throw stateFault(
    wish.path,
    targets.length === 0 ? "this bundle was never deployed from here" : `which target? ${targets.sort().join(", ")}`,
    `give the folder of the target: ${path.join(wish.path, ".databricks/bundle", targets[0] ?? "TARGET")}`,
  );
}

const DIRECT = "resources.json";
const TERRAFORM = path.join("terraform", "terraform.tfstate");

/** The state files of a target: of the direct engine, and of the one before it. */
async function stateFiles(folder: string, wish: StateWish): Promise<string[]> {
  const found: string[] = [];
  for (const name of [DIRECT, TERRAFORM, "terraform.tfstate"])
    if ((await kindOf(path.join(folder, name))) === "file") found.push(path.join(folder, name));
  if (found.length > 0) return found;
  throw stateFault(
    wish.path,
    `there is no deployment state in ${path.relative(wish.cwd, folder) || "."}`,
    `it is ${DIRECT} or ${TERRAFORM} below .databricks/bundle/TARGET; databricks bundle deploy writes it`,
  );
}

const serialOf = (state: Json) => (isObject(state) && typeof state.serial === "number" ? state.serial : -1);

async function readBundle(wish: StateWish): Promise<DeployedResources> {
  const given = path.resolve(wish.cwd, wish.path);
  const kind = await kindOf(given);
  const file = kind === "file" && /\.(json|tfstate)$/.test(given);
  const files = file
    ? [given]
    : await stateFiles(await targetFolder(kind === "file" ? path.dirname(given) : given, wish), wish);
  return resourcesOfNewest(await Promise.all(files.map((one) => readBundleState(one, wish))));
}

/** A state file's text, parsed, and how it is called in messages. */
interface ShownState {
  shown: string;
  state: Json;
}

async function readBundleState(file: string, wish: StateWish): Promise<ShownState> {
  const shown = path.relative(wish.cwd, file);
  if ((await kindOf(`${file}.wal`)) === "file")
    throw stateFault(
      `${shown}.wal`,
      "a deployment of the bundle was broken off; what it made is not in the state yet",
      "finish it first: databricks bundle deploy",
    );
  return { shown, state: await readState(file, shown, wish) };
}

/** What another tool deployed. */
export interface DeployedResources {
  jobs: DeployedJob[];
  /** Ids of its other resources, where a bundle's state tells them: by `pipelines.load`. */
  ids: ReadonlyMap<string, string>;
}

/** What the newest of some states names; nothing for none. */
function resourcesOfNewest(states: readonly ShownState[]): DeployedResources {
  const [first, ...others] = states;
  if (first === undefined) return { jobs: [], ids: new Map() };
  // The CLI, too, goes by the newer of two: a bundle that changed its engine leaves the state of the old one.
  const { state, shown } = others.reduce(
    (best, one) => (serialOf(one.state) > serialOf(best.state) ? one : best),
    first,
  );
  const terraform = isObject(state) && state.version !== undefined;
  return terraform
    ? { jobs: jobsOfTerraformState(state, shown), ids: idsOfTerraformState(state) }
    : { jobs: jobsOfBundleState(state, shown), ids: idsOfBundleState(state) };
}

/** Where a bundle's deployments may have left what they know. */
export interface BundleTraces {
  /** Folder of the bundle, absolute. */
  folder: string;
  /** Folder of its state in the workspace. */
  statePath: string | undefined;
  target: string;
  files: Pick<WorkspaceFiles, "read">;
}

/**
 * The jobs of a bundle and what else it deployed, by the newest state that is found: beside its files, where it was deployed from, or in the
 * workspace, where every deployment leaves a copy; without any by the metadata that lies beside it there.
 * @returns undefined where nothing of a deployment is found
 * @throws HeadgateError `input_invalid` for a state that cannot be read; those of the workspace
 */
export async function findBundleResources({
  folder,
  statePath,
  target,
  files,
}: BundleTraces): Promise<DeployedResources | undefined> {
  const wish: StateWish = { kind: "bundle", path: folder, cwd: folder, target };
  const states: ShownState[] = [];
  const local = path.join(folder, ".databricks", "bundle", target);
  for (const name of [DIRECT, TERRAFORM])
    if ((await kindOf(path.join(local, name))) === "file")
      states.push(await readBundleState(path.join(local, name), wish));
  const remote = async (name: string): Promise<ShownState[]> => {
    const shown = `${statePath}/${name}`;
    const text = statePath === undefined ? undefined : await files.read(shown);
    return text === undefined ? [] : [{ shown, state: parseState(text, shown, wish) }];
  };
  states.push(...(await Promise.all([remote(DIRECT), remote("terraform.tfstate")])).flat());
  if (states.length > 0) return resourcesOfNewest(states);
  const [metadata] = await remote("metadata.json");
  return metadata && { jobs: jobsOfMetadata(metadata.state, metadata.shown), ids: new Map() };
}

/**
 * What another tool's state names, jobs in its order.
 * @throws HeadgateError `input_invalid` for a state that is not there, cannot be read, or names no job
 */
export async function readDeployed(wish: StateWish): Promise<DeployedResources> {
  const read =
    wish.kind === "bundle"
      ? await readBundle(wish)
      : {
          jobs: jobsOfTerraformState(await readState(path.resolve(wish.cwd, wish.path), wish.path, wish), wish.path),
          ids: new Map<string, string>(),
        };
  if (read.jobs.length === 0) throw stateFault(wish.path, "the state names no job", `give ${NAMES[wish.kind]}`);
  return read;
}

/**
 * The jobs of what `terraform show -json` wrote; undefined for a state file, which is read by {@link readDeployed}.
 * @throws HeadgateError `input_invalid` for a file that is not there or cannot be read
 */
export async function readTerraformPlan(
  wish: Pick<StateWish, "path" | "cwd" | "target">,
): Promise<TerraformPlan | undefined> {
  const terraform: StateWish = { ...wish, kind: "terraform" };
  const file = path.resolve(wish.cwd, wish.path);
  const shown = path.relative(wish.cwd, file);
  const json = await readState(file, shown, terraform);
  if (!isTerraformShow(json)) return undefined;
  return jobsOfTerraformShow(json, (await readFile(file, "utf8")).replace(/^\uFEFF/, ""), shown);
}

/** The jobs that another tool's state names, in its order: see {@link readDeployed}. */
export async function readDeployedJobs(wish: StateWish): Promise<DeployedJob[]> {
  return (await readDeployed(wish)).jobs;
}
