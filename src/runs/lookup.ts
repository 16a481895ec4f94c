/** Looks into the catalogue for a call: the process, the day it is about, the entry of a task. */
import { HeadgateError } from "../errors.ts";
import type { Parameter } from "../model/process.ts";
import { utc } from "../util/clock.ts";
import { nearest } from "../util/nearest.ts";
import { factsNow, type ProcessEntry, plannedTask } from "./catalogue.ts";
import { modeAt, processingDate } from "./mode.ts";
import type { RoomDeps } from "./room-deps.ts";
import type { Provision } from "./transition/payload.ts";
import { isInitiation, taskKey } from "./transition/steps.ts";

interface OfProcess {
  projectCode: string;
  processLoad: string;
}

/** A process. @throws HeadgateError `unknown_process` with the nearest name */
export async function findProcess({ store }: RoomDeps, { projectCode, processLoad }: OfProcess) {
  const [process] = await store.runs.catalogue.processes({ projectCode, processLoad });
  if (process) return process;
  const name = `${projectCode}/${processLoad}`;
  const all = (await store.runs.catalogue.processes()).map((one) => `${one.projectCode}/${one.processLoad}`);
  const near = nearest(name, all);
  throw new HeadgateError("unknown_process", `There is no process ${name}`, {
    hint: near ? `Did you mean ${near}?` : "Register it: processes/*.yml, headgate runs register.",
    permanent: true,
  });
}

/** All that the catalogue has of a process. @throws HeadgateError `unknown_process` */
export async function findEntry(deps: RoomDeps, of: OfProcess): Promise<ProcessEntry> {
  const { catalogue } = deps.store.runs;
  const process = await findProcess(deps, of);
  const [tasks, sequences, parameters] = await Promise.all([
    catalogue.tasks(of.projectCode, of.processLoad),
    catalogue.sequences(),
    catalogue.parameters(of.projectCode, of.processLoad),
  ]);
  return { process, tasks, sequences, parameters };
}

/** A parameter. @throws HeadgateError `unknown_process`, `unknown_parameter` with the nearest name */
export async function findParameter(deps: RoomDeps, of: OfProcess, name: string): Promise<Parameter> {
  const parameters = await deps.store.runs.catalogue.parameters(of.projectCode, of.processLoad);
  const found = parameters.find((one) => one.name === name);
  if (found) return found;
  await findProcess(deps, of);
  const near = nearest(
    name,
    parameters.map((one) => one.name),
  );
  throw new HeadgateError("unknown_parameter", `${of.projectCode}/${of.processLoad} has no parameter ${name}`, {
    hint: near ? `Did you mean ${near}?` : "Register it.",
    permanent: true,
  });
}

/** The processing date of a process where nobody names one. @throws HeadgateError `unknown_process` */
export async function defaultDay(deps: RoomDeps, of: OfProcess): Promise<string> {
  const { runs } = deps.store;
  const process = await findProcess(deps, of);
  const [parameters, mode] = await Promise.all([
    runs.catalogue.parameters(of.projectCode, of.processLoad),
    runs.mode(of.projectCode, of.processLoad),
  ]);
  return processingDate(parameters, mode, process.timezone, deps.clock.now());
}

/**
 * The day of a call: the one it names, else that of the run with its execution id (an end after midnight belongs to
 * the evening before), else the process's own.
 */
export async function dayOf(
  deps: RoomDeps,
  ref: OfProcess & { executionId: string; processingDate?: string | undefined },
): Promise<string> {
  if (ref.processingDate !== undefined) return ref.processingDate;
  const { projectCode, processLoad, executionId } = ref;
  const runs = await deps.store.runs.steps({ projectCode, processLoad, executionId, workflowId: 0, taskId: 0 });
  return runs.at(-1)?.processingDate ?? (await defaultDay(deps, ref));
}

/** What the catalogue has for a task that has no step yet. @throws HeadgateError `unknown_process` */
export async function provisionOf(
  deps: RoomDeps,
  ref: OfProcess & { workflowId: number; taskId: number },
  day: string,
): Promise<Provision> {
  const entry = await findEntry(deps, ref);
  const mode = await deps.store.runs.mode(ref.projectCode, ref.processLoad);
  const task = entry.tasks.find((one) => taskKey(one) === taskKey(ref) && !isInitiation(one));
  return {
    task: task ? plannedTask(entry, task, day) : null,
    facts: factsNow(entry, modeAt(mode, utc(deps.clock.now()))),
  };
}
