/** Routes of the OpenLineage API: any OpenLineage client may be pointed here. */
import * as z from "zod";
import { LineageBatchReceipt, LineageEventBody, LineageReceipt } from "../../model/event.ts";
import { route } from "./route.ts";

/**
 * Bytes of a body, also of what a compressed one unpacks to. Events of wide Spark plans have been seen with 23 MB;
 * everything else has a few KB.
 */
const LIMIT = 32 * 1024 * 1024;

/** Routes that take events in. */
export const LINEAGE_EVENT_ROUTES = {
  postLineage: route({
    method: "post",
    path: "/lineage",
    scope: "write",
    summary: "Take one OpenLineage event; it is durable when this is answered, and a repeat changes nothing",
    tag: "lineage",
    body: LineageEventBody,
    answer: LineageReceipt,
    status: 201,
    intake: { bytes: LIMIT },
    audited: false,
  }),
  postLineageBatch: route({
    method: "post",
    path: "/lineage/batch",
    scope: "write",
    summary: "Take many OpenLineage events; the valid ones are kept, and the answer names the others",
    tag: "lineage",
    body: z.array(LineageEventBody),
    answer: LineageBatchReceipt,
    intake: { bytes: LIMIT },
    audited: false,
  }),
};
