/** Declaring the catalogue: what was new, what changed; each change is also kept in the log of commands. */
import { HeadgateError } from "../errors.ts";
import type { Parameter, Process, ProcessTask, Sequence } from "../model/process.ts";
import {
  type DeclaredProcess,
  ParameterDetails,
  ProcessDetails,
  SequenceDetails,
  TaskDetails,
} from "../model/registration.ts";
import { ProcessRef } from "../model/run-ref.ts";
import type { Declared, DeclareOptions, RunStore } from "../store/runs.ts";
import { nearest } from "../util/nearest.ts";
import { knownZones, zoneOf } from "../util/zone.ts";
import { checked } from "./check-request.ts";
import { commandOf } from "./command.ts";
import { valueFor } from "./process-calls.ts";
import type { RegisterContext, RunsRoom } from "./room.ts";
import type { RoomDeps } from "./room-deps.ts";
import { BUILT_IN_SEQUENCES } from "./sequences.ts";
import { readsOf, transition } from "./transition.ts";

/** Verbs of {@link RunsRoom} that declare. */
export type Registering = Pick<
  RunsRoom,
  "setup" | "registerSequence" | "registerProcess" | "registerTask" | "registerParameter" | "registerFiles"
>;

function processOf(deps: RoomDeps, ref: ProcessRef, given: ProcessDetails): Process {
  const details = checked(ProcessDetails, given);
  const timezone = details.timezone ?? deps.timezone;
  if (!zoneOf(timezone)) {
    const near = nearest(timezone, knownZones());
    throw new HeadgateError("input_invalid", `There is no time zone ${timezone}`, {
      hint: near ? `Did you mean ${near}?` : "Give an IANA name such as Europe/London.",
      permanent: true,
    });
  }
  return {
    ...checked(ProcessRef, ref),
    name: details.name ?? null,
    description: details.description ?? null,
    owner: details.owner ?? null,
    loadFrequency: details.loadFrequency ?? "D",
    timezone,
    deadline: details.deadline ? { ...details.deadline } : null,
    isActive: details.isActive ?? true,
  };
}

function taskOf(ref: ProcessRef, given: TaskDetails): ProcessTask {
  const details = checked(TaskDetails, given);
  return {
    ...checked(ProcessRef, ref),
    workflowId: details.workflowId,
    taskId: details.taskId,
    sequenceId: details.sequenceId,
    name: details.name,
    description: details.description ?? null,
    sourceType: details.sourceType ?? null,
    sourceIdentifier: details.sourceIdentifier ?? null,
    sourceSystemCode: details.sourceSystemCode ?? null,
    loadFrequency: details.loadFrequency ?? "D",
    mandatory: details.mandatory ?? true,
    expectedSeconds: details.expectedSeconds ?? null,
    owner: details.owner ?? null,
    expect: details.expect ?? null,
    fileNameMask: details.fileNameMask ?? null,
    fileExtension: details.fileExtension ?? null,
    inFilePath: details.inFilePath ?? null,
    outFilePath: details.outFilePath ?? null,
    isActive: details.isActive ?? true,
    discovered: false,
  };
}

function parameterOf(ref: ProcessRef, given: ParameterDetails): Parameter {
  const details = checked(ParameterDetails, given);
  return {
    ...checked(ProcessRef, ref),
    name: details.name,
    type: details.type,
    description: details.description ?? null,
    lookbackSeconds: details.lookbackSeconds ?? 0,
    value: valueFor(details, details.value ?? null),
  };
}

function sequenceOf(given: SequenceDetails): Sequence {
  const { sequenceId, sequenceCode, name, description, sortOrder, isActive } = checked(SequenceDetails, given);
  return {
    sequenceId,
    sequenceCode,
    name: name ?? null,
    description: description ?? null,
    sortOrder: sortOrder ?? sequenceId,
    isActive: isActive ?? true,
  };
}

/** The verbs. */
export function registering(deps: RoomDeps): Registering {
  /** Declares in one transaction, with what changed noted in the log. */
  async function declare(
    of: ProcessRef,
    context: RegisterContext,
    work: (runs: RunStore, options: DeclareOptions) => Promise<Declared[]>,
  ): Promise<Declared[]> {
    const actor = context.actor ?? deps.actor;
    const options: DeclareOptions = { actor, project: deps.project, insertOnly: context.insertOnly };
    return deps.store.transaction(async ({ runs }) => {
      const declared = await work(runs, options);
      const changed = declared.filter((one) => one.outcome !== "unchanged");
      if (changed.length > 0) {
        const told = changed.slice(0, 1_000).map(({ key, outcome, changes }) => ({ key, outcome, changes }));
        await runs.append([commandOf(deps, "CONFIG", of, { declared: told }, { actor })], transition, readsOf);
      }
      return declared;
    });
  }

  const first = ([one]: Declared[]): Declared => {
    if (!one) throw new Error("the store has not told what it declared");
    return one;
  };

  async function declareAll(runs: RunStore, processes: readonly DeclaredProcess[], options: DeclareOptions) {
    const { catalogue } = runs;
    const declared: Declared[] = [];
    for (const one of processes) {
      declared.push(...(await catalogue.declareProcesses([processOf(deps, refOf(one), one.details)], options)));
      const parameters = one.parameters.map((details) => parameterOf(refOf(one), details));
      declared.push(...(await catalogue.declareParameters(parameters, options)));
      const tasks = one.tasks.map((details) => taskOf(refOf(one), details));
      declared.push(...(await catalogue.declareTasks(tasks, options)));
    }
    return declared;
  }

  return {
    setup: (context = {}) =>
      declare(EVERYTHING, { ...context, insertOnly: true }, (runs, options) =>
        runs.catalogue.declareSequences(BUILT_IN_SEQUENCES, options),
      ),

    async registerSequence(details, context = {}) {
      const sequence = sequenceOf(details);
      return first(
        await declare(EVERYTHING, context, (runs, options) => runs.catalogue.declareSequences([sequence], options)),
      );
    },

    async registerProcess(projectCode, processLoad, details = {}, context = {}) {
      const process = processOf(deps, { projectCode, processLoad }, details);
      return first(
        await declare(process, context, (runs, options) => runs.catalogue.declareProcesses([process], options)),
      );
    },

    async registerTask(projectCode, processLoad, details, context = {}) {
      const task = taskOf({ projectCode, processLoad }, details);
      return first(await declare(task, context, (runs, options) => runs.catalogue.declareTasks([task], options)));
    },

    async registerParameter(projectCode, processLoad, details, context = {}) {
      const parameter = parameterOf({ projectCode, processLoad }, details);
      return first(
        await declare(parameter, context, (runs, options) => runs.catalogue.declareParameters([parameter], options)),
      );
    },

    async registerFiles(files, context = {}) {
      const { sequences, processes, problems } = await deps.readCatalogue(files);
      if (problems.some((problem) => problem.severity === "error")) return { declared: [], problems };
      const [one] = processes;
      const about = processes.length === 1 && one ? refOf(one) : EVERYTHING;
      const declared = await declare(about, context, async (runs, options) => [
        ...(await runs.catalogue.declareSequences(sequences.map(sequenceOf), options)),
        ...(await declareAll(runs, processes, options)),
      ]);
      return { declared, problems };
    },
  };
}

const refOf = ({ projectCode, processLoad }: ProcessRef): ProcessRef => ({ projectCode, processLoad });

/** What a change of the catalogue is about that concerns no one process. */
const EVERYTHING: ProcessRef = { projectCode: "*", processLoad: "*" };
