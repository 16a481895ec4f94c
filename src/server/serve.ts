/** Starts and stops the HTTP server: checks its settings, opens the port, prints nothing, leaves nothing behind. */
import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { createIdentify } from "../access/identify.ts";
import { SCOPES } from "../access/scope.ts";
import { removeServeToken, writeServeToken } from "../access/serve-token.ts";
import { createSessions } from "../access/session.ts";
import { newToken } from "../access/token.ts";
import { HeadgateError } from "../errors.ts";
import { utc } from "../util/clock.ts";
import { rememberSecret } from "../util/redact.ts";
import { createApplies } from "./applies.ts";
import { createAuditTally } from "./audit-tally.ts";
import { isLoopback } from "./authorize.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { startEventFolding } from "./fold-events.ts";
import { followRuns } from "./follow-runs.ts";
import { createHttpApp } from "./http-app.ts";
import { startLeader } from "./leader.ts";
import { hostNames, type Listen, listensOnLoopback, parseListen, urlHost } from "./listen.ts";
import { createLive, type LiveOptions } from "./live.ts";
import { jobsLoops } from "./loops/jobs.ts";
import { runsLoops } from "./loops/runs.ts";
import { createMetrics } from "./metrics.ts";
import { calendarRoutes } from "./routes/calendar.ts";
import { jobsRoutes } from "./routes/jobs.ts";
import { lineageRoutes } from "./routes/lineage.ts";
import { lineageEventRoutes } from "./routes/lineage-events.ts";
import { plansRoutes } from "./routes/plans.ts";
import { runsRoutes } from "./routes/runs.ts";
import { runsPageRoutes } from "./routes/runs-page.ts";
import { sessionRoutes } from "./routes/session.ts";
import { statusOf, statusRoutes } from "./routes/status.ts";
import { tablesRoutes } from "./routes/tables.ts";
import { takeoverRoutes } from "./routes/takeover.ts";
import type { AuthSettings, ServerDeps, ServerSettings } from "./server-deps.ts";
import { createServerLog } from "./server-log.ts";
import { loadStatic } from "./static.ts";
import { watchStore } from "./store-watch.ts";

export type { ServerDeps, ServerSettings } from "./server-deps.ts";

/** What {@link startServer} takes. */
export interface StartOptions {
  deps: ServerDeps;
  settings: ServerSettings;
  /** Pause between two readings of the workspace, milliseconds; a minute when absent. */
  intervalMs?: number | undefined;
  /** Pause between two readings of what ran, milliseconds; a minute when absent. */
  collectMs?: number | undefined;
  /** A leader that is killed is replaced after so long, milliseconds; 30 s when absent. */
  leaderLeaseMs?: number | undefined;
  /** Bytes a request body may have; 256 KiB when absent. */
  bodyLimit?: number | undefined;
  live?: LiveOptions | undefined;
  /** How long requests in flight may take when the server stops, milliseconds; 10 s when absent. */
  graceMs?: number | undefined;
}

/** A server that runs. */
export interface RunningServer {
  /** `http://127.0.0.1:4600`. */
  url: string;
  /** Signs a browser in once, within 10 minutes of the start. */
  loginUrl: string;
  /** The server's own token, as in the token file: for a caller in the same process. */
  token: string;
  /** Stops in order; repeating waits for the same end. */
  close(): Promise<void>;
}

/** Keys that come over an open line could be anybody's; from this machine itself nothing is in between. */
function isSafeIssuer(issuer: string): boolean {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  return url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
}

/** Refuses settings that would be unsafe, before anything is opened. */
function checkSettings(settings: ServerSettings, listen: Listen): void {
  const { auth } = settings;
  if (auth?.kind === "oidc" && !isSafeIssuer(auth.issuer)) {
    throw new HeadgateError("config_invalid", `server.auth.issuer is no https address: ${auth.issuer}`, {
      hint: "Write it as the tokens have it: https://login.microsoftonline.com/TENANT/v2.0",
      permanent: true,
    });
  }
  if (auth === undefined && !listensOnLoopback(listen)) {
    throw new HeadgateError("config_invalid", `Others can reach ${settings.listen}: server.auth is needed there`, {
      hint: "Set server.auth: { kind: token } in headgate.yaml, or listen on 127.0.0.1.",
      permanent: true,
    });
  }
}

