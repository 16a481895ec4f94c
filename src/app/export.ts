/** Puts declared jobs, their ids and the writer of bundles together. */
import type { Config } from "../config/load.ts";
import type { JobsRoom } from "../jobs/room.ts";
import type { Problem } from "../model/problem.ts";
import { writeBundle } from "../sources/jobs/yaml/write-bundle.ts";

/** A bundle, and what it was made of. */
export interface ExportedBundle {
  /** Text by file name. */
  files: ReadonlyMap<string, string>;
  /** What a bundle cannot say. */
  notes: string[];
  /** Faults of declarations: their jobs are not in it. */
  problems: Problem[];
  jobs: number;
  /** Jobs that are in the workspace, and are bound to the bundle. */
  bound: number;
}

/** @throws HeadgateError where the workspace does not answer: without ids the bundle would make every job anew */
export async function exportBundle(
  room: Pick<JobsRoom, "declared" | "deployed">,
  { config, host }: { config: Config; host: string },
): Promise<ExportedBundle> {
  const { jobs, problems } = await room.declared();
  const faulty = new Set(problems.filter(({ severity }) => severity === "error").map(({ resource }) => resource));
  const sound = jobs.filter(({ resource }) => !faulty.has(resource));
  const deployed = await room.deployed();
  const { files, notes } = writeBundle(sound, deployed, {
    project: config.project,
    target: config.target.name,
    host,
    markerTag: config.jobs.markerTag,
  });
  return {
    files,
    notes,
    problems,
    jobs: sound.length,
    bound: sound.filter(({ resource }) => deployed.has(resource)).length,
  };
}
