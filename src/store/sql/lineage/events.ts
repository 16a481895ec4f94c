/** OpenLineage events in commit order, their bodies once by content, and the runs they are about, in SQL. */
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, brotliCompressSync, brotliDecompress, brotliDecompressSync, constants } from "node:zlib";
import { utc } from "../../../util/clock.ts";
import { formatWireJson, parseJson } from "../../../util/int64-json.ts";
import { type Database, inTransaction } from "../../database.ts";
import type { LineageEvent, LineageRun, LineageStore } from "../../lineage.ts";
import type { BodyTable, OlRun } from "../../schema/lineage.ts";
import { lockLog, nextSeq } from "../../seq.ts";
import { groupCommit } from "../group-commit.ts";
import { insertMany, selectMany } from "../many.ts";

/** Compression of bodies. Node 20 has no zstd; the column names the encoding, so that another may follow. */
const ENCODING = "br";
const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);
/**
 * On events within a twentieth of gzip's default, and several times as quick (docs/decisions/0003): packing is the
 * larger part of what taking an event in costs.
 */
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } };
const BATCH = 500;

/** Bytes up to which handing a body to another thread costs more than packing it. */
const SMALL = 64 << 10;

interface Packed {
  event: LineageEvent;
  hash: string;
  size: number;
  content: Uint8Array;
}

/** An event of a call: packed, or known to be in the log already. */
type Given = Packed | { event: LineageEvent; seq: number };

const knownIds = selectMany<{ id: string; seq: number }>(
  [["id", "text"]],
  "select e.id, e.seq from KEYS join ol_event e on e.id = k.id",
);
const insertBodies = insertMany(
  "body",
  [
    ["hash", "text"],
    ["encoding", "text"],
    ["size", "bigint"],
    ["content", "bytea"],
    ["stored_at", "text"],
  ],
  "on conflict (hash) do nothing",
);
const insertEvents = insertMany("ol_event", [
  ["seq", "bigint"],
  ["id", "text"],
  ["source", "text"],
  ["job_node", "bigint"],
  ["run_id", "text"],
  ["type", "text"],
  ["event_time", "text"],
  ["recorded_at", "text"],
  ["body_hash", "text"],
]);

const bodiesByHash = selectMany<StoredBody>(
  [["hash", "text"]],
  "select b.hash, b.content, b.encoding from KEYS join body b on b.hash = k.hash",
);
const runsByKey = selectMany<OlRun>(
  [
    ["job_node", "bigint"],
    ["run_id", "text"],
  ],
  "select r.* from KEYS join ol_run r on r.job_node = k.job_node and r.run_id = k.run_id",
);
const upsertRuns = insertMany(
  "ol_run",
  [
    ["job_node", "bigint"],
    ["run_id", "text"],
    ["state", "text"],
    ["io", "text"],
    ["parent", "text"],
    ["updated_at", "text"],
  ],
  `on conflict (job_node, run_id) do update set state = excluded.state, io = excluded.io, parent = excluded.parent,
    updated_at = excluded.updated_at`,
);

type StoredBody = Pick<BodyTable, "hash" | "content" | "encoding">;

async function textOf(row: Pick<StoredBody, "content" | "encoding">): Promise<string> {
  if (row.encoding !== ENCODING) throw new Error(`a body is encoded as ${row.encoding}, which is not known here`);
  const bytes = row.content.length <= SMALL / 4 ? brotliDecompressSync(row.content) : await decompress(row.content);
  return bytes.toString("utf8");
}

const runOf = (row: OlRun): LineageRun => ({
  jobNode: row.job_node,
  runId: row.run_id,
  state: row.state,
  io: parseJson(row.io),
  parent: row.parent,
  updatedAt: row.updated_at,
});

async function pack(event: LineageEvent): Promise<Packed> {
  const bytes = Buffer.from(event.body, "utf8");
  const hash = createHash("sha256").update(bytes).digest("hex");
  const content =
    bytes.length <= SMALL
      ? brotliCompressSync(bytes, { ...QUALITY, chunkSize: bytes.length + 64 })
      : await compress(bytes, QUALITY);
  return { event, hash, size: bytes.length, content };
}

/** Numbers of the events of the log that have these ids. */
async function seqsOf({ db, kind }: Pick<Database, "db" | "kind">, ids: readonly string[]) {
  const rows = await knownIds(
    db,
    kind,
    ids.map((id) => [id]),
  );
  return new Map(rows.map((row) => [row.id, row.seq]));
}

