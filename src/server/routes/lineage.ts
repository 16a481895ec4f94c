/** GET /lineage/…: questions to the store's lineage, each answered by one method of the room. */
import { HeadgateError } from "../../errors.ts";
import type { LineageQuestions } from "../../model/lineage-question.ts";
import { WAVE_PINS, type WavePins } from "../../model/wave.ts";
import type { LineageGraphQuery } from "../api/lineage.ts";
import type { Handlers } from "../handler.ts";

const moment = ({ at, window }: { at?: string | undefined; window?: number | undefined }) => ({
  at,
  windowDays: window,
});

const paged = (query: { q?: string | undefined; limit: number; cursor?: string | undefined }) => ({
  text: query.q,
  limit: query.limit,
  cursor: query.cursor,
});

/** Steps both ways: `up` and `down` where given, else `depth` in the direction asked for. */
function stepsOf({ direction, depth, up, down }: LineageGraphQuery): { up: number; down: number } {
  return {
    up: up ?? (direction.startsWith("down") ? 0 : depth),
    down: down ?? (direction.startsWith("up") ? 0 : depth),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new HeadgateError("input_invalid", `${text} is not percent-encoded rightly`, { permanent: true });
  }
}

/**
 * `job:481120933371=3,table:ctl.audit=exclude`.
 * @throws HeadgateError `input_invalid` for a pin that is none
 */
function pinsOf(text: string | undefined): Partial<WavePins> | undefined {
  if (text === undefined || text === "") return undefined;
  const pins: { jobs: Record<string, unknown>; tables: Record<string, unknown> } = { jobs: {}, tables: {} };
  for (const part of text.split(",")) {
    const [, kind, name = "", wave = ""] = /^(job|table):([^=]+)=(\d+|exclude)$/.exec(part) ?? [];
    if (kind === undefined) {
      throw new HeadgateError("input_invalid", `${part} is no pin`, {
        hint: "write pins like job:481120933371=3,table:ctl.audit=exclude",
        permanent: true,
      });
    }
    pins[kind === "job" ? "jobs" : "tables"][decoded(name)] = wave === "exclude" ? wave : Number(wave);
  }
  const parsed = WAVE_PINS.safeParse(pins);
  if (parsed.success) return parsed.data;
  throw new HeadgateError("input_invalid", parsed.error.issues[0]?.message ?? "the pins are not valid", {
    permanent: true,
  });
}

/** Handlers of questions. */
export function lineageRoutes(
  lineage: LineageQuestions,
): Pick<
  Handlers,
  | "getLineageGraph"
  | "traceLineage"
  | "getLineageEvidence"
  | "searchLineage"
  | "getLineageOverview"
  | "listLineageDatasets"
  | "listLineageJobs"
  | "listLineageEdges"
  | "diffLineage"
  | "getLineageCoverage"
  | "planLineageWaves"
> {
  return {
    getLineageGraph: async ({ query }) => ({
      value: await lineage.graph(query.node, {
        ...moment(query),
        ...stepsOf(query),
        fold: query.fold,
        open: new Set((query.open ?? []).map(decoded)),
      }),
    }),
    traceLineage: async ({ query }) => ({
      value: await lineage.trace(query.node, { ...moment(query), direction: query.direction, depth: query.depth }),
    }),
    getLineageEvidence: async ({ query }) => ({ value: await lineage.evidence(query.from, query.to, moment(query)) }),
    searchLineage: async ({ query }) => ({
      value: await lineage.search(query.q ?? "", { ...paged(query), ...moment(query), kind: query.kind }),
    }),
    getLineageOverview: async ({ query }) => ({
      value: await lineage.overview({ ...moment(query), limit: query.limit }),
    }),
    listLineageDatasets: async ({ query }) => ({
      value: await lineage.datasets({ ...paged(query), ...moment(query), sort: query.sort }),
    }),
    listLineageJobs: async ({ query }) => ({ value: await lineage.jobs({ ...paged(query), ...moment(query) }) }),
    listLineageEdges: async ({ query }) => ({
      value: await lineage.edges({
        ...paged(query),
        ...moment(query),
        node: query.node,
        strength: query.strength,
        source: query.source,
      }),
    }),
    diffLineage: async ({ query }) => ({
      value: await lineage.diff({
        from: query.from,
        to: query.to,
        windowDays: query.window,
        node: query.node,
        limit: query.limit,
      }),
    }),
    getLineageCoverage: async ({ query }) => ({ value: await lineage.coverage(moment(query)) }),
    planLineageWaves: async ({ query }) => {
      const { jobs, tables, bytes } = query;
      const capacity = Object.fromEntries(
        Object.entries({ jobs, tables, bytes }).filter(([, most]) => most !== undefined),
      );
      return { value: await lineage.waves({ ...moment(query), capacity, pins: pinsOf(query.pins) }) };
    },
  };
}
