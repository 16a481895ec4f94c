/** Starts a fake Databricks workspace. */

import { oauthRoutes } from "./auth/oauth.ts";
import { makeDirectory } from "./auth/principals.ts";
import { scimRoutes } from "./auth/scim.ts";
import { makeClock } from "./clock.ts";
import { type Control, makeControl } from "./control/control.ts";
import { controlRoutes } from "./control/routes.ts";
import { fileRoutes } from "./files/routes.ts";
import { makeFileTree } from "./files/tree.ts";
import { volumeRoutes } from "./files/volume-routes.ts";
import { directFetch } from "./http/direct-fetch.ts";
import { makeFaults } from "./http/faults.ts";
import { makeRequestLog } from "./http/request-log.ts";
import { type Hooks, listen, type RequestHook } from "./http/server.ts";
import { makeIds } from "./ids.ts";
import { makeJobBook } from "./jobs/book.ts";
import { permissionRoutes } from "./jobs/permission-routes.ts";
import { jobRoutes } from "./jobs/routes.ts";
import { type FakeDatabricksOptions, settle, type TaskBehaviour } from "./options.ts";
import { queryRoutes } from "./queries/routes.ts";
import { makeBehaviours, type StartingTask } from "./runs/behaviours.ts";
import { makeRunBook } from "./runs/book.ts";
import { makeEventQueue } from "./runs/event-queue.ts";
import { runRoutes } from "./runs/routes.ts";
import { makeStatementAnswers, type StatementHandler } from "./statements/answers.ts";
import { statementRoutes } from "./statements/routes.ts";
import { thingRoutes } from "./things/routes.ts";
import type { World } from "./world.ts";

/** Runs are kept for 60 days. */
const RUNS_KEPT_MS = 60 * 24 * 3600 * 1000;

/** A fake workspace that is running. */
export interface FakeDatabricks {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  url: string;
  /** A token of the first principal that has one. */
  token: string;
  control: Control;
  /** Sets what is called before a request takes effect (`before`) and after it, before the answer (`after`); both may wait. */
  hook(hooks: { before?: RequestHook; after?: RequestHook }): void;
  /** Sets a function that says how a task behaves before any rule does; undefined = ask the rules. */
  decide(decider: ((task: StartingTask) => TaskBehaviour | undefined) | undefined): void;
  /** Sets a function that answers SQL statements before any rule does; undefined = ask the rules. */
  onStatement(handler: StatementHandler | undefined): void;
  /** As the global `fetch`, of this workspace alone and without the network: for tests that send many requests. */
  fetch: typeof fetch;
  /** Stops listening and cuts all connections. */
  close(): Promise<void>;
}

/**
 * Starts a workspace on 127.0.0.1.
 * @throws Error when the port is taken
 * @example
 * const fake = await startFakeDatabricks({ listLagMs: 2_000 });
 * const jobs = await fetch(`${fake.url}/api/2.2/jobs/list`, { headers: { authorization: `Bearer ${fake.token}` } });
 * await fake.close();
 */
export async function startFakeDatabricks(options: FakeDatabricksOptions = {}): Promise<FakeDatabricks> {
  const settled = settle(options);
  const clock = makeClock(options.clock);
  const nextId = makeIds(settled.ids, settled.seed);
  let counter = 0;
  const world: World = {
    options: settled,
    clock,
    nextId,
    count: () => ++counter,
    directory: makeDirectory(settled.invalidTokenStatus),
    jobs: makeJobBook(clock.now, () => settled.listLagMs),
    runs: makeRunBook(
      makeEventQueue(),
      makeBehaviours(() => settled.defaultBehaviour),
      settled.maxRuns,
      () => clock.now() - RUNS_KEPT_MS,
    ),
    files: makeFileTree(clock.now, nextId),
    queries: new Map(),
    statements: new Map(),
    answers: makeStatementAnswers(clock.now),
    things: new Map(),
    faults: makeFaults(),
    log: makeRequestLog(settled.logSize),
    url: "",
  };
  const control = makeControl(world);
  for (const folder of ["/Users", "/Shared", "/Repos"]) world.files.makeFolder(folder, "admin");
  for (const principal of settled.principals) control.addPrincipal(principal);

  const hooks: Hooks = { before: undefined, after: undefined };
  const routes = [
    ...jobRoutes,
    ...permissionRoutes,
    ...runRoutes,
    ...fileRoutes,
    ...volumeRoutes,
    ...thingRoutes,
    ...queryRoutes,
    ...statementRoutes,
    ...scimRoutes,
    ...oauthRoutes,
    ...controlRoutes(control),
  ];
  const { server, url, respond } = await listen(world, routes, hooks);
  world.url = url;
  return {
    url,
    token: settled.principals.flatMap(({ tokens = [] }) => tokens)[0] ?? "",
    control,
    fetch: directFetch(respond),
    hook({ before, after }) {
      hooks.before = before;
      hooks.after = after;
    },
    decide: world.runs.behaviours.decide,
    onStatement: world.answers.handle,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
