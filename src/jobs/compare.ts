/** The row of a declared job that is in the workspace: its fields compared, three ways. Pure. */
import type { RemoteJob } from "../model/job.ts";
import type { Change, FieldChange, Impact } from "../model/plan.ts";
import type { JobState } from "../model/state.ts";
import { isObject, type JsonObject } from "../util/json.ts";
import { type AccessList, accessChanges, accessDifferences, declaredAccess, PROTECTION } from "./access-list.ts";
import type { DesiredJob } from "./desired.ts";
import { compareJob } from "./diff.ts";
import { baseOf, isUnmoved, wholeDigest } from "./fingerprint.ts";
import { type Flat, flatten } from "./leaves.ts";
import { startsOnce } from "./pause-status.ts";
import type { Row } from "./plan.ts";
import { planQueries, trashFields, unusedQueries } from "./queries.ts";
import { revisionOf } from "./revision.ts";

/** What {@link existingJob} needs to know beside the job itself. */
export interface Comparison {
  /** The state's row, with the resource id it stands under. */
  known: { key: string; row: JobState } | undefined;
  digestKey: Buffer | undefined;
  markerTag: string;
  /** Other jobs with our marker. */
  copies: readonly RemoteJob[];
  /** Ours by the marker or the journal alone: the state has to learn it. */
  recovered: boolean;
  impact: Impact;
  /** Ids of saved queries that declared jobs run. */
  usedQueries: ReadonlySet<string>;
  /** Direct permissions that it has, where they were asked for, and the keys of who would set them. */
  access?: { found: AccessList; me: readonly string[] } | undefined;
}

/** What apply needs of a declared job. */
export function toSend(job: DesiredJob): Partial<Change> {
  return {
    desired: job.shown,
    ...(job.declared.protect ? { protect: true } : {}),
    ...(startsOnce(job.declared) ? { start: true } : {}),
    ...(job.declared.permissions ? { permissions: job.declared.permissions } : {}),
    ...(job.queries.length > 0 ? { queries: planQueries(job.queries, undefined, undefined).planned } : {}),
  };
}

/** Of a job that moved on neither side nothing needs to be taken apart: most jobs of most plans. */
const UNMOVED: { fields: FieldChange[]; desired?: Flat; actual?: Flat } = { fields: [] };

/** The row: update, recover or noop. */
export function existingJob(job: DesiredJob, actual: RemoteJob, about: Comparison, row: Row): Change {
  const { known, digestKey, recovered } = about;
  const past = known && known.row.applied !== "" && digestKey ? { key: digestKey, row: known.row } : undefined;
  const compared =
    past && isUnmoved(past.key, past.row, job.settings, actual.settings)
      ? UNMOVED
      : compareJob({
          desired: job.settings,
          actual: actual.settings,
          base: past && baseOf(past.key, past.row),
          shown: job.shown,
          secrets: job.secrets,
        });
  const queries = planQueries(job.queries, known?.row, digestKey);
  const keys = new Set(job.queries.map(({ declared }) => declared.key));
  const trash = unusedQueries(known?.row, keys, about.usedQueries);
  const memory = recovered ? undefined : known?.row;
  const beside = [...besideSettings(job, memory, about.access), ...queries.fields, ...trashFields(trash)];
  const fields = [...compared.fields, ...beside].map((field) => ({
    ...field,
    place: field.place ?? job.declared.placeOf(declaredPath(field.path, job.declared.settings)),
  }));
  const hints = [...copyHint(about.copies), ...fieldHints(fields)];
  const seen: Partial<Change> = {
    fields,
    impact: about.impact,
    ...(hints.length > 0 ? { hint: hints.join("; ") } : {}),
  };
  // What apply compares before it sends anything; a row that sends nothing needs none.
  const held = {
    ...(queries.planned.length > 0 ? { queries: queries.planned } : {}),
    ...(trash.length > 0 ? { trash } : {}),
  };
  const more = () => ({
    ...seen,
    ...toSend(job),
    ...held,
    base: revisionOf(compared.actual ?? flatten(actual.settings)),
  });
  if (recovered) {
    const reason =
      actual.settings.tags?.[about.markerTag] === undefined && job.declared.takeOver !== undefined
        ? `job ${actual.jobId} of ${actual.creator ?? "an unknown maker"} is taken over; it keeps its id`
        : `found again as job ${actual.jobId}; the state file does not know it`;
    return row("recover", actual.jobId, fields.length === 0 ? reason : `${reason}; ${fieldCount(fields)}`, more());
  }
  if (fields.length > 0) return row("update", actual.jobId, fieldCount(fields), more());
  if (known !== undefined && known.key !== job.resource) {
    const reason = "moved from a former resource id; the job keeps its id";
    return row("recover", actual.jobId, reason, more());
  }
  // Declaration and workspace came to agree without an apply (a drift was taken into the declaration, an answer was
  // lost): the state's memory is of before, and would call the next change on either side a conflict.
  const sent = known?.row.sent;
  const stale =
    sent !== undefined &&
    digestKey !== undefined &&
    compared.desired !== undefined &&
    sent !== wholeDigest(digestKey, compared.desired.leaves);
  return row("noop", actual.jobId, "as declared", stale ? { ...more(), refresh: true } : seen);
}

