/** Declared jobs → tidy YAML, which reads back as the same settings. Pure. */
import { Document, isScalar, type Pair, Scalar, visit } from "yaml";
import type { JobSettings } from "../../../model/job.ts";
import { escapeReferences } from "../../../model/reference.ts";
import { isObject, type Json, type JsonObject } from "../../../util/json.ts";
import { setMember } from "../../../util/placed-yaml.ts";

/** A job to write. */
export interface WritableJob {
  resource: string;
  settings: JobSettings;
}

/** Options of {@link writeJobsYaml}. */
export interface WriteOptions {
  /** True for a value that needs no line, such as a default of the service. Patterns as `tasks[*].run_if`. */
  leaveOut?: ((pattern: string, value: Json) => boolean) | undefined;
  /** Texts are written as they are, references in them included: for another reader than ours. */
  keepReferences?: boolean | undefined;
  /** Comment at the top; one line or several. */
  comment?: string | undefined;
}

/** Order of a job's members; what is not named comes before `tasks`, by name. */
const JOB_ORDER = [
  "name",
  "description",
  "tags",
  "schedule",
  "trigger",
  "triggers",
  "continuous",
  "parameters",
  "run_as",
  "queue",
  "max_concurrent_runs",
  "timeout_seconds",
  "health",
  "email_notifications",
  "webhook_notifications",
  "notification_settings",
  "git_source",
  "environments",
  "job_clusters",
];

/** Members that come first, wherever they are. */
const FIRST = ["task_key", "job_cluster_key", "environment_key", "name", "id", "description", "depends_on", "run_if"];

function rank(key: string, path: string): number {
  if (path === "") {
    if (key === "tasks") return 1_000;
    const index = JOB_ORDER.indexOf(key);
    return index < 0 ? 500 : index;
  }
  const isTask = /^tasks\[\*\](?:\.for_each_task\.task)?$/.test(path);
  const first = FIRST.indexOf(key);
  // In a task the compute comes after what the task does.
  if (isTask && key.endsWith("_key") && key !== "task_key") return 200;
  if (first >= 0) return first;
  return isTask && key.endsWith("_task") ? 100 : 300;
}

const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The value as it is written: ordered, escaped, without what needs no line. */
function written(value: Json, path: string, options: WriteOptions): Json | undefined {
  const escaped = options.keepReferences ? (text: string) => text : escapeReferences;
  if (typeof value === "string") return escaped(value);
  if (Array.isArray(value)) return value.map((item) => written(item, `${path}[*]`, options) ?? {});
  if (!isObject(value)) return value;
  const ordered: JsonObject = {};
  let left = false;
  const keys = Object.keys(value).sort((a, b) => rank(a, path) - rank(b, path) || byName(a, b));
  for (const key of keys) {
    const member = value[key];
    const inner = path === "" ? key : `${path}.${key}`;
    if (member === undefined || member === null) continue;
    const made = options.leaveOut?.(inner, member) ? undefined : written(member, inner, options);
    if (made === undefined) left = true;
    else setMember(ordered, escaped(key), made);
  }
  // What was emptied by leaving out says nothing; what was empty before may.
  return left && Object.keys(ordered).length === 0 && !path.endsWith("_task") ? undefined : ordered;
}

/**
 * The YAML of a `jobs:` file: members in a fixed order with tasks last, texts that look like numbers or flags quoted,
 * and text that would be read as a reference of ours escaped.
 */
export function writeJobsYaml(jobs: readonly WritableJob[], options: WriteOptions = {}): string {
  const content: JsonObject = {};
  for (const { resource, settings } of jobs) {
    setMember(content, escapeReferences(resource), written(settings as JsonObject, "", options) ?? {});
  }
  const document = new Document(
    { jobs: content },
    { aliasDuplicateObjects: false, compat: "yaml-1.1", keepUndefined: false },
  );
  if (options.comment) document.commentBefore = options.comment.replace(/^/gm, " ");
  visit(document, {
    // A plain `<<` would be read as a merge.
    Pair(_key, pair: Pair) {
      if (isScalar(pair.key) && pair.key.value === "<<") pair.key.type = Scalar.QUOTE_DOUBLE;
    },
    Collection(_key, node) {
      if (node.items.length === 0) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}
