/** Merges judgements of single runs into edges between jobs and tables. */
import type { Access, AccessEdge, Attribution, Candidate } from "../../model/access-edge.ts";
import type { TaskUse } from "../../model/cluster-use.ts";
import type { Judged } from "./judge.ts";
import { byText } from "./locations.ts";
import type { Place } from "./places.ts";
import { datasetOf } from "./storage-path.ts";

const RELATIONS: Readonly<Record<Access, AccessEdge["relation"]>> = {
  read: "reads",
  write: "writes",
  maintenance: "maintains",
  metadata: "looks at",
  denied: "was denied",
};

/** How much an attribution takes from the certainty that the job did it. Ambiguous: that somebody did it stands. */
const TRUST: Readonly<Record<Attribution, number>> = { exclusive: 1, ambiguous: 1, window: 0.95, inferred: 0.8 };
const STRENGTH: readonly Attribution[] = ["ambiguous", "inferred", "window", "exclusive"];
const WEAK: readonly Access[] = ["metadata", "denied"];
/** Runs that count as independent sightings, at most. */
const SIGHTINGS = 4;
const HIGHEST = 0.99;

/**
 * Confidence that an edge exists: certainty of the evidence × trust in the attribution; each further run that shows the
 * same divides the remaining doubt, up to four. More runs do not help where the evidence itself is open (`unproven`),
 * nor where files belong to several tables (halved).
 */
export function confidenceOf(certainty: number, attribution: Attribution, runs: number, open: boolean): number {
  const once = certainty * TRUST[attribution];
  const value = open ? once : 1 - (1 - once) / Math.min(Math.max(runs, 1), SIGHTINGS);
  return Math.round(Math.min(value, HIGHEST) * 100) / 100;
}

/** UTC text with milliseconds from what a log wrote. */
export const toUtc = (logged: string): string => new Date(logged).toISOString();

/** The tables of a place as edges name them: the one, or the several that share its files, or none. */
export function namesOf(place: Place): Pick<AccessEdge, "table" | "aliases" | "tableCandidates" | "dataset"> {
  const dataset = datasetOf(place.path);
  const [only] = place.tables;
  if (only === undefined) return { table: null, dataset };
  if (place.tables.length > 1) {
    return { table: null, dataset, tableCandidates: place.tables.flatMap((table) => table.names).sort(byText) };
  }
  const [table = null, ...aliases] = only.names;
  return { table, dataset, ...(aliases.length > 0 ? { aliases } : {}) };
}

/** Distinct jobs and tasks, each with an equal share: nothing in the logs favours one of them. */
function candidatesOf(tasks: readonly TaskUse[]): Candidate[] {
  const distinct = new Map(tasks.map((task) => [`${task.jobId}\n${task.taskKey ?? ""}`, task]));
  const share = Math.round(1000 / distinct.size) / 1000;
  return [...distinct]
    .sort(([a], [b]) => byText(a, b))
    .map(([, { jobId, jobName, taskKey }]) => ({ jobId, jobName, taskKey, share }));
}

interface Pending {
  edge: AccessEdge;
  certainty: number;
  runs: Set<string>;
  files: Set<number>;
  /** Who and where, without what: a look at metadata counts only where nothing stronger has the same. */
  holder: string;
}

/** Collects edges; the order of what is added makes no difference. */
export interface EdgeBook {
  add(attribution: Attribution, tasks: readonly TaskUse[], place: Place, judged: Judged): void;
  /** All edges in a stable order. */
  edges(): AccessEdge[];
}