/** Packs what is not in the log yet; what is there stays there. */
async function prepare(database: Database, calls: readonly (readonly LineageEvent[])[]): Promise<Given[][]> {
  const ids = [...new Set(calls.flatMap((call) => call.map(({ id }) => id)))];
  const known = await seqsOf({ db: database.read, kind: database.kind }, ids);
  const given = async (event: LineageEvent): Promise<Given> => {
    const seq = known.get(event.id);
    return seq === undefined ? pack(event) : { event, seq };
  };
  return Promise.all(calls.map((events) => Promise.all(events.map(given))));
}

async function write(within: Database, calls: readonly (readonly Given[])[]) {
  await lockLog(within.db, within.kind, "ol_event");
  const at = utc(within.clock.now());
  const all = calls.flat();
  const fresh = new Map<string, Packed>();
  for (const one of all) if ("hash" in one) fresh.set(one.event.id, one);
  // Another process may have written some of them since they were looked for.
  const seqs = await seqsOf(within, [...fresh.keys()]);
  for (const one of all) if ("seq" in one) seqs.set(one.event.id, one.seq);
  const known = new Set(seqs.keys());
  for (const id of known) fresh.delete(id);
  if (fresh.size > 0) {
    const first = await nextSeq(within.db, "ol_event", fresh.size);
    const bodies = [...new Map([...fresh.values()].map((one) => [one.hash, one])).values()];
    await insertBodies(
      within.db,
      within.kind,
      bodies.map((one) => [one.hash, ENCODING, one.size, one.content, at]),
    );
    await insertEvents(
      within.db,
      within.kind,
      [...fresh.values()].map(({ event, hash }, index) => {
        seqs.set(event.id, first + index);
        const { id, source, jobNode, runId, type, eventTime } = event;
        return [first + index, id, source, jobNode, runId, type, eventTime, at, hash];
      }),
    );
  }
  return calls.map((call) => {
    const output = call.map(({ event }) => {
      const isNew = !known.has(event.id);
      // A second one with the same id in this batch is a repeat of the first.
      known.add(event.id);
      return { seq: seqs.get(event.id) as number, isNew };
    });
    return { output };
  });
}

/** The part of the lineage door about events. */
export function sqlLineageEvents(
  database: Database,
): Pick<
  LineageStore,
  "appendEvents" | "eventsAfter" | "lastEventSeq" | "body" | "bodies" | "purgeBodies" | "putRuns" | "findRuns" | "runs"
> {
  const { db, read, kind } = database;
  const writeAll = async (calls: readonly (readonly LineageEvent[])[]) => {
    // Compressed before the transaction begins: it holds the log's lock.
    const given = await prepare(database, calls);
    return inTransaction(database, (within) => write(within, given));
  };
  const gather = groupCommit(writeAll, (call) => call.length, BATCH);
  return {
    async appendEvents(events) {
      database.mayConnect();
      if (!db.isTransaction) return gather(events);
      const [written] = await writeAll([events]);
      return written?.output ?? [];
    },

    async eventsAfter(seq, limit) {
      const rows = await read
        .selectFrom("ol_event")
        .selectAll()
        .where("seq", ">", seq)
        .orderBy("seq")
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        seq: row.seq,
        id: row.id,
        source: row.source,
        jobNode: row.job_node,
        runId: row.run_id,
        type: row.type,
        eventTime: row.event_time,
        recordedAt: row.recorded_at,
        bodyHash: row.body_hash,
      }));
    },

    async lastEventSeq() {
      const row = await read.selectFrom("log_position").select("seq").where("log", "=", "ol_event").executeTakeFirst();
      return row?.seq ?? 0;
    },

    async body(hash) {
      const row = await read
        .selectFrom("body")
        .select(["content", "encoding"])
        .where("hash", "=", hash)
        .executeTakeFirst();
      return row && textOf(row);
    },

    async bodies(hashes) {
      const rows = await bodiesByHash(
        read,
        kind,
        [...new Set(hashes)].map((hash) => [hash]),
      );
      return new Map(await Promise.all(rows.map(async (row) => [row.hash, await textOf(row)] as const)));
    },

    async purgeBodies(storedBefore) {
      const { numDeletedRows } = await db.deleteFrom("body").where("stored_at", "<", storedBefore).executeTakeFirst();
      return Number(numDeletedRows);
    },

    async putRuns(runs) {
      await inTransaction(database, (within) =>
        upsertRuns(
          within.db,
          kind,
          runs.map((run) => [run.jobNode, run.runId, run.state, formatWireJson(run.io), run.parent, run.updatedAt]),
        ),
      );
    },

    async findRuns(runId) {
      const rows = await read
        .selectFrom("ol_run")
        .selectAll()
        .where("run_id", "=", runId)
        .orderBy("job_node")
        .execute();
      return rows.map(runOf);
    },

    async runs(keys) {
      const rows = await runsByKey(
        read,
        kind,
        keys.map(({ jobNode, runId }) => [jobNode, runId]),
      );
      return rows.map(runOf);
    },
  };
}
