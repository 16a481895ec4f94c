/** Serves the page of the demo and keeps the schedules going, until it is told to stop. */
import { createServer } from "node:net";
import { join } from "node:path";
import type { Headgate } from "../app.ts";
import { HeadgateError } from "../errors.ts";
import { type RunningServer, startServer } from "../server/serve.ts";
import { VERSION } from "../util/version.ts";
import { inPackage } from "./package-files.ts";
import { makeScheduler } from "./schedule.ts";
import { DEPLOYER, type DemoWorkspace } from "./workspace.ts";

const HOST = "127.0.0.1";
/** First port that is tried where none was asked for. */
const FIRST_PORT = 4600;
const MOST_PORTS = 50;
const TICK_MS = 5_000;

const inUse = (error: unknown) =>
  error instanceof HeadgateError && (error.cause as NodeJS.ErrnoException | undefined)?.code === "EADDRINUSE";

const taken = (port: number, cause: unknown) =>
  new HeadgateError("usage", `port ${port} is in use on this machine`, {
    hint: "choose another with --port, or leave it out: then a free one is taken",
    cause,
  });

/**
 * Looks whether a port can be had, so that nobody waits for the demo only to hear that it cannot.
 * @throws HeadgateError `usage` when it is in use
 */
export function checkPort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? taken(port, error) : error),
    );
    probe.listen(port, HOST, () => probe.close(() => resolve()));
  });
}

/**
 * Starts the server of a project on a port of this machine.
 * @param port undefined: 4600, or the next that is free
 * @throws HeadgateError `usage` when the port that was asked for is in use
 */
export async function servePage(
  headgate: Headgate,
  options: { port: number | undefined; clock: DemoWorkspace["clock"]; writeLog: (line: string) => void },
): Promise<RunningServer> {
  const { config, jobs, runs, workspace, workspaceName, timezone } = headgate;
  const store = await headgate.store();
  const start = async (port: number) =>
    startServer({
      deps: {
        jobs,
        runs,
        causes: headgate.causes,
        events: headgate.events,
        lineage: headgate.lineage,
        store,
        leading: await headgate.leading(),
        clock: options.clock,
        info: {
          version: VERSION,
          project: config.project,
          target: config.target.name,
          workspace: workspaceName,
          host: workspace.host,
          timezone,
        },
        actor: DEPLOYER,
        webDir: inPackage("dist/web"),
        tokenFile: join(config.dir, ".headgate", "serve-token"),
        writeLog: options.writeLog,
        logLevel: "warn",
      },
      settings: { listen: `${HOST}:${port}`, apply: config.server.apply },
      intervalMs: TICK_MS,
    });
  for (let port = options.port ?? FIRST_PORT; ; port++) {
    try {
      return await start(port);
    } catch (error) {
      if (!inUse(error)) throw error;
      if (options.port !== undefined) throw taken(port, error);
      if (port >= FIRST_PORT + MOST_PORTS) throw error;
    }
  }
}

/**
 * Starts runs by the schedules of the workspace from now on.
 * @param behindMs how long the workspace's clock has stood still: it is put right first
 * @returns the end of it
 */
export function keepSchedules({ fake }: DemoWorkspace, behindMs: number): () => void {
  const scheduler = makeScheduler(fake, fake.control.clock().now);
  // A tick ahead, so that each run starts on its second.
  const tick = () => scheduler.until(fake.control.clock().now + TICK_MS);
  fake.control.clock({ advance: behindMs, speed: 1 });
  tick();
  const timer = setInterval(tick, TICK_MS);
  return () => clearInterval(timer);
}
