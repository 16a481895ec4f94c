/** OpenLineage events (specification 2-0-2) as far as headgate looks into them; whatever else they hold is kept. */
import * as z from "zod";

/** `eventType` of a run event. */
export const EVENT_TYPES = ["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"] as const;

/** RFC 3339: the specification's `date-time`, to the second at least and with its zone. */
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
/** The specification's `uuid`; clients of old compute them in ways that no version number tells. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

const time = z
  .string()
  .refine((text) => DATE_TIME.test(text) && !Number.isNaN(Date.parse(text)), "no RFC 3339 time with seconds and zone");
const uri = z.string().regex(SCHEME, "no URI");
/** Facets by name; of what is in them only the names of datasets and columns are read. */
const facets = z.record(z.string(), z.unknown());

const Named = z.looseObject({ namespace: z.string(), name: z.string().min(1), facets: facets.optional() });
const Input = Named.extend({ inputFacets: facets.optional() });
const Output = Named.extend({ outputFacets: facets.optional() });
const base = { eventTime: time, producer: uri, schemaURL: uri };
const absent = z.never({ error: "not together with the others: see the specification" }).optional();

/** What happens to a run of a job. */
const RunEvent = z.looseObject({
  ...base,
  eventType: z.enum(EVENT_TYPES).optional(),
  run: z.looseObject({ runId: z.string().regex(UUID, "no UUID"), facets: facets.optional() }),
  job: Named,
  dataset: absent,
  inputs: z.array(Input).optional(),
  outputs: z.array(Output).optional(),
});
/** What a job is, without a run. */
const JobEvent = z.looseObject({
  ...base,
  job: Named,
  run: absent,
  dataset: absent,
  inputs: z.array(Input).optional(),
  outputs: z.array(Output).optional(),
});
/** What a dataset is, without a job. */
const DatasetEvent = z.looseObject({ ...base, dataset: Named, run: absent, job: absent });

/** One event of any of the three kinds. */
export const LineageEventBody = z.union([RunEvent, JobEvent, DatasetEvent]);

/** A field that breaks the specification: its path (`run.runId`) and what is wrong with it. */
export interface EventFault {
  path: string;
  message: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isFacets = (value: unknown): boolean => value === undefined || isRecord(value);
const isUri = (value: unknown): boolean => typeof value === "string" && SCHEME.test(value);

function isNamed(value: unknown, facetsOfItsOwn: string): boolean {
  if (!isRecord(value)) return false;
  const { namespace, name, facets: own } = value;
  return (
    typeof namespace === "string" &&
    typeof name === "string" &&
    name !== "" &&
    isFacets(own) &&
    isFacets(value[facetsOfItsOwn])
  );
}
const areNamed = (list: unknown, facetsOfItsOwn: string): boolean =>
  list === undefined || (Array.isArray(list) && list.every((one) => isNamed(one, facetsOfItsOwn)));

/**
 * True for nearly all run events that are as {@link RunEvent} wants them, and for no other: a third of the time that the
 * schema takes, which then says what is wrong with the rest.
 */
function isPlainRunEvent(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { eventTime, producer, schemaURL, eventType, run, job, dataset, inputs, outputs } = value;
  return (
    typeof eventTime === "string" &&
    DATE_TIME.test(eventTime) &&
    !Number.isNaN(Date.parse(eventTime)) &&
    isUri(producer) &&
    isUri(schemaURL) &&
    (EVENT_TYPES as readonly unknown[]).includes(eventType) &&
    isRecord(run) &&
    typeof run.runId === "string" &&
    UUID.test(run.runId) &&
    isFacets(run.facets) &&
    isNamed(job, "facets") &&
    dataset === undefined &&
    areNamed(inputs, "inputFacets") &&
    areNamed(outputs, "outputFacets")
  );
}

/** What is wrong with a parsed event; nothing for a valid one. Judged as the kind that its fields show. */
export function eventFaults(value: unknown): EventFault[] {
  if (isPlainRunEvent(value)) return [];
  const has = (name: string) => typeof value === "object" && value !== null && name in value;
  const schema = has("run") ? RunEvent : has("dataset") && !has("job") ? DatasetEvent : JobEvent;
  const result = schema.safeParse(value);
  if (result.success) return [];
  return result.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }));
}

/** POST /lineage: one event was kept. */
export const LineageReceipt = z.object({
  /** Of the content: the same event again has the same id. */
  id: z.string(),
  /** Place in the log of events. */
  seq: z.number().int(),
  /** False where the event was there already; it counts once. */
  isNew: z.boolean(),
});
export type LineageReceipt = z.infer<typeof LineageReceipt>;

/** POST /lineage/batch, as the OpenLineage API has it: what was kept, and which events were not. */
export const LineageBatchReceipt = z.object({
  status: z.enum(["success", "partial_success"]),
  summary: z.object({
    received: z.number().int(),
    successful: z.number().int(),
    failed: z.number().int(),
    /** Of the failed ones: sending them again may help, cannot help. */
    retriable: z.number().int(),
    non_retriable: z.number().int(),
  }),
  failed_events: z.array(
    z.object({
      /** Place in the batch, from 0. */
      index: z.number().int(),
      reason: z.string(),
      retriable: z.boolean(),
    }),
  ),
});
export type LineageBatchReceipt = z.infer<typeof LineageBatchReceipt>;
