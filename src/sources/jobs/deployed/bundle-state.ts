/**
 * Deployment state of a bundle → its jobs: `resources.json` of the direct engine (Databricks CLI, `bundle/direct/dstate`:
 * `state` by resource path, the id as `__id__`).
 */
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
    return [{ resource, jobId: jobIdOf(id, file, `state["${path}"].__id__`), from: `${file}: ${path}` }];
  });
}
