/**
 * The Statement Execution API: submit, look, fetch chunks, cancel. A statement that fails is an HTTP success with state `FAILED`.
 *
 * Source: Databricks "Statement Execution API" reference. Results are inline JSON arrays only.
 */
import { absent, invalid } from "../api-error.ts";
import type { Call, Route } from "../http/router.ts";
import { formatJson, isObject, type Json, type JsonObject, objectsIn } from "../json.ts";
import type { World } from "../world.ts";
import type { AskedStatement, StatementAnswer } from "./answers.ts";

const API = "/api/2\\.0/sql/statements";
/** Inline results end here. */
const INLINE_LIMIT = 25 * 1024 * 1024;
/** Statements whose results can still be fetched. */
const KEPT = 1000;

/** A statement that was submitted. */
export interface Statement {
  id: string;
  principal: string;
  state: "PENDING" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELED";
  /** Looks that still find it unfinished; undefined while the answer is not known. */
  polls: number | undefined;
  answer: StatementAnswer;
  rows: (string | null)[][];
}

export const statementRoutes: Route[] = [
  { method: "POST", path: `${API}/?`, handle: submit },
  { method: "GET", path: `${API}/([^/]+)`, handle: (world, call) => look(find(world, call)) },
  { method: "GET", path: `${API}/([^/]+)/result/chunks/(\\d+)`, handle: chunk },
  { method: "POST", path: `${API}/([^/]+)/cancel`, handle: cancel },
];

async function submit(world: World, call: Call): Promise<object> {
  const body = call.body();
  const asked = askedIn(body, call.principal.userName);
  const wait = waitIn(body.wait_timeout);
  const statement: Statement = {
    id: uuidOf(world.nextId()),
    principal: asked.principal,
    state: "PENDING",
    polls: undefined,
    answer: {},
    rows: [],
  };
  world.statements.set(statement.id, statement);
  if (world.statements.size > KEPT) world.statements.delete(world.statements.keys().next().value ?? "");
  const answered = world.answers.to(asked).then(
    (answer) => take(statement, answer),
    (error: unknown) => take(statement, { error: error instanceof Error ? error.message : String(error) }),
  );
  // Without waiting the first answer says that it is pending, however quick it is.
  if (wait === 0) return describe(statement);
  await answered;
  if ((statement.polls ?? 0) > 0 && body.on_wait_timeout === "CANCEL") statement.state = "CANCELED";
  return look(statement);
}

function take(statement: Statement, answer: StatementAnswer): void {
  statement.answer = answer;
  statement.rows = (answer.rows ?? []).map((row) => row.map(textOf));
  statement.polls = answer.polls ?? 0;
}

/** One look: counts it, and finishes the statement when its time has come. */
function look(statement: Statement): JsonObject {
  const unfinished = statement.state === "PENDING" || statement.state === "RUNNING";
  if (unfinished && statement.polls !== undefined) {
    if (statement.polls > 0) {
      statement.polls -= 1;
      statement.state = "RUNNING";
    } else finish(statement);
  }
  return describe(statement);
}

function finish(statement: Statement): void {
  const bytes = statement.rows.reduce(
    (sum, row) => sum + row.reduce((size, value) => size + (value?.length ?? 4) + 3, 2),
    0,
  );
  if (bytes > INLINE_LIMIT) {
    statement.answer = {
      error:
        "Inline byte limit exceeded. Statements executed with disposition=INLINE can have a result size of at most 26214400 bytes.",
    };
    statement.rows = [];
  }
  statement.state = statement.answer.error === undefined ? "SUCCEEDED" : "FAILED";
}

