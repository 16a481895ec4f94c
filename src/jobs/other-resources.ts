/** References to a bundle's other resources (`${resources.pipelines.load.id}`) that reading the files left open. Pure. */
import type { DeclaredJob, JobSettings } from "../model/job.ts";
import type { Problem } from "../model/problem.ts";
import { OTHER_RESOURCE } from "../model/reference.ts";
import { mapTexts } from "./leaves.ts";

const REFERENCE = /\$\{resources\.(?!jobs\.|queries\.)(\w+)\.([\w-]+)\.([^}]+)\}/g;

/** For jobs that we deploy, an open reference is an error: sent as it is written, it names nothing. */
export function refuseOpen(problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => (problem.code === OTHER_RESOURCE ? { ...problem, severity: "error" } : problem));
}

/**
 * For jobs that the bundle deploys, ids are those of its last deployment, by `pipelines.load`; what is still open is
 * known after the next one, and told so.
 */
export function fromDeployment(
  { jobs, problems }: { jobs: readonly DeclaredJob[]; problems: readonly Problem[] },
  ids: ReadonlyMap<string, string>,
): { jobs: DeclaredJob[]; problems: Problem[] } {
  const [open, left] = [new Set<string>(), problems.filter(({ code }) => code !== OTHER_RESOURCE)];
  for (const { code, resource } of problems) if (code === OTHER_RESOURCE && resource !== undefined) open.add(resource);
  const filled = jobs.map((job) => {
    if (!open.has(job.resource)) return job;
    const settings = mapTexts(job.settings, (text, path) =>
      text.replace(REFERENCE, (raw, kind, key, field) => {
        const id = field === "id" ? ids.get(`${kind}.${key}`) : undefined;
        if (id === undefined) left.push(openReference(job, path, raw));
        return id ?? raw;
      }),
    );
    return { ...job, settings: settings as JobSettings };
  });
  return { jobs: filled, problems: left };
}

function openReference(job: DeclaredJob, path: string, raw: string): Problem {
  return {
    severity: "warning",
    code: OTHER_RESOURCE,
    place: job.placeOf(path),
    path: `jobs.${job.resource}.${path}`,
    message: `${raw} is known after databricks bundle deploy`,
    resource: job.resource,
  };
}
