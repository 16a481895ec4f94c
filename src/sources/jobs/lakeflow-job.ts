/** A job as lakeflow_jobs_meta writes it → as the Jobs API has it: short tasks written out, names and defaults of the profile. Pure. */
import type { DeclaredQuery } from "../../model/job.ts";
import type { Problem } from "../../model/problem.ts";
import { memberText, type Placed, type PlacedMap, type Spot } from "../../util/placed-yaml.ts";
import { valueMember, withMembers } from "./build-placed.ts";
import { type MetadataForm, needTasks, withProfile } from "./lakeflow-profile.ts";
import { expandShortForm } from "./short-form.ts";

/** A job of a metadata file, in the short form, with references as they are written. */
export interface MetadataEntry {
  resource: string;
  /** Where it begins. */
  key: Spot;
  node: Placed;
  /** The name it gives, where that is not among its settings. */
  name?: string | undefined;
}

/** What {@link lakeflowJob} is told of a job. */
export interface LakeflowContext {
  resource: string;
  /** Where the job begins. */
  at: Spot;
  form: MetadataForm;
  /** The name it gives, where that is not among its settings. */
  name: string | undefined;
  profile: string | undefined;
  /** What stands before the name, instead of what the profile says. */
  prefix: string | undefined;
  /** SQL warehouse of tasks that name none. */
  warehouse: string | undefined;
  /** Folder of saved queries. */
  queriesPath: string | undefined;
}

/** The job, and the saved queries that its tasks run. Faults are added to `problems`. */
export function lakeflowJob(
  node: PlacedMap,
  context: LakeflowContext,
  problems: Problem[],
): { job: PlacedMap; queries: DeclaredQuery[] } {
  const { resource, at, form, prefix, warehouse, queriesPath } = context;
  const name = context.name ?? memberText(node, "name") ?? resource;
  const lakeflow = context.profile === "lakeflow-meta";
  if (lakeflow || form === "module") needTasks(node, at, resource, problems);
  const { job, queries } = expandShortForm(node, { resource, queryOwner: name, warehouse, queriesPath }, problems);
  if (lakeflow) return { job: withProfile(job, { form, name, prefix, at }), queries };
  if (context.name === undefined && prefix === undefined) return { job, queries };
  return { job: withMembers(job, { name: valueMember((prefix ?? "") + name, at) }), queries };
}
