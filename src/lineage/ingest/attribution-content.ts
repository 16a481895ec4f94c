/** What an attribution found, as sightings of edges and what is kept of it with the day: pure. */
import { createHash } from "node:crypto";
import type { AccessEdge, Candidate } from "../../model/access-edge.ts";
import type { NodeKey, Relation } from "../../store/lineage.ts";
import type { Json } from "../../util/json.ts";
import type { Attributed } from "../attribute/attribute.ts";
import { jobNode } from "../names.ts";
import type { DayContent, NamedSighting } from "./day-reader.ts";

/** A look at metadata and a refusal move no data: they are no edges. */
const RELATIONS: Partial<Record<AccessEdge["access"], Relation>> = {
  read: "reads",
  write: "writes",
  maintenance: "maintains",
};

/** Unattributed accesses that are kept with a day, those of most requests first. */
const UNATTRIBUTED = 500;

type Counts = Pick<NamedSighting, "requests" | "files" | "bytes" | "commits">;
const COUNTS = ["requests", "files", "bytes", "commits"] as const;

/** Cuts counts into parts in proportion to shares, so that the parts sum up to the whole. */
function cut(whole: Counts, shares: readonly number[]): Counts[] {
  const all = shares.reduce((sum, share) => sum + share, 0);
  const parts = shares.map((): Counts => ({ requests: 0, files: 0, bytes: 0, commits: 0 }));
  for (const key of COUNTS) {
    let [given, upTo] = [0, 0];
    for (const [index, part] of parts.entries()) {
      upTo += shares[index] as number;
      const until = index === parts.length - 1 ? whole[key] : Math.round((whole[key] * upTo) / all);
      part[key] = until - given;
      given = until;
    }
  }
  return parts;
}

/** Candidates by job: tasks of one job are one candidate. */
function jobsOf(candidates: readonly Candidate[]): { jobId: string; jobName: string | null; share: number }[] {
  const jobs = new Map<string, { jobId: string; jobName: string | null; share: number }>();
  for (const { jobId, jobName, share } of candidates) {
    const known = jobs.get(jobId);
    if (known === undefined) jobs.set(jobId, { jobId, jobName, share });
    else known.share += share;
  }
  return [...jobs.values()];
}

function groupIdOf(edge: AccessEdge): string {
  const { dataset, access, candidates } = edge;
  const jobs = [...new Set(candidates.map(({ jobId }) => jobId))].sort();
  return createHash("sha256")
    .update(JSON.stringify([edge.workspaceId, dataset, access, jobs]))
    .digest("hex")
    .slice(0, 16);
}

/**
 * The sightings of one edge. Where several jobs fit, each of them gets one, joined by a group: counts are shared out
 * among them, and that it was this one is as likely as its share.
 */
function sightingsOf(
  edge: AccessEdge,
  relation: Relation,
  home: string,
): { jobName: string | null; of: NamedSighting }[] {
  const { jobId, jobName, attribution, confidence, evidence, runs, firstSeen: firstAt, lastSeen: lastAt } = edge;
  const workspace = edge.workspaceId ?? home;
  const to: NodeKey = { kind: "dataset", ...edge.dataset };
  const common = { to, relation, method: "log", attribution, runs, firstAt, lastAt };
  const counts: Counts = { ...evidence };
  if (jobId !== null) {
    const of = { ...common, ...counts, from: jobNode(workspace, jobId), groupId: "", confidence };
    return [{ jobName, of }];
  }
  const jobs = jobsOf(edge.candidates);
  const parts = cut(
    counts,
    jobs.map(({ share }) => share),
  );
  const groupId = groupIdOf(edge);
  return jobs.map((job, index) => ({
    jobName: job.jobName,
    of: {
      ...common,
      ...(parts[index] as Counts),
      from: jobNode(workspace, job.jobId),
      groupId,
      confidence: Math.round(confidence * job.share * 100) / 100,
    },
  }));
}

/** Tasks of one job are one edge. Their runs may be the same ones: the greater number is surely right. */
function merge(to: NamedSighting, from: NamedSighting): void {
  for (const key of COUNTS) to[key] += from[key];
  to.runs = Math.max(to.runs, from.runs);
  to.confidence = Math.max(to.confidence, from.confidence);
  if (from.firstAt < to.firstAt) to.firstAt = from.firstAt;
  if (from.lastAt > to.lastAt) to.lastAt = from.lastAt;
}

/** What is kept with a day of what could and could not be seen. */
function coverageOf({ coverage, unattributed, asked }: Attributed): Json {
  const { unused: _unused, shared: _shared, blind: _blind, ...counts } = coverage;
  const most = [...unattributed].sort((a, b) => b.requests - a.requests).slice(0, UNATTRIBUTED);
  return {
    ...counts,
    unattributedAccesses: most,
    unattributedMore: unattributed.length - most.length,
    asked,
  } as unknown as Json;
}

/** The content of a day. @param home id of the workspace of edges that name none */
export function contentOf(attributed: Attributed, home: string): Omit<DayContent, "ruleset"> {
  const sightings = new Map<string, NamedSighting>();
  const titles = new Map<string, { node: NodeKey; title: string }>();
  for (const edge of attributed.edges) {
    const relation = RELATIONS[edge.access];
    if (relation === undefined) continue;
    for (const { jobName, of } of sightingsOf(edge, relation, home)) {
      const key = JSON.stringify([of.from, of.to, relation, of.attribution, of.groupId]);
      const known = sightings.get(key);
      if (known === undefined) sightings.set(key, of);
      else merge(known, of);
      if (jobName !== null) titles.set(JSON.stringify(of.from), { node: of.from, title: jobName });
    }
  }
  return { sightings: [...sightings.values()], titles: [...titles.values()], coverage: coverageOf(attributed) };
}
