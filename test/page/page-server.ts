/** Serves the built page with an API of fixtures: real shapes, real filters, real headers, no workspace. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { fleetCounts } from "../../src/model/attention.ts";
import type { ApplyItem, JobRow, StatusView } from "../../src/model/view.ts";
import type { RunsGridView } from "../../src/model/view-runs.ts";
import { CalendarQuery } from "../../src/server/api/jobs-page.ts";
import { type ApplyAnswer, type ApplyEvent, JobsQuery, type LiveEvents, type PlanView } from "../../src/server/api.ts";
import { calendarOf } from "../../src/server/calendar.ts";
import { filterJobs } from "../../src/server/filter-jobs.ts";
import { SECURITY_HEADERS } from "../../src/server/security-headers.ts";
import { loadStatic } from "../../src/server/static.ts";
import { EMPTY_LINEAGE } from "./empty-lineage.ts";
import { changedLargeJob, largePlan } from "./large-plan.ts";
import { adoptPreview, controlTable, recentChanges, rollbackPlan } from "./retail-changes.ts";
import { type Fleet, fleetOf, HOST, NOW, RETAIL_ROWS } from "./retail-fleet.ts";
import { historyOf, jobView, largeJob, retailPlan } from "./retail-jobs.ts";

/** What the server is like. */
export interface World {
  fleet: Fleet;
  status: Partial<StatusView>;
  /** Every API request but events answers this. */
  failing: { status: number; code: string; title: string; detail: string; hint?: string } | null;
  /** Delay of every API answer in ms. */
  slow: number;
  signedIn: boolean;
  /** Rows of the control table; null: there is none. */
  tableRows: number | null;
  /** Whether anything was ever applied. */
  applied: boolean;
  /** Resource whose apply fails. */
  breaks: string | null;
  /** Pause between two jobs of an apply in ms. */
  applyStep: number;
  /** An apply that has begun this resource goes on when it is named no more. */
  waitsAt: string | null;
  /** Streams of events that are asked for wait until this is false. */
  lineWaits: boolean;
}

export interface PageServer {
  url: string;
  world: World;
  /** Sends an event to every page that listens. */
  emit<Name extends keyof LiveEvents>(name: Name, data: LiveEvents[Name]): void;
  /** Puts another row in the fleet and tells the pages. */
  moveRow(row: JobRow): void;
  /** Bodies of writes, oldest first. */
  writes: { path: string; body: unknown }[];
  close(): Promise<void>;
}

const ROOT = path.resolve(import.meta.dirname, "../..");

const initial = (): World => ({
  fleet: fleetOf(RETAIL_ROWS),
  status: {},
  failing: null,
  slow: 0,
  signedIn: true,
  applied: true,
  tableRows: null,
  breaks: null,
  applyStep: 120,
  waitsAt: null,
  lineWaits: false,
});

function statusOf(world: World): StatusView {
  return {
    version: "0.1.0",
    project: "retail",
    target: "prod",
    workspace: "prod",
    host: HOST,
    apply: true,
    storeReadOnly: false,
    timezone: "Europe/London",
    workspaceReachable: true,
    lastReadAt: new Date(NOW - 2_000).toISOString(),
    error: null,
    ...world.status,
  };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString("utf8");
  return text === "" ? {} : JSON.parse(text);
}

