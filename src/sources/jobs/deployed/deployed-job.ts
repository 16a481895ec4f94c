/** A job as the state of another tool names it, and what is wrong with such a state. */
import { HeadgateError } from "../../../errors.ts";
import type { JobSettings } from "../../../model/job.ts";

/** One job that another tool deployed. */
export interface DeployedJob {
  /** Its key there: what it is to be called here. */
  resource: string;
  /** Decimal text: ids exceed 2^53. */
  jobId: string;
  /** Where the state says so: `terraform.tfstate: databricks_job.load`. */
  from: string;
  /** Host of the workspace it is in, where the state tells. */
  host?: string | undefined;
  /** Its settings as they were last deployed, where the state tells them in the form of the Jobs API. */
  settings?: JobSettings | undefined;
}

/** A state that cannot be used, at its place. */
export function stateFault(file: string, what: string, hint: string, cause?: unknown): HeadgateError {
  return new HeadgateError("input_invalid", `${file}: ${what}`, { hint, cause, permanent: true });
}

/**
 * The id of a job as text.
 * @throws HeadgateError `input_invalid` for what is no id
 */
export function jobIdOf(value: unknown, file: string, path: string): string {
  const text = typeof value === "string" ? value : typeof value === "number" ? String(value) : String(value ?? "");
  if (/^[1-9]\d{0,19}$/.test(text)) return text;
  throw stateFault(file, `${path} is no id of a job: ${JSON.stringify(text)}`, "restore the state from its backup");
}
