/** Saved queries of declared jobs: which query of the workspace each is, what differs, and which nobody uses any more. Pure. */
import { createHash } from "node:crypto";
import { type Deployment, markerOf } from "../model/identity.ts";
import type { DeclaredJob, DeclaredQuery } from "../model/job.ts";
import type { Change, FieldChange, FieldKind, PlannedQuery } from "../model/plan.ts";
import type { DeployState, JobState } from "../model/state.ts";
import { isObject, type Json } from "../util/json.ts";
import { stableJson } from "../util/stable-json.ts";
import type { SavedQuery } from "../workspace/workspace.ts";
import { leafDigest } from "./fingerprint.ts";
import { stateOf } from "./ownership.ts";
import { memberPath } from "./pattern.ts";
import { HIDDEN } from "./present.ts";

/** Queries that were found, by resource and task key. */
export type FoundQueries = ReadonlyMap<string, ReadonlyMap<string, SavedQuery>>;

/** A saved query made ready to be compared and sent. */
export interface DesiredQuery {
  declared: DeclaredQuery;
  /** The text with secrets filled in. */
  sent: string;
  hasSecret: boolean;
  found: SavedQuery | undefined;
}

/** What tells a query of ours from a namesake: a tag, made of the job's marker and the task's key. */
const OWN_TAG = "headgate:";
export const queryTag = (where: Deployment, resource: string, key: string): string =>
  `${OWN_TAG}${markerOf(where, resource)}:${key}`;

/** Line ends and space at the end say nothing, and the service may change them. */
const plain = (text: string) => text.replace(/\r\n/g, "\n").trimEnd();
const sameText = (a: string, b: string) => plain(a) === plain(b);

/** Digest of a query's text as it was found. */
export const queryRevision = (text: string): string =>
  createHash("sha256").update(plain(text)).digest("hex").slice(0, 24);

const digestOf = (key: Buffer, part: string, value: Json) =>
  leafDigest(key, { path: `query ${part}`, pattern: "", value, known: false });

const restOf = ({ warehouse, parameters }: Pick<DeclaredQuery, "warehouse" | "parameters">): string =>
  stableJson({ warehouse, parameters });

/** What the state remembers of a query. */
export function queryMemory(
  key: Buffer,
  query: Pick<PlannedQuery, "name" | "warehouse" | "parameters">,
  { id, sent, secret }: { id: string; sent: string; secret: boolean },
): NonNullable<JobState["queries"]>[string] {
  const memory = {
    id,
    name: query.name,
    text: digestOf(key, "text", plain(sent)),
    rest: digestOf(key, "rest", restOf(query)),
  };
  return secret ? { ...memory, secret } : memory;
}

/**
 * Which query of the workspace each declared one is: the one the state knows, the one with our tag, else our own
 * namesake that nobody's tag claims (the latest, which is what lakeflow_jobs_meta's job runs).
 */
export function matchQueries(
  jobs: readonly DeclaredJob[],
  context: { where: Deployment; state: DeployState | undefined; me: string; listed: readonly SavedQuery[] },
): FoundQueries {
  const { where, state, me, listed } = context;
  const byId = new Map(listed.map((query) => [query.id, query]));
  const byTag = new Map<string, SavedQuery>();
  const free = new Map<string, SavedQuery>();
  for (const query of listed) {
    const own = query.tags.filter((tag) => tag.startsWith(OWN_TAG));
    for (const tag of own) if (!byTag.has(tag)) byTag.set(tag, query);
    if (own.length === 0 && (query.owner === undefined || query.owner === me)) free.set(query.name, query);
  }
  return new Map(
    jobs.map((job) => {
      const row = stateOf(state, job)?.row;
      const found = (job.queries ?? []).flatMap((query): [string, SavedQuery][] => {
        const tagged = [job.resource, ...job.previous].map((resource) =>
          byTag.get(queryTag(where, resource, query.key)),
        );
        const known = byId.get(row?.queries?.[query.key]?.id ?? "");
        const match = known ?? tagged.find((one) => one !== undefined) ?? free.get(query.name);
        return match === undefined ? [] : [[query.key, match]];
      });
      return [job.resource, new Map(found)];
    }),
  );
}

