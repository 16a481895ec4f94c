/**
 * Attributes of a `databricks_job` of Terraform → settings as the Jobs API has them. The provider's schema names repeated
 * blocks in the singular and keeps every block as a list (registry.terraform.io, databricks/databricks, resource job).
 */
import { childShape, type FieldShape, JOB } from "../../../model/job-fields.ts";
import { isObject, type Json, type JsonObject } from "../../../util/json.ts";

/** What the provider calls otherwise; by the field the block stands in, `` for any. */
const NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "": { library: "libraries" },
  job: { task: "tasks", job_cluster: "job_clusters", parameter: "parameters", environment: "environments" },
  git_source: {
    url: "git_url",
    provider: "git_provider",
    branch: "git_branch",
    tag: "git_tag",
    commit: "git_commit",
  },
};

/** What only the provider knows: nothing of it is sent to the Jobs API. */
const PROVIDER_ONLY = new Set(["always_running", "control_run_state", "id", "provider_config", "timeouts", "url"]);

/** Fields in which an empty text says something. */
const EMPTY_SAYS = new Set(["default", "value", "left", "right"]);

/** A value that Terraform knows only after it has applied. */
export const UNKNOWN = "(known after apply)";
/** Fields of which an unknown value is no default that the service fills in. */
const WANTED = /_task$|^(?:library|parameter|depends_on|spec)$/;
const WANTED_FIELD = /(?<!node_type|driver_instance_pool)_id$|^(?:id|name)$/;

/** How a sensitive value is written instead: the text stands for it wherever settings are shown. */
export type Hide = (value: Json) => string;

/** What is known of attributes beside their values: where they are unknown, and where sensitive; and what was before. */
interface Marks {
  unknown: Json | undefined;
  sensitive: Json | undefined;
  before: Json | undefined;
}

/**
 * Settings of a job's attributes, empty ones left out. `marks` are Terraform's `after_unknown` and `after_sensitive`:
 * trees that are true where they apply; what the service computes stays what it was `before`.
 */
export function settingsOfAttributes(attributes: JsonObject, marks: Partial<Marks>, hide: Hide): JsonObject {
  const own = Object.fromEntries(Object.entries(attributes).filter(([key]) => !PROVIDER_ONLY.has(key)));
  const unknown = isObject(marks.unknown)
    ? Object.fromEntries(Object.entries(marks.unknown).filter(([key]) => !PROVIDER_ONLY.has(key)))
    : undefined;
  const value = unfold(
    own,
    { unknown, sensitive: marks.sensitive, before: marks.before },
    { shape: JOB, block: "job", wanted: false, hide },
  );
  return isObject(value) ? value : {};
}

/** Where in a job an unfolding is. */
interface At {
  shape: FieldShape | undefined;
  /** Name of the field whose members these are. */
  block: string;
  /** Whether an unknown value here is one that the job needs. */
  wanted: boolean;
  hide: Hide;
}

function unfold(value: Json | undefined, marks: Marks, at: At): Json | undefined {
  if (marks.unknown === true)
    return at.wanted ? UNKNOWN : unfold(marks.before, { ...marks, unknown: undefined, before: undefined }, at);
  if (marks.sensitive === true && value !== null && value !== undefined && typeof value !== "object")
    return at.hide(value);
  if (Array.isArray(value)) return unfoldList(value, marks, at);
  if (isObject(value)) return unfoldObject(value, marks, at);
  // A number or flag that is a text at the service is its text.
  return at.shape?.kind === "string" && value !== null && value !== undefined ? String(value) : (value ?? undefined);
}

const element = (marks: Json | undefined, index: number): Json | undefined =>
  Array.isArray(marks) ? marks[index] : marks === true ? true : undefined;

function unfoldList(list: Json[], marks: Marks, at: At): Json | undefined {
  const inner = (index: number): Marks => ({
    unknown: element(marks.unknown, index),
    sensitive: element(marks.sensitive, index),
    before: element(marks.before, index),
  });
  // One block of what is a single object at the service.
  if (at.shape?.kind === "object" || at.shape?.kind === "map") return unfold(list[0], inner(0), at);
  const items = childShape(at.shape, 0);
  const kept = list
    .map((item, index) => unfold(item, inner(index), { ...at, shape: items }))
    .filter((item) => item !== undefined);
  return kept.length === 0 ? undefined : kept;
}

function unfoldObject(value: JsonObject, marks: Marks, at: At): Json | undefined {
  const result: JsonObject = {};
  const unknown = isObject(marks.unknown) ? marks.unknown : {};
  const sensitive = isObject(marks.sensitive) ? marks.sensitive : {};
  const before = isObject(marks.before) ? marks.before : {};
  for (const key of new Set([...Object.keys(value), ...Object.keys(unknown)])) {
    const name = at.shape?.kind === "map" ? key : (NAMES[at.block]?.[key] ?? NAMES[""]?.[key] ?? key);
    const shape = childShape(at.shape, name);
    const wanted =
      // What the service computes of a cluster.
      key !== "new_cluster" && (at.wanted || WANTED.test(key) || (at.block !== "job" && WANTED_FIELD.test(key)));
    const inner = unfold(
      value[key],
      { unknown: unknown[key], sensitive: marks.sensitive === true ? true : sensitive[key], before: before[key] },
      {
        ...at,
        shape,
        block: key,
        wanted,
      },
    );
    if (inner === undefined || isEmpty(inner, name, { shape, inMap: at.shape?.kind === "map" })) continue;
    result[name] = inner;
  }
  return Object.keys(result).length === 0 && at.shape?.kind === "map" ? undefined : result;
}

/** The state keeps what is not given as the type's zero. */
function isEmpty(
  value: Json,
  key: string,
  { shape, inMap }: { shape: FieldShape | undefined; inMap: boolean },
): boolean {
  if (value === "") return !inMap && !EMPTY_SAYS.has(key);
  if (shape === undefined) return value === 0 || value === false;
  return false;
}
