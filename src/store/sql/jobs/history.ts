/** Former definitions in SQL. */
import type { HistoryEntry } from "../../../model/state.ts";
import { formatWireJson, parseJson } from "../../../util/int64-json.ts";
import { type Database, inTransaction } from "../../database.ts";
import type { JobStore } from "../../jobs.ts";
import { ownerOf } from "./owner.ts";

/** The part of the jobs door about history. */
export function sqlHistory(database: Database): Pick<JobStore, "addHistory" | "listHistory"> {
  return {
    async addHistory(deployment, entries) {
      const rows = entries.map((entry) => ({
        ...ownerOf(deployment),
        resource: entry.resource,
        serial: entry.serial,
        at: entry.at,
        actor: entry.actor,
        commit_sha: entry.commit,
        action: entry.action,
        job_id: entry.jobId,
        settings: entry.settings && formatWireJson(entry.settings),
      }));
      await inTransaction(database, async ({ db }) => {
        for (let from = 0; from < rows.length; from += 500) {
          await db
            .insertInto("jobs_history")
            .values(rows.slice(from, from + 500))
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        }
      });
    },

    async listHistory(deployment, resource, limit = 100) {
      const owner = ownerOf(deployment);
      const rows = await database.read
        .selectFrom("jobs_history")
        .selectAll()
        .where("project", "=", owner.project)
        .where("target", "=", owner.target)
        .where("workspace_id", "=", owner.workspace_id)
        .where("user_name", "=", owner.user_name)
        .where("resource", "=", resource)
        .orderBy("serial", "desc")
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        resource: row.resource,
        serial: row.serial,
        at: row.at,
        actor: row.actor,
        commit: row.commit_sha,
        action: row.action,
        jobId: row.job_id,
        settings: row.settings === null ? null : (parseJson(row.settings) as HistoryEntry["settings"]),
      }));
    },
  };
}
