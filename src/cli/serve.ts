/** `headgate serve`: serves API and page for one target until it is told to stop. */
import { userInfo } from "node:os";
import path from "node:path";
import { inPackage } from "../demo/package-files.ts";
import { startServer } from "../server/serve.ts";
import { systemClock } from "../util/clock.ts";
import { formatJson } from "../util/int64-json.ts";
import { VERSION } from "../util/version.ts";
import { answer, type CliContext } from "./context.ts";
import { paint } from "./print/style.ts";
import { type Project, withProject } from "./project.ts";
import { exitCodeAfterServing, untilStopped } from "./serving.ts";

export interface ServeFlags {
  listen?: string;
}

/** Databricks Apps names the user in this header; a proxy elsewhere is trusted only where it says so itself. */
const PROXY_HEADER = "X-Forwarded-Email";
const LOOPBACK = ["127.0.0.1", "::1"];

/** `server:` of the config with what the server wants to know of a proxy. */
function settingsOf(server: Project["config"]["server"]): Parameters<typeof startServer>[0]["settings"] {
  const { auth, ...rest } = server;
  if (auth?.kind !== "proxy-header") return { ...rest, auth };
  return { ...rest, auth: { kind: auth.kind, header: auth.header ?? PROXY_HEADER, trusted: auth.trusted ?? LOOPBACK } };
}

export default function serve(context: CliContext, flags: ServeFlags): Promise<number> {
  return withProject(context, async (project) => {
    const { config, jobs, runs, workspace, workspaceName, timezone, style } = project;
    const server = await startServer({
      deps: {
        jobs,
        runs,
        causes: project.causes,
        events: project.events,
        lineage: project.lineage,
        store: await project.store(),
        leading: await project.leading(),
        clock: systemClock,
        info: {
          version: VERSION,
          project: config.project,
          target: config.target.name,
          workspace: workspaceName,
          host: workspace.host,
          timezone,
        },
        actor: userInfo().username,
        webDir: inPackage("dist/web"),
        tokenFile: path.join(config.dir, ".headgate", "serve-token"),
        writeLog: (line) => context.stderr.write(line),
        logLevel: context.log.level,
      },
      settings: { ...settingsOf(config.server), listen: flags.listen ?? config.server.listen },
    });
    try {
      const { url, loginUrl } = server;
      answer(context, {
        text: () => `${paint(style, "strong", url)}\nsign in once, within 10 minutes: ${loginUrl}`,
        json: () => formatJson({ url, loginUrl, pid: process.pid }),
      });
      await untilStopped(context.signal);
    } finally {
      await server.close();
    }
    return exitCodeAfterServing(context.signal);
  });
}
