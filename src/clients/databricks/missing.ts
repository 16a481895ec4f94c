/** Which failures mean "there is no such thing", by status and error code, never by text. */
import { HttpFailure } from "../http/failure.ts";

/**
 * True for the two ways the service says that a job or run does not exist: 400 `INVALID_PARAMETER_VALUE` (what
 * `jobs/get` answers to a well-formed id) and 404 `RESOURCE_DOES_NOT_EXIST` or `NOT_FOUND`. A 404 without such a code
 * (a proxy's page, `ENDPOINT_NOT_FOUND`, `FEATURE_DISABLED`) says nothing about the job.
 */
export function isMissing(error: unknown): error is HttpFailure {
  if (!(error instanceof HttpFailure)) return false;
  const { status, errorCode } = error.facts;
  if (status === 400) return errorCode === "INVALID_PARAMETER_VALUE" || errorCode === "RESOURCE_DOES_NOT_EXIST";
  return isMissingPath(error);
}

/** True for 404 with a code that names the thing itself: a file or folder that is not there. */
export function isMissingPath(error: unknown): error is HttpFailure {
  if (!(error instanceof HttpFailure) || error.facts.status !== 404) return false;
  return error.facts.errorCode === "RESOURCE_DOES_NOT_EXIST" || error.facts.errorCode === "NOT_FOUND";
}

/** True for an answer that says the thing is already there. */
export function isAlreadyThere(error: unknown): error is HttpFailure {
  if (!(error instanceof HttpFailure)) return false;
  const { status, errorCode } = error.facts;
  if (status !== 400 && status !== 409) return false;
  return errorCode === "RESOURCE_ALREADY_EXISTS" || errorCode === "ALREADY_EXISTS";
}
