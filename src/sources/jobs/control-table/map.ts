/** Jobs of a control table → declared jobs. Pure. */
import type { DeclaredJob, JobSettings } from "../../../model/job.ts";
import type { Problem } from "../../../model/problem.ts";
import type { ReferenceScope, Variable } from "../../../model/reference.ts";
import { jsonOf, memberOf, overlay, type Placed, placeOfSpot } from "../../../util/placed-yaml.ts";
import { withMembers } from "../build-placed.ts";
import { fillReferences } from "../fill-references.ts";
import { lakeflowJob } from "../lakeflow-job.ts";
import { permissionsOf } from "../permissions.ts";
import { jobListKey, placeFinder, settingsFor } from "../settings.ts";
import type { TableJob } from "./rows.ts";

/** What {@link tableDeclarations} is told. */
export interface TableContext {
  source: string;
  project: string;
  target: string;
  profile: string | undefined;
  prefix: string | undefined;
  warehouse: string | undefined;
  queriesPath: string | undefined;
  variables: ReadonlyMap<string, Variable>;
  defaults: Placed | undefined;
  workspace: Readonly<Record<string, string | undefined>>;
  /** Job ids of the tracking table, by the job's key. */
  tracked: ReadonlyMap<string, string>;
}

const NO_SETTINGS = ["permissions", "access_control_list", "lifecycle", "moved", "previous"];

function declaredJob(made: TableJob, context: TableContext, problems: Problem[]): DeclaredJob | undefined {
  const { resource, spot, form, name } = made;
  const { profile, prefix, warehouse, queriesPath } = context;
  const scope: ReferenceScope = {
    variables: context.variables,
    bundle: { name: context.project, target: context.target, environment: context.target },
    workspace: context.workspace,
  };
  let node: Placed = made.node;
  if (context.defaults) node = overlay(context.defaults, node, jobListKey);
  node = fillReferences(resource, node, scope, problems);
  if (node.kind !== "map") return undefined;
  const about = { resource, at: spot, form, name, profile, prefix, warehouse, queriesPath };
  const { job, queries } = lakeflowJob(node, about, problems);
  if (problems.some(({ severity }) => severity === "error")) return undefined;
  const own = Object.fromEntries(NO_SETTINGS.map((key) => [key, undefined]));
  const settings = settingsFor(withMembers(job, own)) as JobSettings;
  settings.name ??= name ?? resource;
  const jobId = context.tracked.get(made.key);
  const protect = memberOf(memberOf(job, "lifecycle"), "prevent_destroy");
  return {
    resource,
    settings,
    place: placeOfSpot(spot),
    placeOf: placeFinder(job, spot),
    source: context.source,
    previous: [],
    ...(queries.length > 0 ? { queries } : {}),
    ...(jobId === undefined ? {} : { takeOver: { by: "id", jobId } }),
    permissions: permissionsOf([memberOf(job, "permissions"), memberOf(job, "access_control_list")]),
    protect: protect !== undefined && jsonOf(protect) === true,
  };
}

/** All jobs that can be declared; a faulty one is left out, its faults are added to `problems`. */
export function tableDeclarations(
  jobs: readonly TableJob[],
  context: TableContext,
  problems: Problem[],
): DeclaredJob[] {
  const faulty = new Set(
    problems.flatMap(({ severity, resource }) => (severity === "error" && resource ? resource : [])),
  );
  return jobs.flatMap((made) => {
    const own: Problem[] = [];
    const job = declaredJob(made, context, own);
    problems.push(...own);
    return job === undefined || faulty.has(made.resource) ? [] : [job];
  });
}