function describe(statement: Statement): JsonObject {
  const { answer, state } = statement;
  const failed = state === "FAILED";
  const status: JsonObject = { state };
  if (failed) {
    status.error = { error_code: answer.errorCode ?? "BAD_REQUEST", message: answer.error };
    status.sql_state = answer.sqlState;
  }
  if (state !== "SUCCEEDED") return { statement_id: statement.id, status };
  const columns = answer.columns ?? [];
  const size = sizeOf(answer);
  const count = Math.max(1, Math.ceil(statement.rows.length / size));
  return {
    statement_id: statement.id,
    status,
    manifest: {
      format: "JSON_ARRAY",
      schema: {
        column_count: columns.length,
        columns: columns.map(({ name, type = "STRING" }, position) => ({
          name,
          position,
          type_text: type,
          type_name: type.replace(/[(<].*/s, "").toUpperCase(),
        })),
      },
      total_chunk_count: count,
      total_row_count: statement.rows.length,
      truncated: false,
      chunks: Array.from({ length: count }, (_, index) => ({
        chunk_index: index,
        row_offset: index * size,
        row_count: Math.min(size, statement.rows.length - index * size),
      })),
    },
    result: chunkOf(statement, 0),
  };
}

function chunk(world: World, call: Call): object {
  const statement = find(world, call);
  const index = Number(call.groups[1]);
  const last = Math.max(1, Math.ceil(statement.rows.length / sizeOf(statement.answer))) - 1;
  if (statement.state !== "SUCCEEDED" || index > last)
    throw absent(`The statement ${statement.id} has no chunk ${index}.`);
  return chunkOf(statement, index);
}

function chunkOf(statement: Statement, index: number): JsonObject {
  const size = sizeOf(statement.answer);
  const rows = statement.rows.slice(index * size, (index + 1) * size);
  const more = (index + 1) * size < statement.rows.length;
  return {
    chunk_index: index,
    row_offset: index * size,
    row_count: rows.length,
    data_array: rows,
    next_chunk_index: more ? index + 1 : undefined,
    next_chunk_internal_link: more
      ? `/api/2.0/sql/statements/${statement.id}/result/chunks/${index + 1}?row_offset=${(index + 1) * size}`
      : undefined,
  };
}

function cancel(world: World, call: Call): object {
  const statement = find(world, call);
  if (statement.state === "PENDING" || statement.state === "RUNNING") statement.state = "CANCELED";
  return {};
}

/** A statement is its submitter's alone. @throws ApiError 404 */
function find(world: World, call: Call): Statement {
  const id = call.groups[0] ?? "";
  const statement = world.statements.get(id);
  if (statement?.principal !== call.principal.userName) throw absent(`The statement ${id} was not found.`);
  return statement;
}

function askedIn(body: JsonObject, principal: string): AskedStatement {
  const { statement, warehouse_id: warehouseId, catalog, schema } = body;
  if (typeof statement !== "string" || statement.trim() === "") throw invalid("statement is required.");
  if (typeof warehouseId !== "string" || warehouseId === "") throw invalid("warehouse_id is required.");
  if (body.disposition !== undefined && body.disposition !== "INLINE")
    throw invalid("Only disposition INLINE is offered here.");
  if (body.format !== undefined && body.format !== "JSON_ARRAY")
    throw invalid("Only format JSON_ARRAY is offered here.");
  const parameters = objectsIn(body.parameters).map(({ name, value }) => [String(name), textOf(value ?? null)]);
  return {
    statement,
    warehouseId,
    catalog: typeof catalog === "string" ? catalog : undefined,
    schema: typeof schema === "string" ? schema : undefined,
    parameters: Object.fromEntries(parameters) as Record<string, string | null>,
    principal,
  };
}

/** `0s`, or 5 to 50 seconds; default 10. */
function waitIn(value: Json | undefined): number {
  if (value === undefined) return 10;
  const seconds = Number(/^(\d+)s$/.exec(String(value))?.[1] ?? Number.NaN);
  if (seconds === 0 || (seconds >= 5 && seconds <= 50)) return seconds;
  throw invalid("wait_timeout must be 0s or between 5s and 50s.");
}

function sizeOf(answer: StatementAnswer): number {
  return answer.chunkRows ?? 10_000;
}

/** All values of a result are texts. */
function textOf(value: Json): string | null {
  if (value === null || typeof value === "string") return value;
  return isObject(value) || Array.isArray(value) ? formatJson(value) : String(value);
}

function uuidOf(id: string): string {
  const hex = BigInt(id).toString(16).padStart(16, "0");
  return `01ef0000-${hex.slice(0, 4)}-1${hex.slice(4, 7)}-8${hex.slice(7, 10)}-${hex.slice(10).padEnd(12, "0")}`;
}