/** Opens the port. @throws HeadgateError `usage` when it is taken or not ours to take */
function open(server: Server, listen: Listen): Promise<{ address: string; port: number }> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const where = `${listen.host ?? "*"}:${listen.port}`;
      const reasons: Record<string, string> = {
        EADDRINUSE: `Port ${listen.port} is in use at ${listen.host ?? "this machine"}`,
        EACCES: `This user may not listen on ${where}`,
        EADDRNOTAVAIL: `${listen.host} is no address of this machine`,
        ENOTFOUND: `There is no host ${listen.host}`,
      };
      const message = reasons[error.code ?? ""];
      if (message === undefined) return reject(error);
      reject(new HeadgateError("usage", message, { hint: "Choose another with --listen HOST:PORT.", cause: error }));
    });
    server.listen(listen.port, listen.host, () => {
      const address = server.address();
      if (address === null || typeof address === "string") return reject(new Error("The server has no address"));
      resolve({ address: address.address, port: address.port });
    });
  });
}

/** Waits for a promise, at most so long. @returns false when time was up first */
async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** How late a transition that another process wrote is told, milliseconds. */
const FOLLOW_MS = 1_000;

const proxyOf = (auth: AuthSettings | undefined) => (auth?.kind === "proxy-header" ? auth : undefined);

