/** Leases of running steps, and the life of our own servers, in SQL. */
import { sql } from "kysely";
import { utc } from "../../../util/clock.ts";
import { type Database, inTransaction } from "../../database.ts";
import type { RunStore } from "../../runs.ts";
import type { StepLease } from "../../schema/runs.ts";
import { NEVER } from "./write.ts";

/** A time during which no server of ours could take a heartbeat. UTC texts. */
export interface Gap {
  from: string;
  to: string;
}

/**
 * When a lease ends if no time in which nobody could renew it counts: its end, later by every gap between its last
 * heartbeat and that end. Overlapping gaps (of two servers) count once. Pure.
 */
export function effectiveEnd(beatAt: string, expiresAt: string, gaps: readonly Gap[]): string {
  let end = Date.parse(expiresAt);
  let covered = Date.parse(beatAt);
  const sorted = gaps
    .map((gap) => ({ from: Date.parse(gap.from), to: Date.parse(gap.to) }))
    .sort((a, b) => a.from - b.from);
  for (const gap of sorted) {
    const from = Math.max(gap.from, covered);
    // A gap after the (prolonged) end does not matter: the lease was over before.
    if (from >= end || gap.to <= from) continue;
    end += gap.to - from;
    covered = gap.to;
  }
  return utc(end);
}

/** The part of the runs door about leases. */
export function sqlLeases(
  database: Database,
): Pick<RunStore, "heartbeat" | "expiredLeases" | "serverBeat" | "serverGaps"> {
  const { db, read, clock } = database;

  async function gapsSince(since: string) {
    const rows = await read
      .selectFrom("server_gap")
      .selectAll()
      .where("to_at", ">=", since)
      .orderBy("from_at")
      .execute();
    return rows.map((row) => ({ server: row.server, from: row.from_at, to: row.to_at }));
  }

  const leaseOf = (row: StepLease) => ({
    projectCode: row.project_code,
    processLoad: row.process_load,
    processingDate: row.processing_date,
    executionId: row.execution_id,
    workflowId: row.workflow_id,
    taskId: row.task_id,
    attempt: row.attempt,
    number: row.number,
    holder: row.holder,
    grantedAt: row.granted_at,
    beatAt: row.beat_at,
  });

  return {
    async heartbeat(step, expiresAt) {
      const { numUpdatedRows } = await db
        .updateTable("step_lease")
        .set({
          beat_at: utc(clock.now()),
          // A heartbeat that comes late must not shorten the lease.
          expires_at: sql<string>`case when expires_at < ${expiresAt} then ${expiresAt} else expires_at end`,
        })
        .where("project_code", "=", step.projectCode)
        .where("process_load", "=", step.processLoad)
        .where("processing_date", "=", step.processingDate)
        .where("execution_id", "=", step.executionId)
        .where("workflow_id", "=", step.workflowId)
        .where("task_id", "=", step.taskId)
        .where("attempt", "=", step.attempt)
        .where("expires_at", "<", NEVER)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    async expiredLeases(now, limit = 1_000) {
      const rows = await read
        .selectFrom("step_lease")
        .selectAll()
        .where("expires_at", "<=", now)
        .orderBy("expires_at")
        .limit(limit)
        .execute();
      const earliest = rows.map((row) => row.beat_at).sort()[0] ?? now;
      const gaps = rows.length === 0 ? [] : await gapsSince(earliest);
      return rows
        .map((row) => ({ ...leaseOf(row), expiresAt: effectiveEnd(row.beat_at, row.expires_at, gaps) }))
        .filter((lease) => lease.expiresAt <= now);
    },

    async serverBeat(server, maxSilenceMs) {
      return inTransaction(database, async (within) => {
        const now = clock.now();
        const at = utc(now);
        const last = await within.db
          .selectFrom("server_beat")
          .selectAll()
          .where("server", "=", server)
          .executeTakeFirst();
        const silent = last !== undefined && now - Date.parse(last.beat_at) > maxSilenceMs;
        if (last && silent) {
          await within.db
            .insertInto("server_gap")
            .values({ server, from_at: last.beat_at, to_at: at })
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        }
        const unbrokenSince = last && !silent ? last.started_at : at;
        await within.db
          .insertInto("server_beat")
          .values({ server, started_at: unbrokenSince, beat_at: at })
          .onConflict((conflict) => conflict.column("server").doUpdateSet({ started_at: unbrokenSince, beat_at: at }))
          .execute();
        return { unbrokenSince };
      });
    },

    serverGaps: gapsSince,
  };
}
