/** The run as lanes: stages one below the other, tasks as bars on one time axis. */
import { memo } from "react";
import type { RunStageView, RunTaskView, RunTimelineView } from "../../../../src/model/view-runs.ts";
import { Icon } from "../../../components/icon.tsx";
import { taskWord } from "../../../words/run-state.ts";
import { clock, near, span } from "../../../words/time.ts";
import { type Axis, axisOf, placeOf } from "./axis.ts";
import { barsOf, lengthOf, overBy } from "./bars.ts";

export const taskKey = (task: Pick<RunTaskView, "workflowId" | "taskId">): string =>
  `${task.workflowId}/${task.taskId}`;

/** What is written at the right of a name: how long it took, or when it should begin. */
function timeWord(task: RunTaskView, now: number, zone: string): string {
  const length = lengthOf(task, now);
  if (task.state === "waiting" || length === undefined) {
    if (task.state === "skipped") return "skipped";
    return task.forecast ? clock(task.forecast.from, zone) : "waits";
  }
  return task.state === "lost" ? "lost" : span(length);
}

const Task = memo(function Task(props: {
  task: RunTaskView;
  from: number;
  to: number;
  now: number;
  zone: string;
  selected: boolean;
  choose: (key: string) => void;
}) {
  const { task, from, to, now, zone, selected, choose } = props;
  const { tone, word } = taskWord(task.state);
  const over = overBy(task, now);
  const shown = over > 0 && task.state === "done" ? "warn" : tone;
  const axis = { from, to, marks: [] };
  const length = timeWord(task, now, zone);
  return (
    <li className={`tk${selected ? " sel" : ""}`}>
      <button
        type="button"
        className="tn"
        aria-pressed={selected}
        data-task={taskKey(task)}
        onClick={() => choose(taskKey(task))}
      >
        <span className={`st ${shown}`}>
          <Icon />
          <span className="vh">{word}: </span>
        </span>
        <span className="cut">{task.name}</span>
        {!task.mandatory && <span className="s d op">optional</span>}
        {task.attempts.length > 1 && <span className="s d op">×{task.attempts.length}</span>}
        <span className="n tw">{length}</span>
      </button>
      <span className="tr" aria-hidden="true">
        {barsOf(task, now).map((bar) => {
          const left = placeOf(axis, bar.from);
          return (
            <span
              key={`${bar.kind}${bar.from}`}
              className={`bar b-${bar.kind}`}
              style={{ left: `${left}%`, width: `${Math.max(0, placeOf(axis, bar.to) - left)}%` }}
            >
              {bar.kind === "over" && <span className="over-word">{span(over)} over</span>}
            </span>
          );
        })}
      </span>
    </li>
  );
});

function Lane(props: {
  stage: RunStageView;
  axis: Axis;
  now: number;
  zone: string;
  chosen: string | null;
  choose: (key: string) => void;
}) {
  const { stage, axis, now, zone, chosen, choose } = props;
  const done = stage.tasks.filter(({ state }) => state === "done" || state === "skipped").length;
  return (
    <li className="lane">
      <h3 className="ln">
        {stage.name}
        <span className="d s">stage {stage.sequenceId}</span>
        <span className="d s n">
          {done} of {stage.tasks.length}
        </span>
      </h3>
      <ul>
        {stage.tasks.map((task) => (
          <Task
            key={taskKey(task)}
            task={task}
            from={axis.from}
            to={axis.to}
            // What has ended looks the same a minute later.
            now={task.state === "running" ? now : 0}
            zone={zone}
            selected={taskKey(task) === chosen}
            choose={choose}
          />
        ))}
      </ul>
    </li>
  );
}

const LEGEND: [kind: string, word: string][] = [
  ["ok", "ran"],
  ["over", "over"],
  ["run", "running"],
  ["ghost", "expected"],
  ["forecast", "forecast"],
  ["fail", "failed attempt"],
  ["lost", "lost"],
];

export function Lanes(props: {
  run: RunTimelineView;
  now: Date;
  zone: string;
  chosen: string | null;
  choose: (key: string) => void;
}) {
  const { run, now, zone, chosen, choose } = props;
  const time = Math.max(now.getTime(), Date.parse(run.asOf));
  const axis = axisOf(run, time);
  const inside = (at: number | undefined): at is number => at !== undefined && at >= axis.from && at <= axis.to;
  const at = (text: string | null) => (text === null ? undefined : Date.parse(text));
  const due = at(run.deadlineAt);
  const ready = at(run.readyAt);
  const left = (when: number) => ({ left: `${placeOf(axis, when)}%` });
  const long = axis.to - axis.from > 86_400_000;
  const label = (when: number) => (long ? near(new Date(when), new Date(time), zone) : clock(new Date(when), zone));
  /** Two words on one line need some room between them. */
  const clear = (when: number) => {
    const apart = inside(due) ? placeOf(axis, when) - placeOf(axis, due) : 100;
    return apart < -4 || apart > 16;
  };
  return (
    <>
      <div className="gantt">
        <div className="axis" aria-hidden="true">
          <div className="tr">
            {axis.marks.map((when, index) => (
              <span
                key={when}
                className={`${index % 2 === 1 ? "od" : ""}${placeOf(axis, when) > 97 ? " end" : ""}`}
                style={left(when)}
              >
                {clear(when) ? label(when) : ""}
              </span>
            ))}
            {inside(due) && (
              <b className="dl" style={left(due)}>
                due {clock(new Date(due), zone)}
              </b>
            )}
          </div>
        </div>
        <div className="over" aria-hidden="true">
          {axis.marks.map((when) => (
            <i key={when} style={left(when)} />
          ))}
          {inside(due) && <i className="due" style={left(due)} />}
          {inside(time) && <i className="nowl" style={left(time)} />}
          {inside(ready) && <i className="fcl" style={left(ready)} />}
        </div>
        <ul className="lanes" aria-label="Stages">
          {run.stages.map((stage) => (
            <Lane
              key={`${stage.workflowId}/${stage.sequenceId}`}
              stage={stage}
              axis={axis}
              now={time}
              zone={zone}
              chosen={chosen}
              choose={choose}
            />
          ))}
        </ul>
        <div className="axis bot" aria-hidden="true">
          <div className="tr">
            {inside(time) && (
              <b className={`nw1${placeOf(axis, time) < 10 && !inside(ready) ? " start" : ""}`} style={left(time)}>
                now
              </b>
            )}
            {inside(ready) && (
              <b className="fc1" style={left(ready)}>
                ready {clock(new Date(ready), zone)}
              </b>
            )}
          </div>
        </div>
      </div>
      <p className="legend s d">
        {LEGEND.map(([kind, word]) => (
          <span key={kind}>
            <span className={`key bar b-${kind}`} /> {word}
          </span>
        ))}
      </p>
    </>
  );
}
