/** Raw shapes of the Jobs API 2.2, as far as this folder looks into them; every other field is kept as it came. */
import type { Json, JsonObject } from "../../util/json.ts";

/** An int64 on the wire: `bigint` beyond 2^53. */
export type Int64 = number | bigint;

/** A job as `jobs/get` and `jobs/list` show it. */
export interface WireJob extends JsonObject {
  job_id: Int64;
  creator_user_name?: string;
  run_as_user_name?: string;
  /** Epoch milliseconds. */
  created_time?: Int64;
  settings?: JsonObject;
  has_more?: boolean;
}

/** A run as `runs/get` and `runs/list` show it. */
export interface WireRun extends JsonObject {
  run_id: Int64;
  job_id?: Int64;
  tasks?: Json[];
}

/** The id that an answer must name, or undefined where it names none. */
export function answeredId(answer: JsonObject, member: string): Int64 | undefined {
  const id = answer[member];
  if (typeof id === "number" || typeof id === "bigint") return id;
  return typeof id === "string" && /^\d+$/.test(id) ? wireId(id) : undefined;
}

/** Ids go in as decimal text and out as bare digits. */
export function wireId(id: string): Int64 {
  const value = BigInt(id);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
