/** POST and GET /plans, POST /jobs/{resource}/rollback, POST /plans/{id}/apply, GET /applies/{id}: make a plan, look at it, carry it out, follow it. */
import { HeadgateError } from "../../errors.ts";
import type { Plan } from "../../model/plan.ts";
import { API_BASE, type PlanEvent } from "../api.ts";
import type { Applies } from "../applies.ts";
import type { Handlers } from "../handler.ts";
import { newId } from "../new-id.ts";
import { planView } from "../plan-view.ts";
import { Refusal } from "../problem.ts";
import { resolveConflicts } from "../resolve-conflicts.ts";
import type { SavedPlan, ServerDeps, ServerSettings } from "../server-deps.ts";

function missing(what: "plan" | "apply", id: string): HeadgateError {
  return new HeadgateError("not_found", `There is no ${what} ${id}`, {
    hint: what === "plan" ? `POST ${API_BASE}/plans makes one.` : "Its id is in the answer to POST /plans/{id}/apply.",
    permanent: true,
  });
}

/** Handlers of plans and applies. `onPlan` is told of every new plan. */
export function plansRoutes(
  deps: ServerDeps,
  settings: ServerSettings,
  applies: Applies,
  onPlan: (event: PlanEvent) => void,
): Pick<Handlers, "createPlan" | "planRollback" | "getPlan" | "applyPlan" | "getApply"> {
  const { jobs, store, clock, info } = deps;

  async function find(id: string): Promise<SavedPlan> {
    const saved = await store.jobs.findPlan(id);
    if (saved === undefined) throw missing("plan", id);
    return saved;
  }

  async function keep(plan: Plan, actor: string) {
    const saved: SavedPlan = { id: newId(clock.now()), actor, plan };
    await store.jobs.savePlan(saved);
    onPlan({ id: saved.id, actor: saved.actor, madeAt: plan.madeAt, summary: plan.summary });
    return {
      value: planView(saved.id, saved.actor, plan),
      headers: { location: `${API_BASE}/plans/${saved.id}` },
      subject: `plans/${saved.id}`,
    };
  }

  return {
    async createPlan({ body, principal, signal }) {
      return keep(await jobs.plan({ select: body.select, signal: signal() }), principal.actor);
    },
    async planRollback({ params, body, principal, signal }) {
      return keep(await jobs.planRollback(params.resource, { to: body.to, signal: signal() }), principal.actor);
    },
    async getPlan({ params }) {
      const { id, actor, plan } = await find(params.id);
      return { value: planView(id, actor, plan) };
    },
    async applyPlan({ params, body, principal, address, requestId }) {
      if (settings.apply !== true) {
        throw new Refusal("apply_off", "This server does not apply plans.", {
          hint: "Run `headgate jobs apply`, or set server.apply: true in headgate.yaml.",
        });
      }
      const saved = await find(params.id);
      if (saved.plan.project !== info.project || saved.plan.target !== info.target) {
        throw new Refusal(
          "plan_mismatch",
          `The plan is for ${saved.plan.project}/${saved.plan.target}, this server for ${info.project}/${info.target}.`,
        );
      }
      const plan = resolveConflicts(saved.plan, body.resolutions ?? {});
      const apply = await applies.start(saved, plan, body, { principal, address, requestId });
      return {
        value: apply,
        headers: { location: `${API_BASE}/applies/${apply.id}` },
        subject: `plans/${saved.id}`,
      };
    },
    async getApply({ params }) {
      const apply = await applies.find(params.id);
      if (apply === undefined) throw missing("apply", params.id);
      return { value: apply };
    },
  };
}
