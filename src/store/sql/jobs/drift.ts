/** Drift over time, and the fleet as last seen, in SQL. */
import { createHash, randomUUID } from "node:crypto";
import type { FleetView } from "../../../model/view.ts";
import { formatWireJson, parseJson } from "../../../util/int64-json.ts";
import { redact } from "../../../util/redact.ts";
import { stableJson } from "../../../util/stable-json.ts";
import { type Database, inTransaction } from "../../database.ts";
import type { DriftFinding, DriftRow, JobStore } from "../../jobs.ts";
import type { JobsDrift } from "../../schema/jobs.ts";
import { ownerOf } from "./owner.ts";

function rowOf(row: JobsDrift): DriftRow {
  const { fields, reason } = parseJson(row.finding) as unknown as Pick<DriftFinding, "fields" | "reason">;
  return {
    id: row.id,
    resource: row.resource,
    jobId: row.job_id,
    fields,
    reason,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    resolvedAt: row.resolved_at,
  };
}

/** The part of the jobs door about drift and the fleet. */
export function sqlDrift(database: Database): Pick<JobStore, "recordDrift" | "listDrift" | "saveFleet" | "lastFleet"> {
  const { db, read } = database;
  return {
    async recordDrift(deployment, at, findings) {
      const owner = ownerOf(deployment);
      await inTransaction(database, async (within) => {
        let query = within.db
          .selectFrom("jobs_drift")
          .select(["id", "resource", "digest"])
          .where("project", "=", owner.project)
          .where("target", "=", owner.target)
          .where("workspace_id", "=", owner.workspace_id)
          .where("user_name", "=", owner.user_name)
          .where("resolved_at", "is", null);
        // Two looks at once must not both open the same finding.
        if (within.kind === "postgres") query = query.forUpdate();
        const open = new Map((await query.execute()).map((row) => [`${row.resource}\0${row.digest}`, row.id]));
        const standing: string[] = [];
        for (const finding of findings) {
          const text = redact(formatWireJson({ fields: finding.fields, reason: finding.reason }));
          const digest = createHash("sha256").update(stableJson(finding)).digest("hex").slice(0, 32);
          const id = open.get(`${finding.resource}\0${digest}`);
          if (id !== undefined) {
            standing.push(id);
            continue;
          }
          await within.db
            .insertInto("jobs_drift")
            .values({
              ...owner,
              id: randomUUID(),
              resource: finding.resource,
              job_id: finding.jobId,
              digest,
              finding: text,
              first_seen_at: at,
              last_seen_at: at,
              resolved_at: null,
            })
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        }
        const gone = [...open.values()].filter((id) => !standing.includes(id));
        if (standing.length > 0) {
          await within.db.updateTable("jobs_drift").set({ last_seen_at: at }).where("id", "in", standing).execute();
        }
        if (gone.length > 0) {
          await within.db.updateTable("jobs_drift").set({ resolved_at: at }).where("id", "in", gone).execute();
        }
      });
    },

    async listDrift(deployment, filter = {}) {
      const owner = ownerOf(deployment);
      let query = read
        .selectFrom("jobs_drift")
        .selectAll()
        .where("project", "=", owner.project)
        .where("target", "=", owner.target)
        .where("workspace_id", "=", owner.workspace_id)
        .where("user_name", "=", owner.user_name);
      if (filter.open) query = query.where("resolved_at", "is", null);
      if (filter.resource !== undefined) query = query.where("resource", "=", filter.resource);
      const rows = await query
        .orderBy("first_seen_at", "desc")
        .orderBy("resource")
        .limit(filter.limit ?? 100)
        .execute();
      return rows.map(rowOf);
    },

    async saveFleet(deployment, fleet) {
      const seen = { as_of: fleet.asOf, body: redact(formatWireJson(fleet)) };
      await db
        .insertInto("jobs_fleet")
        .values({ ...ownerOf(deployment), ...seen })
        .onConflict((conflict) =>
          conflict
            .columns(["project", "target", "workspace_id", "user_name"])
            .doUpdateSet(seen)
            // A slow reader must not put an older picture over a newer one.
            .where("jobs_fleet.as_of", "<=", fleet.asOf),
        )
        .execute();
    },

    async lastFleet(deployment) {
      const owner = ownerOf(deployment);
      const row = await read
        .selectFrom("jobs_fleet")
        .select("body")
        .where("project", "=", owner.project)
        .where("target", "=", owner.target)
        .where("workspace_id", "=", owner.workspace_id)
        .where("user_name", "=", owner.user_name)
        .executeTakeFirst();
      return row && (parseJson(row.body) as unknown as FleetView);
    },
  };
}
