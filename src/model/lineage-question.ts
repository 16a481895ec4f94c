/** Questions to the lineage of a store: what is asked, and by which method it is answered. */
import type {
  LineageCoverageView,
  LineageDatasetsView,
  LineageDiffView,
  LineageEdgesView,
  LineageEvidenceView,
  LineageGraphView,
  LineageJobsView,
  LineageNodeEvidenceView,
  LineageOverviewView,
  LineageSearchView,
  LineageTraceView,
} from "./view-lineage.ts";
import type { LineageWavesView } from "./view-waves.ts";
import type { WaveCapacity, WavePins, WaveTable } from "./wave.ts";

/** Against the data, or with it. */
export type Direction = "up" | "down";

/** Which graph is asked. */
export interface Moment {
  /** A day, `2026-11-20`; the last of which anything is known, when absent. */
  at?: string | undefined;
  /** Days that an edge stays after it was last seen; 30 when absent. */
  windowDays?: number | undefined;
}

/** Which page of what fits a text. */
export interface PageOf {
  /** Words that all have to be in a name. */
  text?: string | undefined;
  limit: number;
  /** `next` of the page before. */
  cursor?: string | undefined;
}

/** The order of a list of datasets: by name, most readers first, last written first. */
export type DatasetOrder = "name" | "readers" | "written";

/** How much of a graph is shown around its focus. */
export interface FocusOptions {
  /** Steps against the data, and with it. */
  up: number;
  down: number;
  /** Neighbours of one node that are shown before the rest is folded. */
  fold: number;
  /** Refs of nodes whose neighbours are all shown. */
  open?: ReadonlySet<string> | undefined;
}

/** What is asked of waves. */
export interface WaveQuestion extends Moment {
  pins?: Partial<WavePins> | undefined;
  capacity?: WaveCapacity | undefined;
  /** Tables of an inventory, with their sizes. */
  tables?: readonly WaveTable[] | undefined;
}

/**
 * Questions to the store, one method each. Nodes are given by name, the end of a name, job id, resource or ref.
 * Where none or several fit it is a HeadgateError: `not_found` with the nearest names, `input_invalid` with the list.
 */
export interface LineageQuestions {
  graph(node: string, options: FocusOptions & Moment): Promise<LineageGraphView>;
  trace(
    node: string,
    options: Moment & { direction: Direction; depth?: number | undefined },
  ): Promise<LineageTraceView>;
  /** Why an edge is there. @throws HeadgateError `not_found` where nothing joins the two */
  evidence(from: string, to: string, moment?: Moment): Promise<LineageEvidenceView>;
  /** Why a node is where it is: what lies behind its edges. @param options.limit edges that are looked into */
  explain(node: string, options: Moment & { limit: number }): Promise<LineageNodeEvidenceView>;
  search(text: string, options: PageOf & Moment & { kind?: string | undefined }): Promise<LineageSearchView>;
  overview(options: Moment & { limit: number }): Promise<LineageOverviewView>;
  datasets(options: PageOf & Moment & { sort?: DatasetOrder | undefined }): Promise<LineageDatasetsView>;
  jobs(options: PageOf & Moment): Promise<LineageJobsView>;
  edges(
    options: PageOf &
      Moment & { node?: string | undefined; strength?: string | undefined; source?: string | undefined },
  ): Promise<LineageEdgesView>;
  /** @param options.node only what touches it */
  diff(options: {
    from: string;
    to: string;
    windowDays?: number | undefined;
    node?: string | undefined;
    limit: number;
  }): Promise<LineageDiffView>;
  coverage(moment?: Moment): Promise<LineageCoverageView>;
  waves(question?: WaveQuestion): Promise<LineageWavesView>;
}
