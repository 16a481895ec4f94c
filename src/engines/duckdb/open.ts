/** Engine `duckdb`: access logs scanned by DuckDB inside this process. */
import { readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { type DuckDBDataChunk, DuckDBInstance } from "@duckdb/node-api";
import { HeadgateError } from "../../errors.ts";
import type { AccessAggregate, Engine, KeptLog, KeptWish, LogScan, ScanTotals } from "../engine.ts";
import {
  aggregateStatement,
  describeEachStatement,
  describeStatement,
  keepEachStatement,
  keepStatement,
  keptStatement,
  TIME,
} from "./statement.ts";

/** A row of the statement. */
interface Row {
  cluster: string | null;
  client: string | null;
  address: string | null;
  category: string | null;
  operation: string | null;
  status: string | null;
  form: string;
  folder: string | null;
  listed: string | null;
  leaf: string | null;
  requests: number;
  answered: number;
  sent: number;
  files: { items: readonly number[] } | null;
  first: string | null;
  last: string | null;
}

/** The row that describes a kept log. */
interface Described {
  lines: number | null;
  unreadable: number | null;
  days: { items: readonly string[] } | null;
  clusters: { items: readonly string[] } | null;
  addresses: { items: readonly string[] } | null;
}

function keptAs(row: Described | undefined): KeptLog {
  return {
    lines: row?.lines ?? 0,
    unreadable: row?.unreadable ?? 0,
    days: [...(row?.days?.items ?? [])].sort(),
    clusters: [...(row?.clusters?.items ?? [])].sort(),
    addresses: [...(row?.addresses?.items ?? [])].sort(),
  };
}

function uriOf(row: Row): string {
  if (row.form === "list") return row.listed ? `${row.folder}?${row.listed}` : `${row.folder}`;
  return row.form === "path" ? `${row.folder}` : `${row.folder}${row.leaf}`;
}

function aggregateOf(row: Row): AccessAggregate | undefined {
  if (row.operation === null || row.folder === null || row.first === null || row.last === null) return undefined;
  if (!TIME.test(row.first) || !TIME.test(row.last)) return undefined;
  return {
    cluster: row.cluster,
    client: row.client,
    ...(row.address === null ? {} : { address: row.address }),
    category: row.category ?? "",
    operation: row.operation,
    status: row.status ?? "",
    uri: uriOf(row),
    requests: row.requests,
    bytesRead: row.answered,
    bytesWritten: row.sent,
    files: row.files?.items ?? [],
    first: row.first,
    last: row.last,
  };
}

/** Rows of a chunk of a result, by columns: half the time of the library's own rows. */
function* rowsOf(chunk: DuckDBDataChunk, names: readonly string[]): Generator<Row> {
  const columns = chunk.getColumns();
  for (let i = 0; i < chunk.rowCount; i++) {
    yield Object.fromEntries(names.map((name, c) => [name, columns[c]?.[i]])) as unknown as Row;
  }
}

/** What the database says of a log it cannot read, as our error. */
function unreadable(error: unknown): unknown {
  if (error instanceof HeadgateError || !(error instanceof Error)) return error;
  return new HeadgateError("input_invalid", `the logs cannot be scanned: ${error.message.split("\n", 1)[0]}`, {
    hint: "give files of JSON lines as Azure Monitor writes them (PT1H.json), plain or .gz or .zst",
    cause: error,
    permanent: true,
  });
}

/** Opens an engine in memory; it writes nothing to disk but what is to be kept, and what does not fit into memory while it works. */
export async function openDuckdb(): Promise<Engine> {
  const instance = await DuckDBInstance.create(":memory:", { autoinstall_known_extensions: "false" });
  const connection = await instance.connect();
  return {
    async *aggregate(scan: LogScan): AsyncGenerator<AccessAggregate[], ScanTotals> {
      const totals = { lines: 0, unreadable: 0 };
      if (scan.files.length === 0) return totals;
      try {
        const result = await connection.stream(aggregateStatement(scan));
        const names = result.columnNames();
        for await (const chunk of result) {
          const batch: AccessAggregate[] = [];
          for (const row of rowsOf(chunk, names)) {
            totals.lines += row.requests;
            const aggregate = aggregateOf(row);
            if (aggregate === undefined) totals.unreadable += row.requests;
            else batch.push(aggregate);
          }
          yield batch;
        }
      } catch (error) {
        throw unreadable(error);
      }
      return totals;
    },
    async keep(scan: LogScan, into: string): Promise<KeptLog> {
      const half = `${into}.${process.pid}.half`;
      try {
        await connection.run(keepStatement(scan, half));
        const [row] = (
          await connection.runAndReadAll(describeStatement(half))
        ).getRowObjects() as unknown as Described[];
        await rename(half, into);
        return keptAs(row);
      } catch (error) {
        await rm(half, { force: true });
        throw unreadable(error);
      }
    },
    async keepEach(scan: LogScan, into: readonly string[]): Promise<(KeptLog | undefined)[]> {
      const folder = `${into[0]}.${process.pid}.each`;
      const kept = new Map<number, KeptLog>();
      try {
        await rm(folder, { recursive: true, force: true });
        await connection.run(keepEachStatement(scan, folder));
        const names = await readdir(folder).catch(() => []);
        const rows =
          names.length === 0
            ? []
            : ((
                await connection.runAndReadAll(describeEachStatement(folder))
              ).getRowObjects() as unknown as (Described & { n: number })[]);
        for (const row of rows) {
          const part = path.join(folder, `n=${row.n}`);
          const [file, ...others] = await readdir(part);
          const target = into[row.n - 1];
          // Threads may have written a log's groups in parts.
          if (file === undefined || others.length > 0 || target === undefined) continue;
          await rename(path.join(part, file), target);
          kept.set(row.n - 1, keptAs(row));
        }
      } catch (error) {
        throw unreadable(error);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
      return into.map((_, index) => kept.get(index));
    },
    async *kept(wish: KeptWish): AsyncGenerator<AccessAggregate[]> {
      if (wish.files.length === 0 || wish.clusters?.length === 0) return;
      const result = await connection.stream(keptStatement(wish));
      const names = result.columnNames();
      for await (const chunk of result) {
        const batch: AccessAggregate[] = [];
        for (const row of rowsOf(chunk, names)) {
          const aggregate = aggregateOf(row);
          if (aggregate !== undefined) batch.push(aggregate);
        }
        yield batch;
      }
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
