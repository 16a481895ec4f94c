/** Statement Execution API 2.0: SQL on a warehouse, rows as they come. */
import { type ErrorCode, HeadgateError } from "../../errors.ts";
import type { Clock } from "../../util/clock.ts";
import { isObject, type JsonObject } from "../../util/json.ts";
import { redact } from "../../util/redact.ts";
import { firstLine } from "../http/failure.ts";
import type { Connection } from "./connection.ts";

/** One statement. */
export interface Statement {
  sql: string;
  warehouse: string;
  catalog?: string | undefined;
  schema?: string | undefined;
  /** Named (`:name`); the service casts the text to `type` (default STRING). */
  parameters?: { name: string; value: string | null; type?: string | undefined }[] | undefined;
  /** True when a repeat does no harm (a SELECT): it is sent again after a lost answer. */
  safe: boolean;
  signal?: AbortSignal | undefined;
}

/** A finished statement. */
export interface StatementResult {
  statementId: string;
  columns: { name: string; type: string }[];
  /** All rows, chunk by chunk; every value is text or null, as the service gives it. To be read once. */
  rows: AsyncIterable<(string | null)[]>;
  /** True when the service cut the result off at a limit. */
  truncated: boolean;
}

/** See {@link statementsApi}. */
export interface StatementsApi {
  /**
   * Runs a statement to its end and gives its rows.
   * @throws HeadgateError `remote_error` with the service's code when it FAILED, `interrupted` when the signal aborted it
   * (it is then cancelled), `unavailable` when it was CANCELED or CLOSED by others
   */
  execute(statement: Statement): Promise<StatementResult>;
}

const PATH = "/api/2.0/sql/statements";

/** Waits between polls in milliseconds: 0.25 s doubling to 5 s. */
const POLL = { first: 250, cap: 5_000 };

/** The calls on statements (Databricks Statement Execution API reference). Results are INLINE, at most 25 MiB. */
export function statementsApi(connection: Connection, clock: Clock): StatementsApi {
  const grantOf = (warehouse: string) => `CAN_USE on the SQL warehouse ${warehouse}`;

  async function start(statement: Statement): Promise<JsonObject> {
    // Not abortable: without the answer we would not know which statement to cancel. It comes within 5 s.
    const { sql, warehouse, catalog, schema, parameters, safe } = statement;
    return connection.json({
      method: "POST",
      path: PATH,
      json: {
        statement: sql,
        warehouse_id: warehouse,
        ...(catalog === undefined ? {} : { catalog }),
        ...(schema === undefined ? {} : { schema }),
        ...(parameters === undefined ? {} : { parameters }),
        disposition: "INLINE",
        format: "JSON_ARRAY",
        wait_timeout: "5s",
        on_wait_timeout: "CONTINUE",
      },
      safe,
      grant: grantOf(warehouse),
    });
  }

  async function cancel(statementId: string, warehouse: string): Promise<void> {
    const path = `${PATH}/${statementId}/cancel`;
    await connection.json({ method: "POST", path, json: {}, safe: true, grant: grantOf(warehouse) });
  }

  /** Polls until the statement has ended; cancels it when aborted. */
  async function finish(answer: JsonObject, statement: Statement): Promise<JsonObject> {
    const { warehouse, signal } = statement;
    const statementId = answeredIdOf(answer, statement.safe);
    let wait = POLL.first;
    for (let current = answer; ; wait = Math.min(wait * 2, POLL.cap)) {
      const state = stateOf(current);
      if (state !== "PENDING" && state !== "RUNNING") return current;
      try {
        await clock.sleep(wait, signal);
        const path = `${PATH}/${statementId}`;
        current = await connection.json({ method: "GET", path, safe: true, grant: grantOf(warehouse), signal });
      } catch (error) {
        if (signal?.aborted !== true) throw error;
        await cancel(statementId, warehouse);
        throw new HeadgateError("interrupted", `statement ${statementId} was cancelled`, { cause: signal.reason });
      }
    }
  }

  async function* rowsOf(first: JsonObject, statementId: string, statement: Statement) {
    const { warehouse, signal } = statement;
    let chunk: JsonObject | undefined = first;
    while (chunk !== undefined) {
      yield* (chunk.data_array ?? []) as (string | null)[][];
      const next: unknown = chunk.next_chunk_index;
      const path = `${PATH}/${statementId}/result/chunks/${next}`;
      chunk =
        typeof next === "number"
          ? await connection.json({ method: "GET", path, safe: true, grant: grantOf(warehouse), signal })
          : undefined;
    }
  }

  return {
    execute: async (statement) => {
      statement.signal?.throwIfAborted();
      const answer = await finish(await start(statement), statement);
      const statementId = answeredIdOf(answer, statement.safe);
      if (stateOf(answer) !== "SUCCEEDED") throw failureOf(answer, statementId);
      const manifest = objectOf(answer.manifest);
      const columns = (objectOf(manifest.schema).columns ?? []) as JsonObject[];
      return {
        statementId,
        columns: columns.map((column) => ({ name: String(column.name), type: String(column.type_text ?? "STRING") })),
        rows: rowsOf(objectOf(answer.result), statementId, statement),
        truncated: manifest.truncated === true,
      };
    },
  };
}

/** Service codes of a failed statement that a repeat may cure. */
const PASSING = new Set([
  "TEMPORARILY_UNAVAILABLE",
  "DEADLINE_EXCEEDED",
  "RESOURCE_EXHAUSTED",
  "WORKSPACE_TEMPORARILY_UNAVAILABLE",
]);

function failureOf(answer: JsonObject, statementId: string): HeadgateError {
  const state = stateOf(answer);
  const status = objectOf(answer.status);
  const error = objectOf(status.error);
  const serviceCode = typeof error.error_code === "string" ? error.error_code : undefined;
  const sqlState = typeof status.sql_state === "string" ? status.sql_state : undefined;
  const said = typeof error.message === "string" ? firstLine(error.message) : undefined;
  const passing = state === "CANCELED" || state === "CLOSED" || PASSING.has(serviceCode ?? "");
  // SQLSTATE 42501: insufficient privileges (ISO 9075), which the service wraps in BAD_REQUEST.
  const denied = serviceCode === "PERMISSION_DENIED" || sqlState === "42501";
  const code: ErrorCode = passing ? "unavailable" : denied ? "forbidden" : "remote_error";
  const message = [`statement ${statementId} ${state.toLowerCase()}`, serviceCode, said].filter(Boolean).join(": ");
  return new HeadgateError(code, redact(message), {
    hint: denied ? "Ask the owner of the table, view or function that is named for the privilege." : undefined,
    permanent: !passing,
    data: { statementId, state, ...(serviceCode && { errorCode: serviceCode }), ...(sqlState && { sqlState }) },
  });
}

/** Its id. @throws HeadgateError `unavailable` for an answer without one, which is not the service's: what it did is unknown */
function answeredIdOf(answer: JsonObject, safe: boolean): string {
  if (typeof answer.statement_id === "string") return answer.statement_id;
  throw new HeadgateError("unavailable", "the answer names no statement", {
    hint: "Something between this machine and the workspace answered for it: run again.",
    permanent: false,
    data: safe ? {} : { sent: true },
  });
}

function stateOf(answer: JsonObject): string {
  return String(objectOf(answer.status).state ?? "UNKNOWN");
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