/**
 * Starts the server and the loop that reads the workspace.
 * @throws HeadgateError `config_invalid` for settings that are refused, `usage` when the port cannot be opened
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { deps, settings, graceMs = 10_000 } = options;
  const { clock, store, jobs } = deps;
  const listen = parseListen(settings.listen);
  checkSettings(settings, listen);
  const log = createServerLog({ level: deps.logLevel ?? "info", write: deps.writeLog });
  const stopping = new AbortController();
  const givingUp = new AbortController();
  const own = { token: newToken(), actor: deps.actor };
  rememberSecret(own.token);
  const sessions = createSessions(clock);
  const { auth } = settings;
  const identify = createIdentify({
    tokens: store.access,
    sessions,
    clock,
    own,
    proxy: proxyOf(auth),
    oidc: auth?.kind === "oidc" ? (await import("../access/oidc.ts")).createOidc(auth, clock) : undefined,
  });
  const live = createLive(options.live);
  const pages = await loadStatic(deps.webDir);
  let port = listen.port;

  const tally = (values: string[]) => {
    const counts: Record<string, number> = {};
    for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
    return counts;
  };
  let fleet: Fleet | undefined;
  const rows = () => fleet?.view?.items ?? [];
  const metrics = createMetrics({
    streams: () => live.streams,
    dropped: () => live.dropped,
    verdicts: () => tally(rows().map((row) => row.verdict.state)),
    differences: () => tally(rows().map((row) => row.difference.kind)),
    lastRead: () => (fleet?.readAt ?? 0) / 1_000,
    version: deps.info.version,
  });

  const app = { fetch: undefined as ReturnType<typeof createHttpApp>["fetch"] | undefined };
  const server = createAdaptorServer({
    // The port is opened first: until the rest is ready there is nothing to say.
    fetch: (request, env) => app.fetch?.(request, env) ?? new Response(null, { status: 503 }),
    overrideGlobalObjects: false,
    serverOptions: { headersTimeout: 15_000, requestTimeout: 60_000 },
  }) as Server;
  const bound = await open(server, listen).catch((error: unknown) => {
    live.close();
    throw error;
  });
  port = bound.port;
  if (listensOnLoopback(listen) && !isLoopback(bound.address) && settings.auth === undefined) {
    live.close();
    server.close();
    throw new HeadgateError("config_invalid", `${listen.host} is ${bound.address} here, which others can reach`, {
      hint: "Listen on 127.0.0.1, or set server.auth.",
      permanent: true,
    });
  }
  const url = `http://${urlHost(listen)}:${port}`;

  const storeWatch = watchStore(store, clock);
  let reachable: boolean | undefined;
  const started: Fleet = startFleet({
    read: (signal) => jobs.list({ signal }),
    clock,
    intervalMs: options.intervalMs ?? 60_000,
    onChange: (event) => live.publish("fleet", event),
    onRead({ error, durationMs }) {
      metrics.fleetRead(error === undefined, durationMs / 1_000);
      if (error !== undefined) log.warn({ err: error }, "the workspace could not be read");
      const now = error === undefined;
      if (now !== reachable && (reachable !== undefined || !now)) {
        live.publish("status", statusOf(deps, settings, started, storeWatch));
      }
      reachable = now;
    },
  });
  fleet = started;
  const { leading } = deps;
  const leader =
    leading === undefined
      ? undefined
      : startLeader({
          ...leading,
          clock,
          loops: [
            ...runsLoops({ ...leading, log }, options.collectMs ?? 60_000),
            ...jobsLoops(leading.watch, { log, onChange: () => void started.refresh() }),
          ],
          leaseMs: options.leaderLeaseMs,
          onLead: (fence) => log.info({ leads: fence !== undefined, fence }, "leading"),
          onError: (loop, error) => log.warn({ err: error, loop }, "a loop failed, and is tried again"),
        });
  const applies = createApplies(
    deps,
    log,
    (event) => live.publish("apply", event),
    (apply) => {
      metrics.applied(apply.state);
      void started.refresh();
    },
  );
  const follower = followRuns({
    log: store.runs,
    clock,
    intervalMs: FOLLOW_MS,
    onEvent: (event) => live.publish("run", event),
    onError: (error) => log.warn({ err: error }, "the log of runs could not be read"),
  });
  const folding = startEventFolding({
    fold: (signal) => deps.events.fold(signal),
    clock,
    onError: (error) => log.warn({ err: error }, "events could not be brought into the graph"),
  });
  const eventAudit = createAuditTally(store.access, clock, (error) =>
    log.warn({ err: error }, "a count of events could not be audited"),
  );
  const byToken = (token: string) =>
    identify({ authorization: `Bearer ${token}`, session: undefined, address: "", header: () => undefined });
  app.fetch = createHttpApp({
    deps,
    settings,
    log,
    live,
    fleet: started,
    applies,
    metrics,
    sessions,
    pages,
    identify,
    hosts: hostNames(listen, settings.allowedHosts ?? []),
    bodyLimit: options.bodyLimit ?? 256 * 1024,
    loopbackOnly: isLoopback(bound.address),
    cookieName: () => `headgate_session_${port}`,
    runsMoved: follower.look,
    stopping: stopping.signal,
    givingUp: givingUp.signal,
    handlers: {
      ...statusRoutes(deps, settings, started, storeWatch),
      ...sessionRoutes(sessions, byToken),
      ...jobsRoutes(jobs, started),
      ...calendarRoutes(deps, started),
      ...takeoverRoutes(jobs),
      ...tablesRoutes(deps, settings),
      ...plansRoutes(deps, settings, applies, (event) => live.publish("plan", event)),
      ...lineageEventRoutes(deps.events, eventAudit, folding.kept),
      ...lineageRoutes(deps.lineage),
      ...runsRoutes(deps.runs, follower.look, deps.causes),
      ...runsPageRoutes(deps),
    },
  }).fetch;

  if (deps.tokenFile !== undefined) {
    await writeServeToken(deps.tokenFile, {
      url,
      token: own.token,
      pid: process.pid,
      startedAt: utc(clock.now()),
    });
  }
  log.info({ url, loopbackOnly: isLoopback(bound.address), apply: settings.apply === true }, "serving");

  async function stop(): Promise<void> {
    stopping.abort();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    live.close();
    // A change of a job that was sent must be seen to its end, however long the service takes.
    await applies.stop();
    if (
      !(await within(graceMs, Promise.all([closed, started.stop(), follower.stop(), folding.stop(), leader?.stop()])))
    ) {
      log.warn("requests did not end in time");
      givingUp.abort(new HeadgateError("interrupted", "The server stopped", { permanent: false }));
      server.closeAllConnections();
    }
    await eventAudit.close().catch((error: unknown) => {
      log.warn({ err: error }, "a count of events could not be audited");
    });
    if (deps.tokenFile !== undefined) await removeServeToken(deps.tokenFile, own.token);
    log.info("stopped");
  }
  let ended: Promise<void> | undefined;

  return {
    url,
    loginUrl: `${url}/login?code=${sessions.newCode({ actor: deps.actor, scopes: SCOPES })}`,
    token: own.token,
    close() {
      ended ??= stop();
      return ended;
    },
  };
}
