/** What an OpenLineage event says, as plain facts: which run of which job, what it reads and writes, which names mean one thing. */
import { EVENT_TYPES } from "../../model/event.ts";
import type { NodeKey } from "../../store/lineage.ts";
import { isObject, type JsonObject } from "../../util/json.ts";
import { eventDataset, eventJob } from "../names.ts";
import { type ColumnFact, columnsOf } from "./columns.ts";
import { databricksJobOf } from "./databricks-job.ts";

/** A dataset as an input or output of an event. */
export interface DatasetFact {
  node: NodeKey;
  /** Of its statistics facet; 0 where it has none. */
  files: number;
  bytes: number;
}

/** Two names of one dataset, by its own producer (symlinks facet). */
export interface SymlinkFact {
  a: NodeKey;
  b: NodeKey;
  /** `TABLE`, `LOCATION`, … */
  type: string;
}

/** What an event says. */
export interface EventFacts {
  /** START, RUNNING, COMPLETE, ABORT, FAIL, OTHER; JOB and DATASET for events without a run. */
  type: string;
  /** UTC text with milliseconds. */
  time: string;
  /** Absent in events about a dataset alone. */
  job: NodeKey | undefined;
  runId: string | undefined;
  /** Run that started this one, with its job (parent facet). */
  parent: { job: NodeKey; runId: string } | undefined;
  /** Job of Databricks that this job ran in; set only where it is another than `job`. */
  ranIn: NodeKey | undefined;
  /** Each dataset once. */
  inputs: DatasetFact[];
  outputs: DatasetFact[];
  columns: ColumnFact[];
  symlinks: SymlinkFact[];
}

const objectIn = (value: unknown, ...keys: string[]): JsonObject => {
  let current: unknown = value;
  for (const key of keys) current = isObject(current) ? current[key] : undefined;
  return isObject(current) ? current : {};
};
const textIn = (value: JsonObject, key: string): string | undefined => {
  const found = value[key];
  return typeof found === "string" && found !== "" ? found : undefined;
};
const countIn = (value: JsonObject, key: string): number => {
  const found = value[key];
  return typeof found === "number" && Number.isSafeInteger(found) && found > 0 ? found : 0;
};
const namedIn = (value: unknown): { namespace: string; name: string } | undefined => {
  if (!isObject(value) || typeof value.namespace !== "string") return undefined;
  const name = textIn(value, "name");
  return name === undefined ? undefined : { namespace: value.namespace, name };
};

/** An event's time as UTC text; undefined where it is none. Clients of old wrote times without zone: they mean UTC. */
export function eventTime(text: string): string | undefined {
  const upper = text.toUpperCase().replace(/([+-]\d\d)(\d\d)$/, "$1:$2");
  const parsed = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(upper) ? upper : `${upper}Z`);
  return Number.isNaN(parsed) ? undefined : new Date(parsed).toISOString();
}

/** Datasets of one side; a dataset that is listed twice counts once, with the larger of its figures. */
function datasetsOf(list: unknown, facets: string, statistics: string): DatasetFact[] {
  const found = new Map<string, DatasetFact>();
  for (const one of Array.isArray(list) ? list : []) {
    const named = namedIn(one);
    if (named === undefined) continue;
    const node = eventDataset(named.namespace, named.name);
    const figures = objectIn(one, facets, statistics);
    const key = `${node.namespace}\n${node.name}`;
    const before = found.get(key);
    found.set(key, {
      node,
      files: Math.max(before?.files ?? 0, countIn(figures, "fileCount")),
      bytes: Math.max(before?.bytes ?? 0, countIn(figures, "size")),
    });
  }
  return [...found.values()];
}

function symlinksOf(dataset: unknown): SymlinkFact[] {
  const named = namedIn(dataset);
  const { identifiers } = objectIn(dataset, "facets", "symlinks");
  if (named === undefined || !Array.isArray(identifiers)) return [];
  const a = eventDataset(named.namespace, named.name);
  return identifiers.flatMap((identifier) => {
    const other = namedIn(identifier);
    if (other === undefined) return [];
    const b = eventDataset(other.namespace, other.name);
    const same = a.namespace === b.namespace && a.name === b.name;
    return same ? [] : [{ a, b, type: textIn(identifier as JsonObject, "type") ?? "" }];
  });
}

function parentOf(event: JsonObject, job: NodeKey | undefined): EventFacts["parent"] {
  const facet = objectIn(event.run, "facets", "parent");
  const named = namedIn(facet.job);
  const runId = textIn(objectIn(facet.run), "runId");
  if (named === undefined || runId === undefined) return undefined;
  const parent = eventJob(named.namespace, named.name);
  const isItself = parent.namespace === job?.namespace && parent.name === job.name;
  return isItself ? undefined : { job: parent, runId };
}

function ranIn(event: JsonObject, job: NodeKey | undefined): NodeKey | undefined {
  const found = job && databricksJobOf(event);
  return found?.namespace === job?.namespace && found?.name === job?.name ? undefined : found;
}

function typeOf(event: JsonObject): string {
  const said = textIn(event, "eventType")?.toUpperCase();
  return EVENT_TYPES.find((type) => type === said) ?? "OTHER";
}

/**
 * Reads an event. What breaks the specification is left out: whether an event is taken at all is decided before.
 * @param event parsed JSON
 * @returns undefined for what is no event at all (no time, no job and no dataset)
 */
export function readEvent(event: unknown): EventFacts | undefined {
  if (!isObject(event) || typeof event.eventTime !== "string") return undefined;
  const time = eventTime(event.eventTime);
  const namedJob = namedIn(event.job);
  const namedDataset = namedIn(event.dataset);
  if (time === undefined || (namedJob === undefined && namedDataset === undefined)) return undefined;
  const job = namedJob && eventJob(namedJob.namespace, namedJob.name);
  const runId = job && textIn(objectIn(event.run), "runId");
  const inputs = job ? event.inputs : [];
  const outputs = job ? event.outputs : [];
  const all = [inputs, outputs, job ? [] : [event.dataset]].flatMap((list) => (Array.isArray(list) ? list : []));
  return {
    type: job === undefined ? "DATASET" : runId === undefined ? "JOB" : typeOf(event),
    time,
    job,
    runId: runId?.toLowerCase(),
    parent: runId === undefined ? undefined : parentOf(event, job),
    ranIn: runId === undefined ? undefined : ranIn(event, job),
    inputs: datasetsOf(inputs, "inputFacets", "inputStatistics"),
    outputs: datasetsOf(outputs, "outputFacets", "outputStatistics"),
    columns: all.flatMap((dataset) => columnsOf(dataset)),
    symlinks: all.flatMap(symlinksOf),
  };
}