function newEdge(attribution: Attribution, tasks: readonly TaskUse[], place: Place, judged: Judged): AccessEdge {
  const candidates = candidatesOf(tasks);
  const [first] = candidates;
  const sureJob = attribution !== "ambiguous";
  const { access, self, unproven } = judged;
  return {
    workspaceId: tasks[0]?.workspaceId ?? null,
    jobId: sureJob ? (first?.jobId ?? null) : null,
    jobName: sureJob ? (first?.jobName ?? null) : null,
    taskKey: candidates.length === 1 ? (first?.taskKey ?? null) : null,
    ...namesOf(place),
    access,
    relation: RELATIONS[access],
    attribution,
    confidence: 0,
    candidates: candidates.length > 1 ? candidates : [],
    ...(self ? { self } : {}),
    ...(unproven ? { unproven } : {}),
    evidence: { requests: 0, files: 0, bytes: 0, commits: 0 },
    runs: 0,
    firstSeen: toUtc(place.counted.first),
    lastSeen: toUtc(place.counted.last),
  };
}

/** Two names of one place are one node. Where even the sender is only inferred, none of the names is put first. */
function withoutPick(edge: AccessEdge): AccessEdge {
  const { table, aliases, ...rest } = edge;
  if (edge.attribution !== "inferred" || table === null || aliases === undefined) return edge;
  return { ...rest, table: null, tableCandidates: [table, ...aliases].sort(byText) };
}

const orderOf = (edge: AccessEdge): string =>
  [
    edge.jobId === null ? "1" : "0",
    edge.jobName ?? "",
    edge.jobId ?? "",
    edge.taskKey ?? "",
    edge.dataset.namespace,
    edge.dataset.name,
    edge.access,
    JSON.stringify([edge.candidates, edge.tableCandidates, edge.self, edge.unproven]),
  ].join("\n");

export function openEdgeBook(): EdgeBook {
  const pending = new Map<string, Pending>();
  return {
    add(attribution, tasks, place, judged) {
      const fresh = newEdge(attribution, tasks, place, judged);
      const holder = JSON.stringify([
        fresh.workspaceId,
        fresh.jobId,
        fresh.taskKey,
        fresh.candidates.map(({ jobId, taskKey }) => [jobId, taskKey]),
        place.key,
      ]);
      const key = JSON.stringify([holder, fresh.access, fresh.unproven]);
      const known = pending.get(key) ?? { edge: fresh, certainty: 0, runs: new Set(), files: new Set(), holder };
      pending.set(key, known);
      const { edge } = known;
      if (judged.self) edge.self = true;
      if (STRENGTH.indexOf(attribution) > STRENGTH.indexOf(edge.attribution)) edge.attribution = attribution;
      known.certainty = Math.max(known.certainty, judged.certainty);
      // several runs that fit are one sighting: only one of them did it
      known.runs.add([...new Set(tasks.map(({ runId }) => runId))].sort(byText).join("\n"));
      for (const file of judged.files) known.files.add(file);
      edge.evidence.requests += judged.evidence.requests;
      edge.evidence.bytes += judged.evidence.bytes;
      edge.evidence.commits += judged.evidence.commits;
      if (fresh.firstSeen < edge.firstSeen) edge.firstSeen = fresh.firstSeen;
      if (fresh.lastSeen > edge.lastSeen) edge.lastSeen = fresh.lastSeen;
    },
    edges() {
      const stronger = new Set(
        [...pending.values()].filter(({ edge }) => !WEAK.includes(edge.access)).map(({ holder }) => holder),
      );
      const kept = [...pending.values()].filter(
        ({ edge, holder }) => edge.access !== "metadata" || !stronger.has(holder),
      );
      const all = kept.map(({ edge: one, certainty, runs, files }): AccessEdge => {
        const edge = withoutPick(one);
        const several = edge.tableCandidates !== undefined;
        const open = edge.unproven === true || several;
        const confidence = confidenceOf(several ? certainty / 2 : certainty, edge.attribution, runs.size, open);
        return { ...edge, confidence, evidence: { ...edge.evidence, files: files.size }, runs: runs.size };
      });
      return all
        .map((edge) => [orderOf(edge), edge] as const)
        .sort(([a], [b]) => byText(a, b))
        .map(([, edge]) => edge);
    },
  };
}
