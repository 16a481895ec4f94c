/** What the page asks the runs room: the grid, one run on a time axis, watermarks and what a rollback would do. */

import { HeadgateError } from "../errors.ts";
import type { RunCause } from "../model/view-runs.ts";
import { utc } from "../util/clock.ts";
import { dayAfter, daysBetween, processLine, taskLines } from "./grid.ts";
import { defaultDay, findEntry, findParameter, findProcess } from "./lookup.ts";
import { modeAt } from "./mode.ts";
import { processCalls } from "./process-calls.ts";
import { questions } from "./questions.ts";
import type { RunsRoom } from "./room.ts";
import type { RoomDeps } from "./room-deps.ts";
import { mayAdvance } from "./stage.ts";
import { timelineOf, usualOf } from "./timeline.ts";
import { rollbackView, watermarkView } from "./timeline-watermarks.ts";
import { judge } from "./verdict.ts";
import { dayIn } from "./watermark.ts";

/** Verbs of {@link RunsRoom} that the page asks. */
export type PageQuestions = Pick<RunsRoom, "grid" | "gridTasks" | "timeline" | "watermarks" | "previewRollback">;

const MANY = 100_000;
const DAYS = 28;
const MOST_DAYS = 1_100;
const PAGE = 50;
/** So far back former runs are looked at for how long a task takes. */
const FORMER_DAYS = 30;
const HISTORY = 200;

function range(asked: { from?: string | undefined; to?: string | undefined }, today: string) {
  const to = asked.to ?? (asked.from === undefined || asked.from <= today ? today : asked.from);
  const from = asked.from ?? dayAfter(to, 1 - DAYS);
  const days = daysBetween(from, to);
  if (days >= 1 && days <= MOST_DAYS) return { from, to };
  throw new HeadgateError("input_invalid", days < 1 ? `${from} lies after ${to}` : `${days} days are too many`, {
    hint: `Ask for 1 to ${MOST_DAYS} days.`,
    permanent: true,
  });
}

const fits = (text: string, needle: string): boolean =>
  needle
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.toLowerCase().includes(word));

