/** Why an edge is there: what each source saw, in figures and in words. Pure. */
import type {
  LineageEdgeView,
  LineageEvidenceView,
  LineageNodeView,
  LineageRelation,
  LineageSourceEvidence,
} from "../../model/view-lineage.ts";
import type { SeenSighting } from "../../store/lineage.ts";
import { bestAttribution } from "./edge.ts";
import { spoken } from "./node.ts";
import { amountText, attributionText, counted, listed } from "./words.ts";

/** A sighting with what the edge it is of does. */
export interface RelatedSighting extends SeenSighting {
  relation: LineageRelation;
}

/** What the cluster of a run says is only told by access logs. */
const isLog = (methods: readonly string[]): boolean => methods.some((method) => method.includes("log"));

const distinct = (words: readonly string[]): string[] => [...new Set(words)].filter((word) => word !== "").sort();

/** What each source saw in all. */
export function bySource(sightings: readonly RelatedSighting[], at: string): LineageSourceEvidence[] {
  const sources = new Map<string, RelatedSighting[]>();
  for (const one of sightings) sources.set(one.source, [...(sources.get(one.source) ?? []), one]);
  return [...sources]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([source, seen]) => {
      const sum = (of: (one: RelatedSighting) => number) => seen.reduce((total, one) => total + of(one), 0);
      const texts = (of: (one: RelatedSighting) => string) => seen.map(of).sort();
      const attributions = distinct(seen.map((one) => one.attribution));
      const methods = distinct(seen.map((one) => one.method));
      const evidence = {
        source,
        relations: distinct(seen.map((one) => one.relation)) as LineageRelation[],
        attributions,
        methods,
        confidence: Math.max(...seen.map((one) => one.confidence)),
        requests: sum((one) => one.requests),
        files: sum((one) => one.files),
        bytes: sum((one) => one.bytes),
        commits: sum((one) => one.commits),
        runs: sum((one) => one.runs),
        firstAt: texts((one) => one.firstAt)[0] ?? "",
        lastAt: texts((one) => one.lastAt).at(-1) ?? "",
        days: new Set(seen.map((one) => one.day)).size,
      };
      const meaning = attributionText(bestAttribution(attributions), isLog(methods));
      return { ...evidence, text: `${amountText(evidence, at)}${meaning === "" ? "" : `; ${meaning}`}` };
    });
}

/** `main.sales.orders is read by Nightly sales`, in the direction of the data. */
export function titleOf(from: LineageNodeView, to: LineageNodeView, relations: readonly LineageRelation[]): string {
  const verbs: Record<LineageRelation, string> = {
    reads: "is read by",
    writes: "writes",
    maintains: "maintains",
    defines: "is selected by the view",
    clones: "is cloned to",
    copies: "is copied to",
    calls: "starts",
  };
  return `${spoken(from)} ${listed(relations.map((one) => verbs[one]))} ${spoken(to)}`;
}

/** Why an edge is not sure; null where it is. */
export function doubtOf(edge: LineageEdgeView, candidates: LineageEvidenceView["candidates"]): string | null {
  if (edge.strength === "sure") return null;
  if (edge.strength === "likely")
    return `nothing speaks against it, but its confidence is only ${edge.confidence.toFixed(2)}`;
  if (edge.attributions.includes("ambiguous")) {
    const others = candidates.length > 1 ? `: it was one of ${counted(candidates.length, "job")}` : "";
    return `several jobs ran where it was seen${others}; a job cluster of its own would make it sure`;
  }
  if (edge.attributions.includes("inferred")) {
    return "no run names the cluster; it was told by the cluster's name or start: collect runs before they are gone";
  }
  return "nothing that was seen names the job";
}

/** What was seen by day and source, oldest first. */
export function byDay(sightings: readonly RelatedSighting[]): LineageEvidenceView["days"] {
  const days = new Map<string, LineageEvidenceView["days"][number]>();
  for (const { day, source, requests, bytes, runs } of sightings) {
    const key = `${day}\n${source}`;
    const known = days.get(key) ?? { day, source, requests: 0, bytes: 0, runs: 0 };
    known.requests += requests;
    known.bytes += bytes;
    known.runs += runs;
    days.set(key, known);
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, day]) => day);
}

/** Shares of those an access may have been of, by how much of it each was given; equal where nothing was. */
export function sharesOf(sightings: readonly { owner: number; weight: number }[]): { owner: number; share: number }[] {
  const weights = new Map<number, number>();
  for (const { owner, weight } of sightings) weights.set(owner, (weights.get(owner) ?? 0) + weight);
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return [...weights]
    .map(([owner, weight]) => ({ owner, share: total > 0 ? weight / total : 1 / weights.size }))
    .sort((a, b) => b.share - a.share || a.owner - b.owner);
}
