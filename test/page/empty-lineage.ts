/** What the API says of lineage where nothing was ingested: the answers of an empty store, for pages that are of something else. */
import type {
  LineageCoverageView,
  LineageDatasetsView,
  LineageOverviewView,
  LineageSearchView,
} from "../../src/model/view-lineage.ts";
import type { LineageWavesView } from "../../src/model/view-waves.ts";

const moment = { at: "2026-11-20", windowDays: 30 };
const none = { count: 0, items: [], next: null };

const COVERAGE: LineageCoverageView = {
  ...moment,
  firstDay: null,
  lastDay: null,
  counts: { nodes: 0, jobs: 0, datasets: 0, edges: 0, sure: 0, likely: 0, unsure: 0 },
  sources: [],
  days: [],
  warnings: [{ code: "no_data", source: null, text: "nothing was ingested yet: run headgate lineage ingest" }],
};
const OVERVIEW: LineageOverviewView = {
  ...moment,
  counts: { nodes: 0, jobs: 0, datasets: 0, edges: 0 },
  partial: false,
  kinds: ["job", "task", "dataset", "principal"],
  namespaces: [],
  relations: [],
  nodes: { id: [], kind: [], namespace: [], name: [], label: [] },
  edges: { from: [], to: [], relation: [], confidence: [], strength: [] },
};
const WAVES: LineageWavesView = {
  ...moment,
  formatVersion: 1,
  waves: [],
  blockers: [],
  hubs: [],
  cut: [],
  excluded: { jobs: [], tables: [] },
  freeze: [],
  capacity: {},
  unsized: 0,
};
const LIST: LineageDatasetsView = { ...moment, ...none };
const SEARCH: LineageSearchView = none;

/** Answers by the last part of their path; a node is in none of them. */
export const EMPTY_LINEAGE: Readonly<Record<string, unknown>> = {
  coverage: COVERAGE,
  overview: OVERVIEW,
  waves: WAVES,
  datasets: LIST,
  jobs: LIST,
  nodes: SEARCH,
};