/** The questions. */
export function pageQuestions(deps: RoomDeps): PageQuestions {
  const { runs } = deps.store;
  const { processes } = questions(deps);
  const calls = processCalls(deps);
  const today = () => dayIn(deps.timezone, deps.clock.now());

  return {
    async grid({ from: first, to: last, q = "", verdict = [], cursor = 0, limit = PAGE } = {}) {
      const { from, to } = range({ from: first, to: last }, today());
      // The day that is asked for is judged; without one, each process is on its own.
      const all = await processes(last === undefined ? {} : { processingDate: last });
      const verdicts: Record<string, number> = {};
      for (const health of all) verdicts[health.verdict] = (verdicts[health.verdict] ?? 0) + 1;
      const fitting = all.filter(
        (one) =>
          (verdict.length === 0 || verdict.includes(one.verdict)) &&
          fits([`${one.projectCode}/${one.processLoad}`, one.name, one.owner, one.sentence].join("\n"), q),
      );
      const items = [];
      for (const health of fitting.slice(cursor, cursor + limit)) {
        const { projectCode, processLoad } = health;
        const process = await findProcess(deps, health);
        const tasks = await runs.catalogue.tasks(projectCode, processLoad);
        const tallies = await runs.dayTallies({ projectCode, processLoad, from, to });
        const own = tasks.filter((task) => task.isActive && !(task.workflowId === 0 && task.taskId === 0));
        items.push({
          projectCode,
          processLoad,
          name: health.name,
          owner: health.owner,
          timezone: health.timezone,
          mode: health.mode,
          verdict: health.verdict,
          sentence: health.sentence,
          day: health.processingDate,
          discovered: own.length > 0 && own.every((task) => task.discovered),
          tasks: own.length,
          ...processLine(process, tallies, from, to),
        });
      }
      const next = cursor + limit < fitting.length ? String(cursor + limit) : null;
      return { asOf: utc(deps.clock.now()), from, to, count: fitting.length, verdicts, items, next };
    },

    async gridTasks({ projectCode, processLoad, from: first, to: last }) {
      const { from, to } = range({ from: first, to: last }, today());
      const process = await findProcess(deps, { projectCode, processLoad });
      const marks = await runs.dayMarks({ projectCode, processLoad, from, to });
      return { from, to, tasks: taskLines(process, marks, from, to) };
    },

    async timeline({ projectCode, processLoad, processingDate, executionId }) {
      const now = deps.clock.now();
      const of = { projectCode, processLoad };
      const { process, sequences, parameters } = await findEntry(deps, of);
      const day = await dayAsked(of, processingDate, executionId);
      const steps = await runs.steps({ ...of, processingDate: day, limit: MANY });
      const numbers = new Map(steps.map((step) => [step.executionId, step.runNumber]));
      const known = [...numbers].sort((a, b) => b[1] - a[1]);
      const shown = executionId ?? known[0]?.[0] ?? null;
      if (executionId !== undefined && !numbers.has(executionId)) {
        throw new HeadgateError("not_found", `${projectCode}/${processLoad} has no run ${executionId} on ${day}`, {
          permanent: true,
        });
      }
      const mode = modeAt(await runs.mode(projectCode, processLoad), utc(now));
      const health = judge({ process, mode, day, steps, now });
      const former = await runs.dayMarks({ ...of, from: dayAfter(day, -FORMER_DAYS), to: dayAfter(day, -1) });
      const own = steps.filter((step) => step.executionId === shown);
      const names = new Map(sequences.flatMap((one) => (one.name === null ? [] : [[one.sequenceId, one.name]])));
      const kinds = { FAILED: "failed", LOST: "lost", RUNNING: "running", PENDING: "waits" } as const;
      const { blockers, warnings } = mayAdvance(own);
      return {
        ...of,
        name: process.name,
        owner: process.owner,
        timezone: process.timezone,
        mode,
        processingDate: day,
        executionId: shown,
        runNumber: shown === null ? null : (numbers.get(shown) ?? null),
        runs: known.map(([id, runNumber]) => ({ executionId: id, runNumber })),
        asOf: utc(now),
        verdict: health.verdict,
        sentence: health.sentence,
        deadlineAt: health.deadlineAt,
        ...timelineOf(own, usualOf(former, day), names, now),
        causes: [...blockers, ...warnings].map(
          ({ reason, workflowId, taskId, sentence }): RunCause => ({
            kind: kinds[reason],
            workflowId,
            taskId,
            sentence,
          }),
        ),
        watermarks: parameters.filter((one) => one.type !== "SYSTEM").map((one) => one.name),
      };
    },

    async watermarks({ projectCode, processLoad }) {
      const now = deps.clock.now();
      const { process, tasks, parameters } = await findEntry(deps, { projectCode, processLoad });
      const items = await Promise.all(
        parameters
          .filter((parameter) => parameter.type !== "SYSTEM")
          .map(async (parameter) => {
            const history = await calls.watermarkHistory({
              projectCode,
              processLoad,
              parameterName: parameter.name,
              limit: HISTORY,
            });
            return watermarkView(parameter, tasks, history, process.timezone, now);
          }),
      );
      return { projectCode, processLoad, timezone: process.timezone, asOf: utc(now), items };
    },

    async previewRollback({ projectCode, processLoad, parameterName, beforeSeq }) {
      const of = { projectCode, processLoad, parameterName };
      const answer = await calls.rollbackWatermark({ ...of, beforeSeq, preview: true });
      const parameter = await findParameter(deps, of, parameterName);
      const history = await calls.watermarkHistory({ ...of, limit: MANY });
      const tasks = await runs.catalogue.tasks(projectCode, processLoad);
      return rollbackView(parameter, answer, beforeSeq, tasks, history);
    },
  };

  /** The day that is meant: by its date, by a run of it, or the process's own. */
  async function dayAsked(
    of: { projectCode: string; processLoad: string },
    day: string | undefined,
    executionId: string | undefined,
  ): Promise<string> {
    if (day !== undefined) return day;
    if (executionId === undefined) return defaultDay(deps, of);
    const found = await runs.steps({ ...of, executionId, limit: 1 });
    if (found[0]) return found[0].processingDate;
    throw new HeadgateError("not_found", `${of.projectCode}/${of.processLoad} has no run ${executionId}`, {
      permanent: true,
    });
  }
}
