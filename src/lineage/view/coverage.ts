/** What the sources saw, day by day, and where the picture cannot be whole. Pure. */
import type { LineageCoverageView, LineageWarning } from "../../model/view-lineage.ts";
import type { DayCoverage, DaySum, SourceDay } from "../../store/lineage.ts";
import { isObject, type Json } from "../../util/json.ts";
import type { Adjacency } from "../graph/adjacency.ts";
import { strengthOf } from "./edge.ts";
import { countKinds } from "./node.ts";
import { counted, dayText, listed } from "./words.ts";

const DAY_MS = 86_400_000;
const nextDay = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00.000Z`) + DAY_MS).toISOString().slice(0, 10);
const daysBetween = (a: string, b: string): number =>
  Math.round((Date.parse(b.slice(0, 10)) - Date.parse(a.slice(0, 10))) / DAY_MS);

/** A source that is silent for more days than this is no longer followed. */
const SILENT_DAYS = 2;
/** From this share of ambiguous requests on, a warning is due. */
const MANY = 0.2;
const NAMED = 5;

/** What a coverage is made from. */
export interface CoverageInput {
  graph: Adjacency;
  days: readonly SourceDay[];
  sums: readonly DaySum[];
  /** What sources said themselves of their days. */
  told: readonly DayCoverage[];
  /** UTC text. */
  now: string;
}

/** Tables that a source said it can never see, by the newest day it said so. */
export function blindTables(told: readonly DayCoverage[]): Map<string, { table: string; reason: string }[]> {
  const blind = new Map<string, { table: string; reason: string }[]>();
  // Oldest first: a newer day takes the place of those before it.
  for (const { source, content } of told) {
    const listedHere = isObject(content) ? content.blind : undefined;
    if (!Array.isArray(listedHere)) continue;
    blind.set(
      source,
      listedHere.flatMap((one: Json) =>
        isObject(one) && typeof one.table === "string" ? [{ table: one.table, reason: String(one.reason ?? "") }] : [],
      ),
    );
  }
  return blind;
}

/** Coverage at the graph's date. */
export function coverageView({ graph, days, sums, told, now }: CoverageInput): LineageCoverageView {
  const names = [...new Set([...days, ...sums].map(({ source }) => source))].sort();
  const sources = names.map((source) => {
    const own = days.filter((day) => day.source === source).map(({ day }) => day);
    const mine = sums.filter((sum) => sum.source === source);
    const requests = mine.reduce((sum, one) => sum + one.requests, 0);
    const [firstDay = mine[0]?.day ?? "", lastDay = mine.at(-1)?.day ?? ""] = [own[0], own.at(-1)];
    return {
      source,
      firstDay,
      lastDay,
      days: own.length,
      missingDays: missing(own),
      edges: Math.max(0, ...mine.map(({ edges }) => edges)),
      requests,
      ambiguousShare: requests === 0 ? null : mine.reduce((sum, one) => sum + one.ambiguous, 0) / requests,
    };
  });
  const all = days.map(({ day }) => day);
  const strengths = { sure: 0, likely: 0, unsure: 0 };
  graph.edges.confidence.forEach((confidence, edge) => {
    strengths[strengthOf(graph.words[graph.edges.attributions[edge] as number] ?? [], confidence)]++;
  });
  return {
    at: graph.at,
    windowDays: graph.windowDays,
    firstDay: all[0] ?? null,
    lastDay: all.at(-1) ?? null,
    counts: { ...countKinds(graph, graph.nodes.keys()), edges: graph.edges.from.length, ...strengths },
    sources,
    days: sums.map(({ day, source, edges, requests, bytes }) => ({ day, source, edges, requests, bytes })),
    warnings: [...warningsOf(sources, graph.at, now), ...blindWarnings(told)],
  };
}

/** Days between the first and the last that are not there. */
function missing(days: readonly string[]): string[] {
  const known = new Set(days);
  const gaps: string[] = [];
  const last = days.at(-1) ?? "";
  for (let day = days[0] ?? ""; day !== "" && day < last; day = nextDay(day)) if (!known.has(day)) gaps.push(day);
  return gaps;
}

/** What keeps the picture from being whole. */
function warningsOf(sources: LineageCoverageView["sources"], at: string, now: string): LineageWarning[] {
  if (sources.length === 0) {
    return [{ code: "no_data", source: null, text: "nothing was ingested yet: run headgate lineage ingest" }];
  }
  const until = now.slice(0, 10) < at ? now : at;
  return sources.flatMap(({ source, lastDay, missingDays, ambiguousShare }): LineageWarning[] => {
    const found: LineageWarning[] = [];
    const silent = daysBetween(lastDay, until);
    if (silent > SILENT_DAYS) {
      found.push({
        code: "stale",
        source,
        text: `nothing of ${source} since ${dayText(lastDay, until)}, ${silent} days ago`,
      });
    }
    if (missingDays.length > 0) {
      const shown = listed(missingDays.slice(0, NAMED).map((day) => dayText(day, until)));
      const more = missingDays.length > NAMED ? ` and ${missingDays.length - NAMED} more` : "";
      found.push({ code: "gap", source, text: `nothing of ${source} on ${shown}${more}` });
    }
    if ((ambiguousShare ?? 0) >= MANY) {
      const percent = Math.round((ambiguousShare ?? 0) * 100);
      found.push({ code: "ambiguous", source, text: `${percent} % of what ${source} saw fits several jobs` });
    }
    return found;
  });
}

function blindWarnings(told: readonly DayCoverage[]): LineageWarning[] {
  return [...blindTables(told)].flatMap(([source, tables]) => {
    if (tables.length === 0) return [];
    const shown = tables.slice(0, NAMED).map(({ table }) => table);
    const more = tables.length > NAMED ? ` and ${tables.length - NAMED} more` : "";
    return [
      {
        code: "blind" as const,
        source,
        text: `${source} cannot see ${counted(tables.length, "table")}: ${shown.join(", ")}${more}`,
      },
    ];
  });
}
