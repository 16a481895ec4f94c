/** `headgate demo`: a lakehouse on this machine, from nothing to a page that shows a week of it. */
import { relative } from "node:path";
import { type Headgate, openHeadgate } from "../app.ts";
import { HeadgateError } from "../errors.ts";
import { utc } from "../util/clock.ts";
import { chooseFolder, type DemoFolder, writeProject } from "./folder.ts";
import { leaveLogs, readLogs } from "./lineage.ts";
import { checkPort, keepSchedules, servePage } from "./page.ts";
import { collectRuns, judgeProcesses } from "./runs.ts";
import {
  count,
  dayName,
  driftLines,
  goOnLines,
  lineageLines,
  needLines,
  planLine,
  processLines,
  runsLine,
} from "./story.ts";
import { type DemoSummary, summarise } from "./summary.ts";
import { passWeek, WEEK } from "./week.ts";
import { COLLEAGUE, DEPLOYER, type DemoWorkspace, startWorkspace } from "./workspace.ts";

export type { DemoSummary } from "./summary.ts";

/** The job that a colleague pauses. */
const PAUSED = "marketing_attribution";
/** Time for the deployment, before the week begins. */
const BEFORE = 60_000;
const SEED = 20;

/** What {@link runDemo} takes. */
export interface DemoOptions {
  /** Folder for the project. Default: `headgate-demo` in `cwd`, or `headgate-demo-2`, … where that is not free. */
  dir?: string | undefined;
  cwd: string;
  /** Port of the page on 127.0.0.1. Default: 4600, or the next that is free. */
  port?: number | undefined;
  /** End with the summary instead of serving the page. */
  headless: boolean;
  /** Ends the demo: before the page is served as an interruption, afterwards in order. */
  signal: AbortSignal;
  /** Takes the story, a line at a time, without its line feed. */
  write: (line: string) => void;
  /** Takes warnings and errors of the server, whole lines. Default: nothing takes them. */
  writeLog?: ((line: string) => void) | undefined;
  /** When the week ends, milliseconds since 1970 UTC. Default: now. */
  now?: number | undefined;
  /** Called once the page is served. */
  onServing?: ((page: { url: string; loginUrl: string; dir: string; summary: DemoSummary }) => void) | undefined;
}

/** Plans and applies for the first time. @returns how many jobs were made, and the plan that follows */
async function deploy({ jobs }: Headgate, { write, signal }: DemoOptions) {
  const first = await jobs.plan({ signal });
  write(`Plan: ${planLine(first)}.`);
  const report = await jobs.apply(first, { firstDeploy: true, signal });
  signal.throwIfAborted();
  if (report.exitCode !== 0) {
    const failed = report.items.find((item) => item.error !== null);
    throw new HeadgateError("partly_failed", `the demo could not deploy ${failed?.resource ?? "its jobs"}`, {
      hint: failed?.error?.message ?? report.error,
    });
  }
  const created = report.items.filter((item) => item.action === "create" && item.state === "done").length;
  const second = await jobs.plan({ signal });
  write(`Apply: ${count(created, "job")} created by ${DEPLOYER}. Planned again: ${planLine(second)}.`);
  return { created, second };
}

/** A colleague pauses a schedule in the workspace; drift and plan see it. */
async function edit({ jobs }: Headgate, { fake }: DemoWorkspace, { write, signal }: DemoOptions, jobId: string) {
  const { settings } = fake.control.job({ jobId });
  const schedule = { ...(settings.schedule as object), pause_status: "PAUSED" };
  fake.control.editJob({ jobId, settings: { schedule }, as: COLLEAGUE });
  write(`${COLLEAGUE} pauses "${settings.name}" in the workspace. headgate jobs drift:`);
  const drift = await jobs.drift({ signal });
  for (const line of driftLines(drift)) write(line);
  write(`Plan: ${planLine(await jobs.plan({ signal }))}.`);
}

/** The days of the week up to its end, UTC. */
const daysBefore = (end: number): string[] =>
  Array.from({ length: 8 }, (_, back) => utc(end - (7 - back) * (WEEK / 7)).slice(0, 10));