/** Changes of what is declared beside the settings: permissions and protection. */
function besideSettings(job: DesiredJob, row: JobState | undefined, access: Comparison["access"]): FieldChange[] {
  const { permissions, protect } = job.declared;
  const wanted = permissions && declaredAccess(permissions);
  const fields: FieldChange[] = [];
  if (wanted && access) fields.push(...accessDifferences(wanted, row?.permissions, access.found, access.me));
  else if (wanted && row) fields.push(...accessChanges(wanted, row.permissions ?? {}));
  if (row && protect !== row.protect)
    fields.push({ path: PROTECTION, kind: "declared", before: row.protect, after: protect });
  return fields;
}

function copyHint(copies: readonly RemoteJob[]): string[] {
  if (copies.length === 0) return [];
  const ids = copies.map((copy) => copy.jobId).join(", ");
  return [`job ${ids} carries our marker too and is left alone: 'headgate jobs forget ID' drops it`];
}

function fieldHints(fields: readonly FieldChange[]): string[] {
  const hints: string[] = [];
  if (fields.some((field) => field.kind === "conflict")) {
    hints.push(
      "both sides moved: write the workspace's value into the declaration, or set it back there; then plan again",
    );
  }
  const dropped = fields.some((field) => /^run_as(\.|$)/.test(field.path) && field.after === undefined);
  // Jobs API reference: a reset without run_as keeps the one there is.
  if (dropped) hints.push("the service keeps run_as where none is sent: declare the identity that is wanted");
  return hints;
}

/** `2 fields changed, 1 in the workspace`. */
function fieldCount(fields: readonly FieldChange[]): string {
  const count = (kind: FieldChange["kind"]) => fields.filter((field) => field.kind === kind).length;
  const parts = [`${fields.length} ${fields.length === 1 ? "field" : "fields"} changed`];
  const drift = count("drift");
  const conflict = count("conflict");
  if (drift > 0) parts.push(drift === fields.length ? "in the workspace" : `${drift} in the workspace`);
  if (conflict > 0) parts.push(`${conflict} on both sides`);
  return parts.join(", ");
}

/** A change's path as the declaration has it: keys of the job's own lists back to positions. */
export function declaredPath(path: string, settings: JsonObject): string {
  return path.replace(/^([A-Za-z_]+)\[([a-z_]+)=([^\]]*)\]/, (whole, list: string, key: string, value: string) => {
    const elements = settings[list];
    if (!Array.isArray(elements)) return whole;
    const place = elements.findIndex((element) => isObject(element) && String(element[key]) === value);
    return place < 0 ? whole : `${list}[${place}]`;
  });
}
