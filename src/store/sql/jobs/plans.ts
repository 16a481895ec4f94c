/** Plans in SQL. */
import type { Plan } from "../../../model/plan.ts";
import { formatWireJson, parseJson } from "../../../util/int64-json.ts";
import type { Database } from "../../database.ts";
import type { JobStore } from "../../jobs.ts";
import { placeOf } from "./owner.ts";

/** The part of the jobs door about plans. */
export function sqlPlans({ db, read }: Database): Pick<JobStore, "savePlan" | "findPlan" | "listPlans"> {
  return {
    async savePlan({ id, actor, plan }) {
      await db
        .insertInto("jobs_plan")
        .values({
          id,
          actor,
          ...placeOf(plan),
          made_at: plan.madeAt,
          summary: JSON.stringify(plan.summary),
          body: formatWireJson(plan),
        })
        .onConflict((conflict) => conflict.column("id").doNothing())
        .execute();
    },

    async findPlan(id) {
      const row = await read.selectFrom("jobs_plan").selectAll().where("id", "=", id).executeTakeFirst();
      return row && { id, actor: row.actor, plan: parseJson(row.body) as unknown as Plan };
    },

    async listPlans(deployment, page = {}) {
      const place = placeOf(deployment);
      let query = read
        .selectFrom("jobs_plan")
        .select(["id", "actor", "made_at", "summary"])
        .where("project", "=", place.project)
        .where("target", "=", place.target)
        .where("workspace_id", "=", place.workspace_id);
      if (page.before !== undefined) query = query.where("made_at", "<", page.before);
      const rows = await query
        .orderBy("made_at", "desc")
        .orderBy("id", "desc")
        .limit(page.limit ?? 100)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        actor: row.actor,
        project: deployment.project,
        target: deployment.target,
        workspaceId: deployment.workspaceId,
        madeAt: row.made_at,
        summary: JSON.parse(row.summary) as Plan["summary"],
      }));
    },
  };
}
