/** Applies and their journal in SQL. */
import { HeadgateError } from "../../../errors.ts";
import type { ApplyItem } from "../../../model/view.ts";
import { utc } from "../../../util/clock.ts";
import { redact } from "../../../util/redact.ts";
import { stableJson } from "../../../util/stable-json.ts";
import { type Database, inTransaction } from "../../database.ts";
import type { ApplyJournalRow, JobStore, SavedApply } from "../../jobs.ts";
import type { JobsApply, JobsApplyItem } from "../../schema/jobs.ts";
import { placeOf } from "./owner.ts";

type Part = Pick<
  JobStore,
  "startApply" | "recordApplyItem" | "finishApply" | "saveApply" | "findApply" | "applyJournal" | "listApplies"
>;

const errorText = (error: ApplyItem["error"]): string | null => error && redact(JSON.stringify(error));
const errorOf = (text: string | null): ApplyItem["error"] => text && JSON.parse(text);

function headOf(row: JobsApply): Omit<SavedApply, "items"> {
  return {
    id: row.id,
    planId: row.plan_id,
    state: row.state as SavedApply["state"],
    startedAt: row.started_at,
    endedAt: row.ended_at,
    actor: row.actor,
    error: errorOf(row.error),
  };
}

function lineOf(row: JobsApplyItem): ApplyJournalRow {
  return {
    number: row.number,
    at: row.at,
    resource: row.resource,
    action: row.action,
    state: row.state as ApplyItem["state"],
    jobId: row.job_id,
    error: errorOf(row.error),
  };
}

/** Where each job has got to: its last line, in the order of the first ones. */
function lastLines(lines: readonly ApplyJournalRow[]): ApplyItem[] {
  const last = new Map<string, ApplyItem>();
  for (const { number: _number, at: _at, ...item } of lines) last.set(item.resource, item);
  return [...last.values()];
}

const unknownApply = (id: string) =>
  new HeadgateError("not_found", `There is no apply ${id}`, { hint: "It was never started here.", permanent: true });

/** The part of the jobs door about applies. */
export function sqlApplies(database: Database): Part {
  const { read, clock } = database;

  async function addLines(within: Database, applyId: string, items: readonly ApplyItem[]): Promise<void> {
    if (items.length === 0) return;
    // Counting on the apply's own row takes its lock, so that two writers never take the same number.
    const counted = await within.db
      .updateTable("jobs_apply")
      .set((eb) => ({ journal: eb("journal", "+", items.length) }))
      .where("id", "=", applyId)
      .returning("journal")
      .executeTakeFirst();
    if (!counted) throw unknownApply(applyId);
    const at = utc(clock.now());
    const rows = items.map((item, index) => ({
      apply_id: applyId,
      number: counted.journal - items.length + 1 + index,
      at,
      resource: item.resource,
      action: item.action,
      state: item.state,
      job_id: item.jobId,
      error: errorText(item.error),
    }));
    for (let from = 0; from < rows.length; from += 500) {
      await within.db
        .insertInto("jobs_apply_item")
        .values(rows.slice(from, from + 500))
        .execute();
    }
  }

  async function start(within: Database, apply: SavedApply): Promise<void> {
    const plan = await within.db
      .selectFrom("jobs_plan")
      .select(["project", "target", "workspace_id as workspaceId"])
      .where("id", "=", apply.planId)
      .executeTakeFirst();
    if (!plan) {
      throw new HeadgateError("not_found", `There is no plan ${apply.planId}`, {
        hint: "A plan is kept before it is applied; make it anew.",
        permanent: true,
      });
    }
    await within.db
      .insertInto("jobs_apply")
      .values({
        id: apply.id,
        plan_id: apply.planId,
        ...placeOf(plan),
        actor: apply.actor,
        state: apply.state,
        started_at: apply.startedAt,
        ended_at: apply.endedAt,
        error: errorText(apply.error),
        journal: 0,
      })
      .execute();
    await addLines(within, apply.id, apply.items);
  }

  async function finish(within: Database, id: string, end: Pick<SavedApply, "state" | "endedAt" | "error">) {
    const { numUpdatedRows } = await within.db
      .updateTable("jobs_apply")
      .set({ state: end.state, ended_at: end.endedAt, error: errorText(end.error) })
      .where("id", "=", id)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw unknownApply(id);
  }

  async function journal(within: Database, id: string): Promise<ApplyJournalRow[]> {
    const rows = await within.read
      .selectFrom("jobs_apply_item")
      .selectAll()
      .where("apply_id", "=", id)
      .orderBy("number")
      .execute();
    return rows.map(lineOf);
  }

  return {
    startApply: (apply) => inTransaction(database, (within) => start(within, apply)),
    recordApplyItem: (id, item) => inTransaction(database, (within) => addLines(within, id, [item])),
    finishApply: (id, end) => finish(database, id, end),
    applyJournal: (id) => journal(database, id),

    async saveApply(apply) {
      await inTransaction(database, async (within) => {
        const known = await within.db
          .selectFrom("jobs_apply")
          .select("id")
          .where("id", "=", apply.id)
          .executeTakeFirst();
        if (!known) return start(within, apply);
        const before = new Map(
          lastLines(await journal(within, apply.id)).map((item) => [item.resource, stableJson(item)]),
        );
        const kept = (item: ApplyItem) => stableJson({ ...item, error: errorOf(errorText(item.error)) });
        await addLines(
          within,
          apply.id,
          apply.items.filter((item) => before.get(item.resource) !== kept(item)),
        );
        await finish(within, apply.id, apply);
      });
    },

    async findApply(id) {
      const row = await read.selectFrom("jobs_apply").selectAll().where("id", "=", id).executeTakeFirst();
      return row && { ...headOf(row), items: lastLines(await journal(database, id)) };
    },

    async listApplies(deployment, page = {}) {
      const place = placeOf(deployment);
      let query = read
        .selectFrom("jobs_apply")
        .selectAll()
        .where("project", "=", place.project)
        .where("target", "=", place.target)
        .where("workspace_id", "=", place.workspace_id);
      if (page.before !== undefined) query = query.where("started_at", "<", page.before);
      const rows = await query
        .orderBy("started_at", "desc")
        .orderBy("id", "desc")
        .limit(page.limit ?? 100)
        .execute();
      return rows.map(headOf);
    },
  };
}