/** Everything up to the page. */
async function play(
  { headgate, workspace, project }: { headgate: Headgate; workspace: DemoWorkspace; project: DemoFolder },
  end: number,
  options: DemoOptions,
) {
  const { write, signal } = options;
  const { created, second } = await deploy(headgate, options);
  const since = workspace.clock.now();
  write("A week passes:");
  await passWeek(workspace.fake, {
    end,
    seed: SEED,
    signal,
    onDay: ({ until, started }) => write(`  ${dayName(until, headgate.timezone)}  ${count(started, "run")} started`),
  });
  const fleet = await headgate.jobs.list({ signal });
  const keys = new Map(second.changes.map(({ jobId, resource }) => [jobId, resource]));
  const collected = await collectRuns(headgate, since, signal);
  const left = await leaveLogs(workspace, project, {
    end,
    seed: SEED,
    workspaceId: await headgate.workspace.workspaceId(),
    keyOf: (jobId) => keys.get(jobId),
  });
  const lineage = await readLogs(headgate, project, left, signal);
  const summary = await summarise(headgate, { created, second, fleet, since, lineage });
  write(`${runsLine(summary)}. What needs you now:`);
  for (const line of needLines(fleet.items)) write(line);
  for (const line of processLines(collected, await judgeProcesses(headgate, daysBefore(end)))) write(line);
  for (const line of lineageLines(lineage)) write(line);
  const jobId = second.changes.find((change) => change.resource === PAUSED)?.jobId;
  if (!jobId) throw new Error(`the example has no job ${PAUSED}`);
  await edit(headgate, workspace, options, jobId);
  return summary;
}

/** Serves until the signal. @param sinceEnd milliseconds since the end of the week */
async function serve(
  { headgate, workspace, sinceEnd }: { headgate: Headgate; workspace: DemoWorkspace; sinceEnd: () => number },
  summary: DemoSummary,
  options: DemoOptions,
) {
  const { signal, write, port, writeLog = () => undefined } = options;
  const page = await servePage(headgate, { port, clock: workspace.clock, writeLog });
  const stop = keepSchedules(workspace, sinceEnd());
  try {
    const dir = headgate.config.dir;
    for (const line of goOnLines(relative(options.cwd, dir) || ".", page.loginUrl)) write(line);
    options.onServing?.({ url: page.url, loginUrl: page.loginUrl, dir, summary });
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  } finally {
    stop();
    await page.close();
  }
}

/**
 * Plays the demo. Everything it starts is stopped when it ends, whatever happens; the project folder stays.
 * @returns what happened, once all is over
 * @throws HeadgateError `input_invalid` for a folder that is not ours to write, `usage` for a port in use,
 * `interrupted` when the signal ends it before the page is served
 */
export async function runDemo(options: DemoOptions): Promise<DemoSummary> {
  const { write, signal, cwd } = options;
  signal.throwIfAborted();
  if (!options.headless && options.port !== undefined) await checkPort(options.port);
  const folder = chooseFolder(cwd, options.dir);
  const end = options.now ?? Date.now();
  const began = performance.now();
  const sinceEnd = () => performance.now() - began;
  const workspace = await startWorkspace(end - WEEK - BEFORE);
  let project: DemoFolder | undefined;
  let headgate: Headgate | undefined;
  try {
    project = writeProject(folder, workspace.fake);
    const shown = relative(cwd, folder) || ".";
    write(`A lakehouse for a demo: project retail in ${shown}, a fake Databricks workspace at ${workspace.fake.url}`);
    headgate = await openHeadgate({
      dir: folder,
      exact: true,
      // What the shell sets for real projects is not meant for this one.
      env: { DATABRICKS_RATE_LIMIT: "1000" },
      clock: workspace.clock,
    });
    const summary = await play({ headgate, workspace, project }, end, options);
    signal.throwIfAborted();
    if (!options.headless) await serve({ headgate, workspace, sinceEnd }, summary, options);
    else write(`Done. Without --headless the page is served, and the workspace stays for your own commands.`);
    return summary;
  } finally {
    await headgate?.close();
    await workspace.fake.close();
    project?.leave();
  }
}
