/** One run of a process, live: lanes on a time axis, what it waits for, a task; its watermarks on a tab. */
import "../runs.css";
import "../grid/grid.css";
import "../../jobs/job/job.css";
import "./run.css";
import { useCallback, useRef } from "react";
import { Link, useLocation } from "wouter";
import type { RunTimelineView } from "../../../../src/model/view-runs.ts";
import { useTimeline } from "../../../api/runs.ts";
import { useMinute } from "../../../api/use-live.ts";
import { useUrl } from "../../../api/use-url.ts";
import { Copy } from "../../../components/copy.tsx";
import { Empty } from "../../../components/empty.tsx";
import { Failure } from "../../../components/failure.tsx";
import { Icon } from "../../../components/icon.tsx";
import { ListSkeleton } from "../../../components/skeleton.tsx";
import { useKeys } from "../../../shell/keys.ts";
import { useTitle } from "../../../shell/title.ts";
import { useZone } from "../../../shell/zone.ts";
import { counted } from "../../../words/count.ts";
import { dayAfter, fullDay, shortDay } from "../../../words/day.ts";
import { sentence } from "../../../words/plain.ts";
import { healthWord } from "../../../words/run-state.ts";
import { near, span } from "../../../words/time.ts";
import { backToGrid, keyOf, runPath } from "../place.ts";
import { Watermarks } from "../watermarks/watermarks.tsx";
import { Lanes, taskKey } from "./lanes.tsx";
import { runTitle } from "./run-title.ts";
import { TaskPanel } from "./task-panel.tsx";
import { Waits } from "./waits.tsx";

export default function Run(props: { projectCode: string; processLoad: string; day: string }) {
  const { projectCode, processLoad, day } = props;
  const name = `${projectCode}/${processLoad}`;
  useTitle(`${name} ${shortDay(day)}`);
  const [params, change] = useUrl();
  const [, navigate] = useLocation();
  const tab = params.get("tab") === "watermarks" ? "watermarks" : "timeline";
  const executionId = params.get("execution");
  const { data: run, error, refetch } = useTimeline({ projectCode, processLoad, processingDate: day, executionId });
  const project = useZone();
  const zone = run?.timezone ?? project;
  const minute = useMinute();
  const now = run && Date.parse(run.asOf) > minute.getTime() ? new Date(run.asOf) : minute;

  const chosen = params.get("task");
  const lanes = useRef<HTMLDivElement>(null);
  const choose = useCallback((key: string | null) => change({ task: key }), [change]);
  const tasks = run?.stages.flatMap((stage) => stage.tasks) ?? [];
  const at = tasks.findIndex((task) => taskKey(task) === chosen);
  const task = tasks[at];
  const go = (index: number) => {
    const next = tasks[Math.max(0, Math.min(tasks.length - 1, index))];
    if (tab !== "timeline" || next === undefined) return false;
    choose(taskKey(next));
    lanes.current?.querySelector(`[data-task="${taskKey(next)}"]`)?.scrollIntoView({ block: "nearest" });
    return true;
  };
  const turn = (days: number) => navigate(runPath({ projectCode, processLoad }, dayAfter(day, days)));
  useKeys({
    escape: () => (chosen !== null && tab === "timeline" ? choose(null) : navigate(backToGrid())),
    j: () => go(at + 1),
    arrowdown: () => go(at + 1),
    k: () => go(at < 0 ? 0 : at - 1),
    arrowup: () => go(at < 0 ? 0 : at - 1),
    "1": () => change({ tab: null }),
    "2": () => change({ tab: "watermarks" }),
    "[": () => turn(-1),
    "]": () => turn(1),
  });

  const base = runPath({ projectCode, processLoad }, day);
  return (
    <>
      <p className="crumb">
        <Link href={backToGrid()}>Runs</Link>
        <span aria-hidden="true">/</span>
        <span className="cut">{name}</span>
        <span aria-hidden="true">/</span>
        <span className="n nw">{fullDay(day)}</span>
      </p>
      {run ? (
        <div className={`verdict ${healthWord(run.verdict).tone}`}>
          <Icon />
          <h1>{runTitle(run, now, zone)}</h1>
          <p>
            {sentence(run.sentence)}
            {!/[.!?]$/.test(run.sentence) && "."}
            {run.owner && <> Owner: {run.owner}.</>}
          </p>
        </div>
      ) : (
        <div className="head">
          <h1>{name}</h1>
        </div>
      )}
      <nav className="tabs run-tabs" aria-label="Parts of the run">
        <Link href={base} replace aria-current={tab === "timeline" ? "page" : undefined}>
          Timeline
        </Link>
        <Link href={`${base}?tab=watermarks`} replace aria-current={tab === "watermarks" ? "page" : undefined}>
          Watermarks{run && run.watermarks.length > 0 && <span className="d n"> {run.watermarks.length}</span>}
        </Link>
      </nav>
      {tab === "watermarks" && <Watermarks process={{ projectCode, processLoad }} now={now} zone={zone} />}
      {tab === "timeline" && error && !run && (
        <Failure
          what={`The run of ${name} could not be read`}
          error={error}
          retry={() => void refetch()}
          still={
            <Link className="lnk" href={backToGrid()}>
              All processes
            </Link>
          }
        />
      )}
      {tab === "timeline" && !run && !error && <ListSkeleton rows={12} height={28} />}
      {tab === "timeline" && run && (
        <>
          <RunBar run={run} now={now} zone={zone} turn={turn} />
          {run.executionId === null || tasks.length === 0 ? (
            <Empty
              icon="runs"
              title={run.executionId === null ? `No run on ${fullDay(day)}.` : "This run has no tasks."}
              commands={[`headgate runs generate ${keyOf({ projectCode, processLoad })} --date ${day}`]}
            >
              {run.sentence}.
            </Empty>
          ) : (
            <div className={`run-cols${task ? " with-task" : ""}`}>
              <div className="run-main" ref={lanes}>
                <Lanes run={run} now={now} zone={zone} chosen={chosen} choose={choose} />
                <Waits causes={run.causes} choose={choose} />
              </div>
              {task && <TaskPanel run={run} task={task} now={now} zone={zone} close={() => choose(null)} />}
            </div>
          )}
        </>
      )}
    </>
  );
}

