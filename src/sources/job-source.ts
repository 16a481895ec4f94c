/**
 * Door of job sources: where declared jobs come from.
 *
 * @example
 * const { jobs, problems } = await source.read()
 */
import type { DeclaredJob } from "../model/job.ts";
import type { Problem } from "../model/problem.ts";

/** What a source yielded. A faulty job is in `problems` and not in `jobs`; the others go on. */
export interface DeclaredJobs {
  jobs: DeclaredJob[];
  problems: Problem[];
  /** Files or tables that were read, for watching. */
  inputs: string[];
}

/** A source of declared jobs. */
export interface JobSource {
  readonly name: string;
  readonly kind: string;
  read(signal?: AbortSignal): Promise<DeclaredJobs>;
}
