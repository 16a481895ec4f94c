/** The last runs of a job: state, when, how long, and why red. */
import type { JobView, RunMark } from "../../../../src/model/view.ts";
import { useSecond } from "../../../api/use-live.ts";
import { Copy } from "../../../components/copy.tsx";
import { Empty } from "../../../components/empty.tsx";
import { Icon } from "../../../components/icon.tsx";
import { State } from "../../../components/state.tsx";
import { useZone } from "../../../shell/zone.ts";
import { runWord } from "../../../words/state.ts";
import { absolute, fullTime, span } from "../../../words/time.ts";

function lengthOf(run: RunMark, now: Date): number {
  if (run.durationMs > 0) return run.durationMs;
  return run.startedAt && !run.endedAt ? Math.max(0, now.getTime() - Date.parse(run.startedAt)) : 0;
}

export function JobRuns({ view }: { view: JobView }) {
  const now = useSecond();
  const zone = useZone();
  const runs = [...view.runs].reverse();
  if (runs.length === 0)
    return (
      <Empty
        icon="runs"
        title={view.row.jobId ? "This job has not run yet." : "This job is not deployed, so it has not run."}
        commands={view.row.jobId ? [`headgate jobs run ${view.row.resource}`] : ["headgate jobs apply"]}
      />
    );
  const longest = Math.max(1, ...runs.map((run) => lengthOf(run, now)));
  return (
    <table className="runs">
      <thead>
        <tr>
          <th scope="col" className="r1">
            State
          </th>
          <th scope="col" className="r2">
            Started
          </th>
          <th scope="col" className="r3">
            Took
          </th>
          <th scope="col" className="r4">
            Why
          </th>
          <th scope="col" className="r5">
            Run
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => {
          const { tone, word } = runWord(run.state);
          const length = lengthOf(run, now);
          return (
            <tr key={run.runId}>
              <td className="r1">
                <State tone={tone}>{word}</State>
              </td>
              <td className="r2 n">
                {run.startedAt ? (
                  <time dateTime={run.startedAt} data-tip={fullTime(run.startedAt, now, zone)}>
                    {absolute(run.startedAt, zone).replace(/ \d{4},/, "")}
                  </time>
                ) : (
                  <span className="d">not yet</span>
                )}
              </td>
              <td className="r3">
                <span className="took">
                  <span className="took-track">
                    <span className={`took-bar ${tone}`} style={{ width: `${(100 * length) / longest}%` }} />
                  </span>
                  <span className="n took-word">{length > 0 ? span(length) : "–"}</span>
                </span>
              </td>
              <td className="r4">{run.message ?? ""}</td>
              <td className="r5">
                {run.url ? (
                  <a className="m lnk" href={run.url} target="_blank" rel="noreferrer">
                    {run.runId} <Icon name="open" size={12} />
                  </a>
                ) : (
                  <Copy text={run.runId} bare />
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
