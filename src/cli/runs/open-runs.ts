/** Opens the runs that the environment means: those of a server with HEADGATE_URL, else those of the project's own store. */
import path from "node:path";
import type { ProjectRuns, RunsRoom } from "../../app.ts";
import type { RemoteRuns } from "../../client/remote-runs.ts";
import { ERROR_CODES, type ErrorCode, HeadgateError } from "../../errors.ts";
import { rememberSecret } from "../../util/redact.ts";
import type { CliContext } from "../context.ts";
import type { Style } from "../print/style.ts";
import { openOptions } from "../project.ts";

/** What the verbs of runs ask for; the room of a project and that of a server both have it. */
export type AnyRuns = Omit<RemoteRuns, "view" | "causes">;

/** Open runs. */
export interface OpenRuns {
  runs: AnyRuns;
  /** Why a run is red, or waits. */
  causes: RemoteRuns["causes"];
  /** Registers files in one transaction; only where the store is open here. */
  registerFiles?: RunsRoom["registerFiles"];
  style: Style;
  /** UTC text. */
  now: string;
}

/** The runs of the project's own store. @throws HeadgateError `not_found` without a project */
async function openLocal(context: CliContext): Promise<ProjectRuns> {
  const { openProjectRuns } = await import("../../app.ts");
  return openProjectRuns(openOptions(context));
}

/** The error of a server as one of ours: the same code where it is one we know, with its exit code. */
export function asHeadgateError(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== "HeadgateServerError") return error;
  const { status, code, hint, data } = error as Error & {
    status: number;
    code: string;
    hint?: string;
    data?: Record<string, unknown>;
  };
  const byStatus: ErrorCode =
    status === 0 || status >= 500
      ? "unavailable"
      : status === 401
        ? "unauthorized"
        : status === 403
          ? "forbidden"
          : "input_invalid";
  const ours = Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : byStatus;
  return new HeadgateError(ours, error.message, { hint, data, cause: error });
}

/** The token for a server: HEADGATE_TOKEN, else that of the server that this project itself runs at this address. */
async function tokenFor(context: CliContext, url: string): Promise<string | undefined> {
  const given = context.env.HEADGATE_TOKEN;
  if (given) return given;
  const { ownServer } = await import("../../app.ts");
  const own = await ownServer(context.globals.dir ?? context.cwd);
  return own !== undefined && new URL(own.url).origin === new URL(url).origin ? own.token : undefined;
}

/** Address and token of the server that HEADGATE_URL names; undefined where it names none. @throws HeadgateError `usage` */
export async function serverOf(context: CliContext): Promise<{ url: string; token: string | undefined } | undefined> {
  const url = context.env.HEADGATE_URL?.trim();
  if (!url) return undefined;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new HeadgateError("usage", `HEADGATE_URL is no address: ${url}`, {
      hint: "write it like http://127.0.0.1:4600",
    });
  }
  const token = await tokenFor(context, url);
  if (token !== undefined) rememberSecret(token);
  return { url, token };
}

async function openRemote(server: { url: string; token: string | undefined }): Promise<RemoteRuns> {
  const { createCall } = await import("../../client/http.ts");
  const { remoteRuns } = await import("../../client/remote-runs.ts");
  const call = createCall({ ...server, token: server.token ?? "", timeoutMs: 30_000 });
  return remoteRuns(async (method, way, options) => {
    try {
      return await call(method, way, options);
    } catch (error) {
      throw asHeadgateError(error);
    }
  });
}

/** Opens the runs, hands them to `use`, and closes them whatever happens. */
export async function withRuns(context: CliContext, use: (open: OpenRuns) => Promise<number>): Promise<number> {
  const now = new Date(context.now()).toISOString();
  const server = await serverOf(context);
  if (server !== undefined) {
    const runs = await openRemote(server);
    return use({ runs, causes: runs.causes, style: context.style, now });
  }
  const project = await openLocal(context);
  try {
    return await use({
      runs: project.runs,
      causes: project.causes,
      registerFiles: project.runs.registerFiles,
      style: { ...context.style, timezone: project.config.runs.timezone },
      now,
    });
  } finally {
    await project.close();
  }
}

/** Opens the runs of the project's own store, for what a server is not asked for. */
export async function withLocalRuns(
  context: CliContext,
  verb: string,
  use: (open: ProjectRuns) => Promise<number>,
): Promise<number> {
  if (context.env.HEADGATE_URL) {
    context.log.warn(`runs ${verb} works on the store of the project here, not on HEADGATE_URL`);
  }
  const project = await openLocal(context);
  try {
    return await use(project);
  } finally {
    await project.close();
  }
}

/** A file or pattern as given, from the folder the command was given in. */
export function fromHere(context: CliContext, given: string): string {
  return path.isAbsolute(given) ? given : path.join(context.cwd, given);
}
