/** One task of a run: how it stands, its attempts, what it told, its log, what can be done. */
import { Link } from "wouter";
import type { RunTaskView, RunTimelineView } from "../../../../src/model/view-runs.ts";
import { Copy } from "../../../components/copy.tsx";
import { Icon } from "../../../components/icon.tsx";
import { State } from "../../../components/state.tsx";
import { counted, grouped } from "../../../words/count.ts";
import { withoutColours } from "../../../words/plain.ts";
import { taskWord } from "../../../words/run-state.ts";
import { clock, fullTime, near, span } from "../../../words/time.ts";
import { runPath } from "../place.ts";
import { ActOnTask } from "./act.tsx";
import { TaskLog } from "./task-log.tsx";

/** `rowsWritten` → `Rows written`. */
function metricName(key: string): string {
  const words = key
    .replaceAll("_", " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function metricValue(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? grouped(value) : String(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function TaskPanel(props: {
  run: RunTimelineView;
  task: RunTaskView;
  now: Date;
  zone: string;
  close: () => void;
}) {
  const { run, task, now, zone, close } = props;
  const { tone, word } = taskWord(task.state);
  const metrics = Object.entries(task.metrics ?? {});
  const attempts = [...task.attempts].reverse();
  const url = attempts.find((attempt) => attempt.url !== null)?.url;
  return (
    <aside className="panel run-panel" aria-label={`Task ${task.name}`}>
      <h2>
        <Icon name="pill" />
        <span className="panel-name">{task.name}</span>
        <State tone={tone}>{word}</State>
        <button type="button" className="btn ic q" aria-label="Close task" onClick={close}>
          <Icon name="cross" />
        </button>
      </h2>
      <p className="vh" aria-live="polite">
        Task {task.name} chosen: {word}
      </p>
      <dl className="kv">
        <dt>Number</dt>
        <dd>
          <Copy text={`${task.workflowId}/${task.taskId}`} bare />
        </dd>
        {task.sourceIdentifier && (
          <>
            <dt>Runs as</dt>
            <dd>
              <Copy text={task.sourceIdentifier} bare />{" "}
              {task.sourceType && <span className="d s">{task.sourceType}</span>}
            </dd>
          </>
        )}
        <dt>Expected</dt>
        <dd>
          {task.expectedMs === null ? (
            <span className="d">not known</span>
          ) : (
            <>
              {span(task.expectedMs)}{" "}
              <span className="d">
                ({task.expectedOf === 0 ? "declared" : `median of ${counted(task.expectedOf, "run")}`})
              </span>
            </>
          )}
        </dd>
        {task.forecast && (
          <>
            <dt>{task.state === "running" ? "Done at" : "Runs"}</dt>
            <dd className="n">
              {task.state === "running"
                ? task.forecast.from === task.forecast.to
                  ? "not known: longer than expected already"
                  : clock(task.forecast.to, zone)
                : `${clock(task.forecast.from, zone)} to ${clock(task.forecast.to, zone)}`}
            </dd>
          </>
        )}
        {task.watermark && (
          <>
            <dt>Watermark</dt>
            <dd>
              <Link
                className="lnk"
                href={runPath(run, run.processingDate, { tab: "watermarks", watermark: task.watermark })}
              >
                {task.watermark}
              </Link>
            </dd>
          </>
        )}
        {task.file && (
          <>
            <dt>File</dt>
            <dd>
              <Copy text={task.file} bare />
            </dd>
          </>
        )}
      </dl>
      <section>
        <h3>Attempts</h3>
        <ol className="attempts n">
          {attempts.map((attempt) => {
            const said = taskWord(attempt.state);
            const start = attempt.startedAt;
            return (
              <li key={attempt.attempt}>
                <span>{attempt.attempt + 1}</span>
                <State tone={said.tone}>{said.word}</State>
                {start ? (
                  <time dateTime={start} data-tip={fullTime(start, now, zone)}>
                    {near(start, now, zone)}
                    {attempt.startInferred && <span className="d"> about</span>}
                  </time>
                ) : (
                  <span className="d">not begun</span>
                )}
                <span className="took">
                  {start
                    ? span((attempt.endedAt ? Date.parse(attempt.endedAt) : now.getTime()) - Date.parse(start))
                    : ""}
                </span>
                {(attempt.message || attempt.sourceRunId) && (
                  <p className="s f2">
                    {attempt.code && <code>{attempt.code}</code>}{" "}
                    {withoutColours(attempt.message?.split("\n", 1)[0] ?? "")}{" "}
                    {attempt.sourceRunId &&
                      (attempt.url ? (
                        <a className="lnk m" href={attempt.url} target="_blank" rel="noreferrer">
                          run {attempt.sourceRunId} <Icon name="open" size={12} />
                        </a>
                      ) : (
                        <Copy text={attempt.sourceRunId} bare />
                      ))}
                  </p>
                )}
              </li>
            );
          })}
        </ol>
      </section>
      {metrics.length > 0 && (
        <section>
          <h3>Metrics</h3>
          <dl className="kv n">
            {metrics.map(([key, value]) => (
              <div key={key} className="metric">
                <dt>{metricName(key)}</dt>
                <dd>{metricValue(value)}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <TaskLog run={run} task={task} zone={zone} />
      {run.executionId !== null && (
        <ActOnTask
          key={`${task.workflowId}/${task.taskId}`}
          task={task}
          of={{
            projectCode: run.projectCode,
            processLoad: run.processLoad,
            processingDate: run.processingDate,
            executionId: run.executionId,
            workflowId: task.workflowId,
            taskId: task.taskId,
          }}
        />
      )}
      {url && (
        <section>
          <a className="lnk" href={url} target="_blank" rel="noreferrer">
            Open in Databricks <Icon name="open" size={12} />
          </a>
        </section>
      )}
    </aside>
  );
}
