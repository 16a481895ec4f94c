/** A pool of Postgres connections: time limits, number types, prepared statements, text that Postgres takes. */
import { createHash } from "node:crypto";
import { PostgresDialect, type PostgresPoolClient } from "kysely";
import type { Pool, PoolClient } from "pg";
import { connectionFailure } from "./failure.ts";

/** Settings of {@link openPool}. */
export interface PoolOptions {
  url: string;
  /** Connections at most. */
  max: number;
  /** A statement that takes longer is ended by the server; 0 = never. */
  statementTimeoutMs: number;
  /** Called when a connection that is not in use breaks; the pool opens another one when needed. */
  onIdleError: (error: Error) => void;
}

const INT8_OID = 20;
const CONNECT_TIMEOUT_MS = 10_000;
/** A transaction that does nothing for so long has lost its client; its locks must not stay. */
const IDLE_IN_TRANSACTION_MS = 60_000;
/** So many statements are prepared on each connection; further ones run unprepared, or servers' memory would grow. */
const PREPARED_MAX = 200;

/** Opens a pool. Nothing is sent until it is used. */
export async function openPool(options: PoolOptions): Promise<Pool> {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max,
    application_name: "headgate",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: options.statementTimeoutMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    types: {
      getTypeParser: (oid: number, format?: "text" | "binary") => {
        // Counts and numbers of ours fit into a double; where one might not, the query casts it to text.
        if (oid === INT8_OID && format !== "binary") return (text: string) => Number(text);
        return pg.types.getTypeParser(oid, format as "text");
      },
    },
  });
  pool.on("error", options.onIdleError);
  return pool;
}

const names = new Map<string, string>();

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= PREPARED_MAX) return undefined;
  const name = `hg_${createHash("sha256").update(text).digest("hex").slice(0, 24)}`;
  names.set(text, name);
  return name;
}

// Postgres text cannot hold NUL; both stores keep the replacement character.
const bind = (value: unknown): unknown =>
  typeof value === "string" && value.includes("\0") ? value.replaceAll("\0", "\uFFFD") : value;

function prepared(client: PoolClient, place: string): PostgresPoolClient {
  return {
    query: async (text: unknown, values?: readonly unknown[]) => {
      const sql = text as string;
      try {
        if (values === undefined || values.length === 0) return (await client.query(sql)) as never;
        const name = nameOf(sql);
        const named = name === undefined ? {} : { name };
        return (await client.query({ text: sql, values: values.map(bind), ...named })) as never;
      } catch (error) {
        throw connectionFailure(error, place) ?? error;
      }
    },
    release: () => client.release(),
  } as unknown as PostgresPoolClient;
}

/** kysely's dialect over a pool that it owns. `mayConnect` is called before each connection is taken and may throw. */
export function postgresDialect(pool: Pool, place: string, mayConnect: () => void): PostgresDialect {
  const wrapped = new WeakMap<PoolClient, PostgresPoolClient>();
  return new PostgresDialect({
    pool: {
      connect: async () => {
        mayConnect();
        const client = await pool.connect().catch((error: unknown) => {
          throw connectionFailure(error, place) ?? error;
        });
        let mine = wrapped.get(client);
        if (!mine) {
          mine = prepared(client, place);
          wrapped.set(client, mine);
        }
        return mine;
      },
      end: () => pool.end(),
    },
  });
}
