/** `headgate look`: what runs in a workspace, read-only; without a project where host or profile is given. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { HeadgateError } from "../errors.ts";
import type { LookReport } from "../jobs/room.ts";
import { answer, type CliContext } from "./context.ts";
import { lookJson, lookText } from "./print/look.ts";
import { lookHtml } from "./print/look-html.ts";
import type { Style } from "./print/style.ts";
import { withProject } from "./project.ts";

export interface LookFlags {
  host?: string;
  profile?: string;
  html?: string;
}

function show(context: CliContext, style: Style, report: LookReport, html: string | undefined): number {
  if (html !== undefined) {
    const file = path.resolve(context.cwd, html);
    try {
      writeFileSync(file, lookHtml(report, style.timezone));
    } catch (error) {
      throw new HeadgateError("input_invalid", `${file} cannot be written`, {
        hint: (error as Error).message,
        cause: error,
      });
    }
    context.log.info(`written to ${file}`);
  }
  answer(context, { text: () => lookText(style, report), json: () => lookJson(report) });
  return 0;
}

export default async function look(context: CliContext, flags: LookFlags): Promise<number> {
  const { host, profile, html } = flags;
  if (host === undefined && profile === undefined) {
    try {
      return await withProject(context, async ({ jobs, style }) => show(context, style, await jobs.look(), html));
    } catch (error) {
      // Without a project, the environment may name a workspace as it does for the official tools.
      const noProject =
        error instanceof HeadgateError && error.code === "not_found" && context.globals.dir === undefined;
      if (!noProject || !(context.env.DATABRICKS_HOST || context.env.DATABRICKS_CONFIG_PROFILE)) throw error;
    }
  }
  const { lookAround } = await import("../app.ts");
  const onWarning = (message: string) => context.log.warn(message);
  return show(context, context.style, await lookAround({ host, profile, env: context.env, onWarning }), html);
}
