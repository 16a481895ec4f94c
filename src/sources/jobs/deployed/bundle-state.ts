/**
 * Deployment state of a bundle → its jobs: `resources.json` of the direct engine (Databricks CLI, `bundle/direct/dstate`:
 * `state` by resource path, the id as `__id__`).
 */
import type { JobSettings } from "../../../model/job.ts";
import { isObject, type Json } from "../../../util/json.ts";
import { type DeployedJob, jobIdOf, stateFault } from "./deployed-job.ts";

/** `resources.jobs.load`; keys with dots stand in brackets. What belongs to a job (`….permissions`) is no job. */
const JOB = /^resources\.jobs(?:\.([^.[\]]+)|\['([^']+)'\])$/;

/**
 * The jobs of a state, by their key in the bundle.
 * @param file how the state is called in messages
 * @throws HeadgateError `input_invalid` for a state that is none
 */
export function jobsOfBundleState(state: Json, file: string): DeployedJob[] {
  if (!isObject(state) || !isObject(state.state))
    throw stateFault(
      file,
      "this is no deployment state of a bundle: there is no `state`",
      "it is written by `databricks bundle deploy`, as .databricks/bundle/TARGET/resources.json",
    );
  return Object.entries(state.state).flatMap(([path, entry]): DeployedJob[] => {
    const match = JOB.exec(path);
    const resource = match?.[1] ?? match?.[2];
    if (resource === undefined) return [];
    const id = isObject(entry) ? entry.__id__ : undefined;
    const settings = isObject(entry) && isObject(entry.state) ? (entry.state as JobSettings) : undefined;
    return [{ resource, jobId: jobIdOf(id, file, `state["${path}"].__id__`), from: `${file}: ${path}`, settings }];
  });
}

/** `resources.pipelines.load`, of any kind. */
const RESOURCE = /^resources\.(\w+)(?:\.([^.[\]]+)|\['([^']+)'\])$/;

/** Ids of the resources that a state of the direct engine names, by `pipelines.load`. */
export function idsOfBundleState(state: Json): Map<string, string> {
  const entries = isObject(state) && isObject(state.state) ? Object.entries(state.state) : [];
  return new Map(
    entries.flatMap(([path, entry]): [string, string][] => {
      const [, kind, plain, bracketed] = RESOURCE.exec(path) ?? [];
      const id = isObject(entry) ? entry.__id__ : undefined;
      return kind === undefined || typeof id !== "string" ? [] : [[`${kind}.${plain ?? bracketed}`, id]];
    }),
  );
}

/**
 * The jobs that a deployment's metadata names: `metadata.json`, which the Databricks CLI writes beside the state in the
 * workspace (`bundle/metadata`: `config.resources.jobs`, the id of each by its key).
 * @throws HeadgateError `input_invalid` for an id that is none
 */
export function jobsOfMetadata(metadata: Json, file: string): DeployedJob[] {
  const config = isObject(metadata) ? metadata.config : undefined;
  const resources = isObject(config) ? config.resources : undefined;
  const jobs = isObject(resources) && isObject(resources.jobs) ? resources.jobs : {};
  return Object.entries(jobs).map(([resource, entry]) => {
    const path = `config.resources.jobs.${resource}`;
    return { resource, jobId: jobIdOf(isObject(entry) ? entry.id : undefined, file, path), from: `${file}: ${path}` };
  });
}
