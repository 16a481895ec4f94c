/** The watermarks of a process: value, how far behind, every change with its cause, and what a rollback would do. */
import "./watermarks.css";
import { Link } from "wouter";
import type { WatermarkView } from "../../../../src/model/view-runs.ts";
import { type ProcessName, useWatermarks } from "../../../api/runs.ts";
import { useUrl } from "../../../api/use-url.ts";
import { Copy } from "../../../components/copy.tsx";
import { Empty } from "../../../components/empty.tsx";
import { Failure } from "../../../components/failure.tsx";
import { ListSkeleton } from "../../../components/skeleton.tsx";
import { State } from "../../../components/state.tsx";
import { listed } from "../../../words/count.ts";
import { fullTime, near, span } from "../../../words/time.ts";
import { runPath } from "../place.ts";
import { LagChart } from "./lag-chart.tsx";
import { Rollback } from "./rollback.tsx";

/** So many times its usual lag a watermark is worth a look. */
const ODD = 2;
const SHOWN = 50;

export function Watermarks({ process, now, zone }: { process: ProcessName; now: Date; zone: string }) {
  const { data, error, refetch } = useWatermarks(process);
  const [params, change] = useUrl();
  if (error && !data)
    return <Failure what="The watermarks could not be read" error={error} retry={() => void refetch()} />;
  if (!data) return <ListSkeleton rows={6} />;
  if (data.items.length === 0)
    return (
      <Empty icon="table" title="This process has no watermarks.">
        Every run reads everything. A task that names a parameter as its <code>sourceSystemCode</code> gets one.
      </Empty>
    );
  const mark = data.items.find((one) => one.name === params.get("watermark")) ?? data.items[0];
  if (mark === undefined) return null;
  const seq = Number(params.get("before")) || null;
  return (
    <>
      {data.items.length > 1 && (
        <fieldset className="seg marks-seg">
          <legend className="vh">Watermark</legend>
          {data.items.map((one) => (
            <button
              key={one.name}
              type="button"
              aria-pressed={one.name === mark.name}
              onClick={() => change({ watermark: one.name, before: null })}
            >
              {one.name}
            </button>
          ))}
        </fieldset>
      )}
      <div className="marks">
        <div>
          <Facts mark={mark} now={now} />
          <LagChart mark={mark} now={now} zone={zone} />
          {seq !== null && mark.history.some((one) => one.seq === seq) && (
            <Rollback
              key={`${mark.name}${seq}`}
              process={process}
              mark={mark}
              seq={seq}
              done={() => change({ before: null })}
            />
          )}
        </div>
        <History
          process={process}
          mark={mark}
          now={now}
          zone={zone}
          chosen={seq}
          choose={(next) => change({ before: next === null ? null : String(next) })}
        />
      </div>
    </>
  );
}

/** The first part of a UUID says enough; names that people gave are left whole. */
const shortId = (id: string): string => (/^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(id) ? id.slice(0, 8) : id);

function Facts({ mark, now }: { mark: WatermarkView; now: Date }) {
  const lag = mark.lagMs === null || mark.value === null ? null : now.getTime() - Date.parse(mark.value);
  const odd = lag !== null && mark.usualLagMs !== null && lag > ODD * mark.usualLagMs;
  return (
    <dl className="kv">
      <dt>Watermark</dt>
      <dd>
        <code>{mark.name}</code> <span className="d s">{mark.type}</span>
      </dd>
      <dt>Value</dt>
      <dd className="n">
        {mark.value === null ? (
          <State tone="warn">Empty: the next run reads everything</State>
        ) : (
          <Copy text={mark.value} bare />
        )}
      </dd>
      {mark.activeValue !== mark.value && (
        <>
          <dt>Tasks get</dt>
          <dd>
            <code>{mark.activeValue}</code>
            {mark.lookbackSeconds > 0 && <span className="d"> (lookback {span(mark.lookbackSeconds * 1_000)})</span>}
          </dd>
        </>
      )}
      {lag !== null && (
        <>
          <dt>Lag</dt>
          <dd className="n">
            {odd ? <State tone="warn">{span(lag)}</State> : span(lag)}{" "}
            {mark.usualLagMs !== null && <span className="d">usual {span(mark.usualLagMs)}</span>}
          </dd>
        </>
      )}
      <dt>Moves when</dt>
      <dd>
        {mark.tasks.length === 0 ? (
          <span className="d">somebody sets it: no task reads from it</span>
        ) : (
          `${listed(mark.tasks.map((task) => task.name))} ${mark.tasks.length === 1 ? "is" : "are"} done`
        )}
      </dd>
      {mark.description && (
        <>
          <dt>About</dt>
          <dd>{mark.description}</dd>
        </>
      )}
    </dl>
  );
}

function History(props: {
  process: ProcessName;
  mark: WatermarkView;
  now: Date;
  zone: string;
  chosen: number | null;
  choose: (seq: number | null) => void;
}) {
  const { process, mark, now, zone, chosen, choose } = props;
  const cause = (change: WatermarkView["history"][number]) => {
    if (change.executionId !== null && change.processingDate !== null)
      return (
        <>
          run{" "}
          <Link
            className="lnk m"
            href={runPath(process, change.processingDate, { execution: change.executionId })}
            data-tip={change.executionId}
          >
            {shortId(change.executionId)}
          </Link>
        </>
      );
    const words = {
      auto: "run",
      manual: "set",
      mode: "mode",
      reset: "reset",
      rollback: "rolled back",
      import: "imported",
    };
    return `${words[change.cause]} by ${change.actor}`;
  };
  if (mark.history.length === 0) return <p className="d">It has not moved yet.</p>;
  return (
    <section>
      <h3>History</h3>
      <table className="changes">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Value after</th>
            <th scope="col">Cause</th>
            <th scope="col">
              <span className="vh">Rollback</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {mark.history.slice(0, SHOWN).map((change) => (
            <tr key={change.seq} className={change.seq === chosen ? "sel" : ""}>
              <td className="n">
                <time dateTime={change.at} data-tip={fullTime(change.at, now, zone)}>
                  {near(change.at, now, zone)}
                </time>
              </td>
              <td className="n m cut">{change.after ?? "nothing"}</td>
              <td className="why" data-tip={change.reason ?? undefined}>
                {cause(change)}
                {change.reason && <span className="d s"> {change.reason}</span>}
              </td>
              <td className="r">
                <button
                  type="button"
                  className="btn sm q"
                  aria-pressed={change.seq === chosen}
                  onClick={() => choose(change.seq === chosen ? null : change.seq)}
                >
                  Undo…<span className="vh"> back to before {near(change.at, now, zone)}</span>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {mark.history.length > SHOWN && (
        <p className="s d">
          The newest {SHOWN} of {mark.history.length}; the rest: <code>headgate runs watermark history</code>
        </p>
      )}
    </section>
  );
}
