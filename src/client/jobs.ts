/** The jobs of a server: the fleet, plans, applies. */
import type { Plan } from "../model/plan.ts";
import type { ApplyView, FleetView, HistoryItem, JobView, StatusView } from "../model/view.ts";
import { type Call, queryOf } from "./http.ts";

/** What `jobs` may be narrowed to; lists are joined by "or". */
export interface JobFilter {
  q?: string;
  verdict?: string[];
  difference?: string[];
  tag?: string[];
  source?: string[];
  limit?: number;
  cursor?: string;
}

/** What `apply` may be told. */
export interface ApplyWish {
  allowDelete?: number;
  firstDeploy?: boolean;
  allowBehind?: boolean;
  resolutions?: Record<string, "leave" | Record<string, "ours" | "theirs">>;
}

/** The part of a connected server about jobs. Every call throws `HeadgateServerError`. */
export interface ServerJobs {
  status(): Promise<StatusView>;
  jobs(filter?: JobFilter): Promise<FleetView>;
  job(resource: string): Promise<JobView>;
  history(resource: string): Promise<HistoryItem[]>;
  /** Makes a plan on the server. */
  plan(options?: { select?: string[] }): Promise<Plan & { id: string }>;
  /** A plan that was made before. */
  savedPlan(id: string): Promise<Plan & { id: string }>;
  /** Starts an apply; only where the server allows it. @returns its id */
  apply(planId: string, wish?: ApplyWish): Promise<string>;
  applied(id: string): Promise<ApplyView>;
  /** Asks once a second until an apply has ended, however it ended. */
  waitFor(applyId: string): Promise<ApplyView>;
}

const POLL_MS = 1_000;
const part = encodeURIComponent;

/** The jobs that a call reaches. */
export function serverJobs(call: Call): ServerJobs {
  const applied = (id: string) => call<ApplyView>("GET", `/applies/${part(id)}`);
  return {
    status: () => call("GET", "/status"),
    jobs: (filter = {}) => call("GET", `/jobs${queryOf(filter)}`),
    job: (resource) => call("GET", `/jobs/${part(resource)}`),
    history: async (resource) => (await call<{ items: HistoryItem[] }>("GET", `/jobs/${part(resource)}/history`)).items,
    plan: (wish = {}) => call("POST", "/plans", { body: wish }),
    savedPlan: (id) => call("GET", `/plans/${part(id)}`),
    apply: async (planId, wish = {}) =>
      (await call<{ id: string }>("POST", `/plans/${part(planId)}/apply`, { body: wish })).id,
    applied,
    async waitFor(applyId) {
      for (;;) {
        const apply = await applied(applyId);
        if (apply.state !== "running") return apply;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
  };
}
