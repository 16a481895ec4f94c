/** The log of a task, searchable. */
import { useState } from "react";
import type { RunTaskView } from "../../../../src/model/view-runs.ts";
import { type ProcessName, useRunLog } from "../../../api/runs.ts";
import { wordsOf } from "../../../components/failure.tsx";
import { reachable } from "../../../components/reachable.ts";
import { grouped } from "../../../words/count.ts";
import { absolute } from "../../../words/time.ts";
import { linesOf, pieces } from "./log-lines.ts";

/** The newest lines that are drawn; the search looks at all. */
const DRAWN = 400;

export function TaskLog(props: {
  run: ProcessName & { processingDate: string; executionId: string | null };
  task: RunTaskView;
  zone: string;
}) {
  const { run, task, zone } = props;
  const log = useRunLog(run);
  const [needle, setNeedle] = useState("");
  const lines = linesOf(task, log.data?.items ?? []);
  const wanted = needle.trim().toLowerCase();
  const fitting = wanted === "" ? lines : lines.filter((line) => line.text.toLowerCase().includes(wanted));
  const drawn = fitting.slice(-DRAWN);
  return (
    <section>
      <h3 className="log-head">
        Log
        {lines.length > 0 && (
          <>
            <input
              className="in"
              aria-label="Search log"
              placeholder="Search"
              value={needle}
              onChange={(event) => setNeedle(event.currentTarget.value)}
            />
            <span className="d n" role="status">
              {wanted === "" ? grouped(lines.length) : `${grouped(fitting.length)} of ${grouped(lines.length)}`}
            </span>
          </>
        )}
      </h3>
      {log.isPending && run.executionId !== null && <span className="skel" style={{ width: 200 }} />}
      {log.error && <p className="s st fail">The log could not be read: {wordsOf(log.error).title}</p>}
      {!log.isPending && lines.length === 0 && (
        <p className="d s">
          Nothing was told of this task yet. <code>headgate runs observe</code> brings what the platform says.
        </p>
      )}
      {drawn.length > 0 && (
        <pre className="log" {...reachable}>
          {drawn.length < fitting.length && (
            <span className="d">{`${grouped(fitting.length - drawn.length)} earlier lines are left out; search to find them\n`}</span>
          )}
          {drawn.map((line) => (
            <span key={line.key} className={line.level >= 3 ? "bad" : line.level === 2 ? "odd" : ""}>
              <span className="d">{line.at === "" ? "" : absolute(line.at, zone, true).split(", ").at(-1)}</span>{" "}
              {pieces(line.text, wanted).map((piece) =>
                piece.hit ? <mark key={piece.key}>{piece.text}</mark> : piece.text,
              )}
              {"\n"}
            </span>
          ))}
        </pre>
      )}
    </section>
  );
}
