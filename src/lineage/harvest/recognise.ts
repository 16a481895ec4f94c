/** Tells OpenLineage events from objects that only look like them. */
import { isObject } from "../../util/json.ts";

/** `event`; `invalid`: claims to be one and breaks the specification; `other`: has nothing to do with it. */
export type Verdict = { kind: "event"; masked: boolean } | { kind: "invalid" } | { kind: "other" };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)?$/;
const TYPES = ["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"];
const SCHEMA = /openlineage/i;

const isNamed = (value: unknown): value is { namespace: string; name: string } =>
  isObject(value) && typeof value.namespace === "string" && typeof value.name === "string";

/** Airflow's secrets masker writes this over a part of a name that equals a secret. */
const isMasked = (value: unknown): boolean =>
  isNamed(value) && (value.namespace.includes("***") || value.name.includes("***"));

/**
 * Judges a parsed JSON value by the OpenLineage specification 2-0-2 (RunEvent, JobEvent, DatasetEvent). Events of
 * older clients lack `schemaURL` or `producer`: a run event is known by a run id that is a UUID and a named job too.
 */
export function recognise(value: unknown): Verdict {
  if (!isObject(value) || typeof value.eventTime !== "string") return { kind: "other" };
  const { run, job, dataset, producer, schemaURL, eventType } = value;
  const cites = typeof schemaURL === "string" && SCHEMA.test(schemaURL);
  const claims = cites || (typeof producer === "string" && (isObject(job) || isObject(dataset)));
  const isRun =
    isObject(run) &&
    typeof run.runId === "string" &&
    UUID.test(run.runId) &&
    isNamed(job) &&
    (claims || (typeof eventType === "string" && TYPES.includes(eventType)));
  const isStatic =
    run === undefined &&
    typeof producer === "string" &&
    cites &&
    (isNamed(dataset) || (dataset === undefined && isNamed(job)));
  if (!DATE_TIME.test(value.eventTime) || !(isRun || isStatic)) return { kind: claims ? "invalid" : "other" };
  const lists = [value.inputs, value.outputs].filter((list) => Array.isArray(list));
  return { kind: "event", masked: [job, dataset, ...lists.flat()].some(isMasked) };
}