/** Starts on a free port. @throws Error where the page is not built */
export async function startPageServer(change: Partial<World> = {}): Promise<PageServer> {
  const files = await loadStatic(path.join(ROOT, "dist/web"));
  if (!files.built) throw new Error("dist/web is not built");
  const world: World = { ...initial(), ...change };
  const listeners = new Set<ServerResponse>();
  const plans = new Map<string, PlanView>();
  const applies = new Map<string, ApplyAnswer>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const writes: PageServer["writes"] = [];

  const emit: PageServer["emit"] = (name, data) => {
    for (const listener of listeners) listener.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const problem = (status: number, code: string, title: string, detail = "", hint?: string) => ({
    status,
    value: { type: `about:${code}`, title, status, detail, code, requestId: "r1", ...(hint ? { hint } : {}) },
  });
  const later = (ms: number, then: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      then();
    }, ms);
    timers.add(timer);
  };

  function tell(apply: ApplyAnswer, item: ApplyItem | null): void {
    const progress: ApplyEvent["progress"] = {
      total: apply.items.length,
      waiting: 0,
      running: 0,
      done: 0,
      failed: 0,
      skipped: 0,
    };
    for (const { state } of apply.items) progress[state] += 1;
    emit("apply", { id: apply.id, planId: apply.planId, state: apply.state, actor: apply.actor, item, progress });
  }

  function carry(apply: ApplyAnswer, at: number): void {
    const item = apply.items[at];
    if (item === undefined) {
      apply.state = apply.items.some(({ state }) => state === "failed") ? "failed" : "done";
      apply.endedAt = new Date(NOW + 4_000).toISOString();
      tell(apply, null);
      return;
    }
    if (item.state === "skipped") {
      carry(apply, at + 1);
      return;
    }
    item.state = "running";
    tell(apply, item);
    const finish = () => {
      if (world.waitsAt === item.resource) return later(world.applyStep, finish);
      const broken = item.resource === world.breaks;
      item.state = broken ? "failed" : "done";
      item.jobId ??= "913862000000000077";
      if (broken)
        item.error = {
          code: "forbidden",
          message: "ci@example.com may not change this job",
          hint: "Ask its owner for CAN_MANAGE, then run `headgate jobs apply` again.",
        };
      tell(apply, item);
      carry(apply, at + 1);
    };
    later(world.applyStep, finish);
  }

  function startApply(plan: PlanView, body: { resolutions?: Record<string, unknown> }): ApplyAnswer {
    const apply: ApplyAnswer = {
      id: `a${applies.size + 1}`,
      planId: plan.id,
      state: "running",
      startedAt: new Date(NOW).toISOString(),
      endedAt: null,
      actor: "anna@example.com",
      error: null,
      items: plan.changes
        .filter((each) => each.action !== "noop")
        .map((each) => ({
          resource: each.resource,
          action: each.action,
          state:
            each.held || body.resolutions?.[each.resource] === "leave" ? ("skipped" as const) : ("waiting" as const),
          jobId: each.jobId,
          error: null,
        })),
    };
    applies.set(apply.id, apply);
    later(world.applyStep, () => carry(apply, 0));
    return apply;
  }

  async function answer(
    method: string,
    url: URL,
    request: IncomingMessage,
  ): Promise<{ status: number; value: unknown }> {
    const route = url.pathname.slice("/api/v1".length);
    const [, room, id = "", verb] = route.split("/").map(decodeURIComponent);
    if (world.failing) {
      const { status, code, title, detail, hint } = world.failing;
      return problem(status, code, title, detail, hint);
    }
    const session = {
      actor: world.signedIn ? "anna@example.com" : "anonymous",
      scopes: world.signedIn ? ["read", "write", "apply"] : ["read"],
      via: world.signedIn ? "session" : "none",
      csrf: null,
      expiresAt: null,
    };
    if (method === "POST") {
      const body = (await bodyOf(request)) as {
        select?: string[];
        token?: string;
        resolutions?: Record<string, unknown>;
      };
      writes.push({ path: route, body });
      if (request.headers["content-type"] !== "application/json") return problem(415, "usage", "JSON only");
      if (room === "session") {
        if (body.token !== "good")
          return problem(401, "token_invalid", "This token is not known", "It may be revoked.");
        world.signedIn = true;
        return { status: 201, value: { ...session, actor: "anna@example.com", scopes: ["read", "write", "apply"] } };
      }
      if (!world.signedIn)
        return problem(
          401,
          "unauthorized",
          "Sign in first",
          "Writes need a session.",
          "Open the link that serve printed.",
        );
      if (room === "jobs" && verb === "rollback") {
        const { to } = body as { to?: number };
        const plan = rollbackPlan(`p${plans.size + 1}`, id, to);
        plans.set(plan.id, plan);
        return { status: 201, value: plan };
      }
      if (room === "plans" && id === "") {
        const id = `p${plans.size + 1}`;
        const plan = largePlan(id, body.select?.[0]) ?? retailPlan(id, body.select);
        plans.set(plan.id, plan);
        return { status: 201, value: plan };
      }
      const plan = plans.get(id);
      if (room === "plans" && verb === "apply" && plan) return { status: 202, value: startApply(plan, body) };
    }
    if (room === "lineage" && EMPTY_LINEAGE[id]) return { status: 200, value: EMPTY_LINEAGE[id] };
    if (room === "status") return { status: 200, value: statusOf(world) };
    if (room === "session") return { status: 200, value: session };
    if (room === "history")
      return {
        status: 200,
        value: world.applied
          ? recentChanges(world.fleet, Number(url.searchParams.get("limit") ?? 50))
          : { items: [], more: false, unseen: 0 },
      };
    if (room === "tables" && id === "")
      return { status: 200, value: { items: world.tableRows === null ? [] : [{ source: "control" }] } };
    if (room === "tables") return { status: 200, value: controlTable(world.tableRows ?? 0, url.searchParams) };
    if (room === "calendar") {
      const query = CalendarQuery.parse(Object.fromEntries(url.searchParams));
      return { status: 200, value: calendarOf(world.fleet, query, statusOf(world).timezone, NOW) };
    }
    if (room === "jobs" && verb === "adopt-preview") {
      const job = world.fleet.unmanaged.items.find((each) => each.jobId === id);
      return job
        ? { status: 200, value: adoptPreview(job) }
        : problem(404, "not_found", `no undeclared job is named '${id}'`);
    }
    if (room === "runs" && id === "grid") {
      const day = new Date(NOW).toISOString().slice(0, 10);
      const empty: RunsGridView = {
        asOf: new Date(NOW).toISOString(),
        from: day,
        to: day,
        count: 0,
        verdicts: {},
        items: [],
        next: null,
      };
      return { status: 200, value: empty };
    }
    if (room === "jobs" && id === "") {
      const query = JobsQuery.parse(Object.fromEntries(url.searchParams));
      const fleet = { ...world.fleet, counts: fleetCounts(world.fleet.items) };
      return { status: 200, value: filterJobs(fleet, query) };
    }
    if (room === "jobs") {
      const row = world.fleet.items.find((each) => each.resource === id);
      if (verb === "history") return { status: 200, value: { count: 3, items: historyOf(id), next: null } };
      const tasks = /^large_(\d+)$/.exec(id);
      const large = changedLargeJob(id);
      if (large) return { status: 200, value: large };
      if (tasks) return { status: 200, value: largeJob(id, Number(tasks[1])) };
      if (row) return { status: 200, value: jobView(row) };
      return problem(404, "not_found", `There is no job ${id}`, "", "Did you mean gl_post?");
    }
    const plan = plans.get(id);
    if (room === "plans" && plan) return { status: 200, value: plan };
    const apply = applies.get(id);
    if (room === "applies" && apply) return { status: 200, value: apply };
    return problem(404, "not_found", `There is no ${room?.replace(/s$/, "")} ${id}`);
  }

  function listen(response: ServerResponse): void {
    if (world.lineWaits) {
      later(50, () => listen(response));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    response.write(`event: hello\ndata: ${JSON.stringify({ version: "0.1.0", at: new Date(NOW).toISOString() })}\n\n`);
    listeners.add(response);
    response.on("close", () => listeners.delete(response));
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://page");
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    if (url.pathname === "/api/v1/events") return listen(response);
    if (url.pathname.startsWith("/api/")) {
      const { status, value } = await answer(request.method ?? "GET", url, request);
      later(world.slow, () => {
        response.writeHead(status, { "content-type": status < 400 ? "application/json" : "application/problem+json" });
        response.end(JSON.stringify(value));
      });
      return;
    }
    const file = await files.answer(url.pathname, new Request(url));
    response.writeHead(file?.status ?? 404, file ? Object.fromEntries(file.headers) : {});
    response.end(file ? Buffer.from(await file.arrayBuffer()) : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    world,
    writes,
    emit,
    moveRow(row) {
      const items = world.fleet.items.map((each) => (each.resource === row.resource ? row : each));
      world.fleet = { ...world.fleet, items };
      emit("fleet", {
        asOf: new Date(NOW).toISOString(),
        counts: fleetCounts(items),
        changed: [row.resource],
        more: false,
      });
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      for (const listener of listeners) listener.end();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