/** Ids of saved queries that jobs run; none where the state knows of none, so that nobody asks. */
export function usedQueries(settings: readonly Json[], state: DeployState | undefined): Set<string> {
  const used = new Set<string>();
  if (!Object.values(state?.jobs ?? {}).some((row) => row.queries !== undefined)) return used;
  const walk = (value: Json | undefined): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (!isObject(value)) return;
    if (isObject(value.query) && typeof value.query.query_id === "string") used.add(value.query.query_id);
    for (const member of Object.values(value)) walk(member);
  };
  settings.forEach(walk);
  return used;
}

/** Queries that a job had and that no declared job runs any more. */
export function unusedQueries(
  row: JobState | undefined,
  keys: ReadonlySet<string>,
  used: ReadonlySet<string>,
): NonNullable<Change["trash"]> {
  return Object.entries(row?.queries ?? {}).flatMap(([key, { id, name }]) =>
    keys.has(key) || used.has(id) ? [] : [{ key, id, name }],
  );
}

function kindOf(applied: string | undefined, want: string, have: string): FieldKind {
  if (applied === undefined || have === applied) return "declared";
  return want === applied ? "drift" : "conflict";
}

/** The queries of a job as apply is to leave them, and the fields that differ. */
export function planQueries(
  queries: readonly DesiredQuery[],
  row: JobState | undefined,
  digestKey: Buffer | undefined,
): { fields: FieldChange[]; planned: PlannedQuery[] } {
  const fields: FieldChange[] = [];
  const planned = queries.map(({ declared, sent, hasSecret, found }): PlannedQuery => {
    const { key, name, text, warehouse, parameters, folder, place } = declared;
    const path = memberPath("queries", name);
    const past = row?.queries?.[key];
    const before = fields.length;
    if (found === undefined) {
      fields.push({ path: `${path}.query_text`, kind: past ? "drift" : "declared", after: text, place });
    } else {
      if (!sameText(found.text, sent)) {
        const digest = (value: string) => (digestKey ? digestOf(digestKey, "text", plain(value)) : "");
        const applied = past?.id === found.id && digestKey ? past.text : undefined;
        const kind = kindOf(applied, digest(sent), digest(found.text));
        const shown = hasSecret || past?.secret === true ? HIDDEN : found.text;
        const sides =
          kind === "drift"
            ? { before: text, actual: shown }
            : kind === "conflict"
              ? { actual: shown }
              : { before: shown };
        fields.push({ path: `${path}.query_text`, kind, ...sides, after: text, place });
      }
      if (found.name !== name)
        fields.push({ path: `${path}.display_name`, kind: "declared", before: found.name, after: name, place });
      if (past && digestKey && past.rest !== digestOf(digestKey, "rest", restOf(declared)))
        fields.push({ path: `${path}.parameters`, kind: "declared", after: { warehouse, ...parameters }, place });
    }
    return {
      ...{ key, name, text, warehouse, parameters },
      ...(folder === undefined ? {} : { folder }),
      id: found?.id ?? null,
      send: fields.length > before,
      ...(found === undefined ? {} : { base: queryRevision(found.text) }),
    };
  });
  return { fields, planned };
}

/** Fields of a change that say which queries go. */
export function trashFields(trash: NonNullable<Change["trash"]>): FieldChange[] {
  return trash.map(({ id, name }) => ({
    path: memberPath("queries", name),
    kind: "declared",
    before: `saved query ${id}`,
  }));
}

/** True for the path of a field of a saved query. */
export const isQueryField = (path: string): boolean => /^queries[.[]/.test(path);
