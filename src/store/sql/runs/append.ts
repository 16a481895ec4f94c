/** Deciding commands and keeping them: lock the log, read, decide, write, commit; many callers share one commit. */
import { HeadgateError } from "../../../errors.ts";
import type { Command, Verdict } from "../../../model/step.ts";
import { utc } from "../../../util/clock.ts";
import { parseJson } from "../../../util/int64-json.ts";
import { type Database, inTransaction } from "../../database.ts";
import type { Decide, Outcome, Reads, RunStore } from "../../runs.ts";
import { lockLog, nextSeq } from "../../seq.ts";
import { groupCommit, type Settled } from "../group-commit.ts";
import { selectMany } from "../many.ts";
import { cleanCommand, jsonText } from "./clean.ts";
import { eventOf } from "./event-row.ts";
import { decideOne, type Effects, emptyLedger, type Ledger, usualReads } from "./ledger.ts";
import { loadLedger } from "./load.ts";
import { createRunCache, type RunCache } from "./run-cache.ts";
import { type Decided, writeBatch } from "./write.ts";

/** A command, with the text of its payload. */
interface Given {
  command: Command;
  payload: string;
}

/** One call of `append`. */
interface Call {
  commands: readonly Given[];
  decide: Decide;
  reads: (command: Command) => Reads;
}

const PAYLOAD_BYTES = 1 << 20;
/** Commands in one transaction: enough to share the cost of a commit, few enough to let others in. */
const BATCH = 500;

const knownEvents = selectMany<{ event_id: string; seq: number; verdict: string; code: string | null; answer: string }>(
  [["event_id", "text"]],
  "select e.event_id, e.seq, e.verdict, e.code, e.answer from KEYS join etl_event e on e.event_id = k.event_id",
);

function given(dirty: Command): Given {
  const command = cleanCommand(dirty);
  const payload = jsonText(command.payload);
  const bytes = Buffer.byteLength(payload);
  if (bytes <= PAYLOAD_BYTES) return { command, payload };
  throw new HeadgateError("input_invalid", `The payload of ${command.type} has ${bytes} bytes`, {
    hint: "At most 1 MiB; put long texts into a log.",
    permanent: true,
  });
}

/** What became of a batch. */
interface Applied {
  settled: Settled<Outcome[]>[];
  ledger: Ledger;
  /** Last number of the log. */
  position: number;
}

/** Last number of the log. */
async function positionOf({ db }: Database): Promise<number> {
  const row = await db.selectFrom("log_position").select("seq").where("log", "=", "etl_event").executeTakeFirst();
  return row?.seq ?? 0;
}

async function applyBatch(within: Database, calls: readonly Call[], cache?: RunCache): Promise<Applied> {
  await lockLog(within.db, within.kind, "etl_event");
  const now = utc(within.clock.now());
  const ids = [...new Set(calls.flatMap((call) => call.commands.map(({ command }) => command.eventId)))];
  const known = new Map<string, Outcome>();
  for (const row of await knownEvents(
    within.db,
    within.kind,
    ids.map((id) => [id]),
  )) {
    known.set(row.event_id, {
      seq: row.seq,
      verdict: row.verdict as Verdict,
      code: row.code,
      answer: parseJson(row.answer),
      repeated: true,
    });
  }
  const ledger = emptyLedger();
  const fresh = calls.flatMap(({ commands, reads }) =>
    commands
      .filter(({ command }) => !known.has(command.eventId))
      .map(({ command }) => ({ command, reads: reads(command) })),
  );
  let position = await positionOf(within);
  await loadLedger(within, ledger, fresh, cache?.take(position) ?? new Map());

  // Decide in order; a call that fails is taken back as if it had never come, and the others of the batch stand.
  const kept: (Given & { effects: Effects })[] = [];
  const seen = new Set(known.keys());
  const answers = calls.map(({ commands, decide, reads }): Settled<{ id: string; repeated: boolean }[]> => {
    const undo: (() => void)[] = [];
    const before = kept.length;
    try {
      const output = commands.map(({ command, payload }) => {
        const id = command.eventId;
        if (seen.has(id)) return { id, repeated: true };
        kept.push({ command, payload, effects: decideOne(ledger, command, now, decide, reads(command), undo) });
        seen.add(id);
        return { id, repeated: false };
      });
      return { output };
    } catch (error) {
      for (const back of undo.reverse()) back();
      for (const { command } of kept.splice(before)) seen.delete(command.eventId);
      return { error };
    }
  });

  if (kept.length > 0) {
    const first = await nextSeq(within.db, "etl_event", kept.length);
    const decided = kept.map(({ command, payload, effects }, index): Decided => {
      const { verdict, code, answer } = effects;
      const seq = first + index;
      known.set(command.eventId, { seq, verdict, code, answer, repeated: false });
      return { event: { ...command, seq, recordedAt: now, verdict, code, answer }, effects, payload };
    });
    await writeBatch(within, ledger, decided);
    position = first + kept.length - 1;
  }
  const settled = answers.map((one) =>
    "error" in one
      ? one
      : { output: one.output.map(({ id, repeated }) => ({ ...(known.get(id) as Outcome), repeated })) },
  );
  return { settled, ledger, position };
}

/** The part of the runs door about commands. */
export function sqlAppend(database: Database): Pick<RunStore, "append" | "findCommand" | "eventsAfter" | "lastSeq"> {
  const { db, read } = database;
  const cache = createRunCache();
  const write = async (calls: readonly Call[]): Promise<Settled<Outcome[]>[]> => {
    const { settled, ledger, position } = await inTransaction(database, (within) => applyBatch(within, calls, cache));
    cache.keep(position, ledger.runs);
    return settled;
  };
  const gather = groupCommit<Call, Outcome[]>(write, (call) => call.commands.length, BATCH);
  return {
    async append(commands, decide, reads = usualReads) {
      database.mayConnect();
      const call: Call = { commands: commands.map(given), decide, reads };
      if (!db.isTransaction) return gather(call);
      // The transaction may yet be taken back: nothing of it is kept in memory.
      const [settled] = (await applyBatch(database, [call])).settled;
      if (settled && "output" in settled) return settled.output;
      throw settled?.error;
    },

    async findCommand(eventId) {
      const row = await read.selectFrom("etl_event").selectAll().where("event_id", "=", eventId).executeTakeFirst();
      return row && eventOf(row);
    },

    async eventsAfter(seq, limit) {
      const rows = await read
        .selectFrom("etl_event")
        .selectAll()
        .where("seq", ">", seq)
        .orderBy("seq")
        .limit(limit)
        .execute();
      return rows.map(eventOf);
    },

    async lastSeq() {
      const row = await read.selectFrom("log_position").select("seq").where("log", "=", "etl_event").executeTakeFirst();
      return row?.seq ?? 0;
    },
  };
}