/** Which run of which day, since when, how far. */
function RunBar(props: { run: RunTimelineView; now: Date; zone: string; turn: (days: number) => void }) {
  const { run, now, zone, turn } = props;
  const tasks = run.stages.flatMap((stage) => stage.tasks);
  const done = tasks.filter(({ state }) => state === "done").length;
  const end = run.endedAt === null ? now.getTime() : Date.parse(run.endedAt);
  return (
    <div className="run-bar">
      <fieldset className="seg span-seg">
        <legend className="vh">Day</legend>
        <button type="button" aria-label="Day before" onClick={() => turn(-1)}>
          <Icon name="left" size={12} />
        </button>
        <span className="seg-word n">{shortDay(run.processingDate)}</span>
        <button type="button" aria-label="Day after" onClick={() => turn(1)}>
          <Icon name="right" size={12} />
        </button>
      </fieldset>
      {run.runs.length > 1 && (
        <fieldset className="seg span-seg run-runs">
          <legend className="vh">Run of the day</legend>
          {run.runs.slice(0, 6).map((one) => (
            <Link
              key={one.executionId}
              replace
              className="seg-word"
              aria-current={one.executionId === run.executionId ? "true" : undefined}
              href={runPath(run, run.processingDate, { execution: one.executionId })}
            >
              Run {one.runNumber}
            </Link>
          ))}
        </fieldset>
      )}
      {run.executionId !== null && (
        <span className="s d n">
          Execution <Copy text={run.executionId} label={run.executionId} bare />
        </span>
      )}
      {run.startedAt !== null && (
        <span className="s d n">
          started {near(run.startedAt, now, zone)}, {span(end - Date.parse(run.startedAt))}
          {run.endedAt === null ? " so far" : ""}, {done} of {counted(tasks.length, "task")} done
        </span>
      )}
      {run.mode !== "live" && <span className="tag">{run.mode} mode</span>}
    </div>
  );
}
