/** OpenLineage events of one run, as producers make them (OpenLineage specification 2-0-2; dataset and job naming). */
import type { Random } from "../random.ts";

/** A dataset as events name it. */
export interface EventDataset {
  namespace: string;
  name: string;
}

/** A run that tells of itself by events. */
export interface ToldRun {
  /** Who prints: Spark's listener in Java, or a Python client. */
  by: "spark" | "airflow";
  job: { namespace: string; name: string };
  inputs: readonly EventDataset[];
  outputs: readonly EventDataset[];
  /** Milliseconds since 1970 UTC. */
  start: number;
  end: number;
  failed: boolean;
}

const PRODUCERS = {
  spark: "https://github.com/OpenLineage/OpenLineage/tree/1.53.0/integration/spark",
  airflow: "https://github.com/OpenLineage/OpenLineage/tree/1.23.0/client/python",
} as const;
const SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";

/** Java cuts trailing zeros of the milliseconds; Python writes microseconds with an offset. */
const timeOf = (by: ToldRun["by"], time: number): string => {
  const iso = new Date(time).toISOString();
  return by === "spark" ? iso.replace(/0+Z$/, "Z").replace(/\.Z$/, "Z") : iso.replace("Z", "000+00:00");
};

/** JSON as Python's `json.dumps(…, sort_keys=True)` writes it. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}: ${pythonJson(member)}`).join(", ")}}`;
}

/** The events of a run as JSON on one line each: its start, and its end. */
export function eventsOf(run: ToldRun, random: Random): { time: number; text: string }[] {
  const { by, job, start, end, failed } = run;
  const producer = PRODUCERS[by];
  const runId = random.guid();
  const facet = (name: string) => ({
    _producer: producer,
    _schemaURL: `https://openlineage.io/spec/facets/${name}`,
  });
  const datasets = (list: readonly EventDataset[]) =>
    list.map(({ namespace, name }) => ({
      namespace,
      name,
      facets: {
        dataSource: {
          ...facet("1-0-0/DatasourceDatasetFacet.json#/$defs/DatasourceDatasetFacet"),
          name: namespace,
          uri: namespace,
        },
      },
    }));
  const event = (eventType: string, time: number, isWhole: boolean) => {
    const value = {
      eventTime: timeOf(by, time),
      producer,
      schemaURL: SCHEMA,
      eventType,
      run: {
        runId,
        facets: {
          processing_engine: {
            ...facet("1-1-1/ProcessingEngineRunFacet.json#/$defs/ProcessingEngineRunFacet"),
            version: by === "spark" ? "3.5.7" : "2.10.3",
            name: by,
          },
        },
      },
      job: {
        ...job,
        facets: {
          jobType: {
            ...facet("2-0-3/JobTypeJobFacet.json#/$defs/JobTypeJobFacet"),
            processingType: "BATCH",
            integration: by.toUpperCase(),
            jobType: by === "spark" ? "SQL_JOB" : "TASK",
          },
        },
      },
      inputs: datasets(run.inputs),
      outputs: isWhole ? datasets(run.outputs) : [],
    };
    return { time, text: by === "spark" ? JSON.stringify(value) : pythonJson(value) };
  };
  return [event("START", start, false), event(failed ? "FAIL" : "COMPLETE", end, true)];
}
