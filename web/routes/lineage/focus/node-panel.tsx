/** What is known of the focus itself: names, freshness, who is around it, and its job where that is managed. */
import { Link } from "wouter";
import type { JobRow } from "../../../../src/model/view.ts";
import type { LineageGraphView } from "../../../../src/model/view-lineage.ts";
import { useMinute } from "../../../api/use-live.ts";
import { Copy } from "../../../components/copy.tsx";
import { State } from "../../../components/state.tsx";
import { useZone } from "../../../shell/zone.ts";
import { counted } from "../../../words/count.ts";
import { kindWord, spoken } from "../../../words/lineage.ts";
import { verdictTone } from "../../../words/state.ts";
import { fullTime, near } from "../../../words/time.ts";

export function NodePanel({ view, jobs }: { view: LineageGraphView; jobs: ReadonlyMap<string, JobRow> | undefined }) {
  const now = useMinute();
  const zone = useZone();
  const { focus } = view;
  const full = view.nodes.find(({ id }) => id === focus.id);
  const job = focus.jobId === null ? undefined : jobs?.get(focus.jobId);
  const time = (at: string | null | undefined) =>
    at ? (
      <time dateTime={at} data-tip={fullTime(at, now, zone)}>
        {near(at, now, zone)}
      </time>
    ) : (
      <span className="d">never seen in {view.windowDays} days</span>
    );
  const { up, down } = full?.neighbours ?? { up: 0, down: 0 };
  const dataset = focus.kind === "dataset";
  return (
    <aside className="lin-panel" aria-label={`${kindWord(focus)} ${spoken(focus)}`}>
      <h2>{focus.label}</h2>
      <p>
        <Copy text={focus.name} />
      </p>
      <dl className="kv">
        <dt>Kind</dt>
        <dd>{kindWord(focus)}</dd>
        <dt>In</dt>
        <dd>{focus.namespace}</dd>
        {dataset ? (
          <>
            <dt>Written</dt>
            <dd>
              {time(full?.lastWrittenAt)}
              {up > 0 && <span className="d"> by {counted(up, "writer")}</span>}
            </dd>
            <dt>Read</dt>
            <dd>
              {time(full?.lastReadAt)}
              {down > 0 && <span className="d"> by {counted(down, "reader")}</span>}
            </dd>
          </>
        ) : (
          <>
            <dt>Reads</dt>
            <dd>{counted(up, "table")}</dd>
            <dt>Writes</dt>
            <dd>{counted(down, "table")}</dd>
          </>
        )}
        {job && (
          <>
            <dt>Last run</dt>
            <dd>
              <State tone={verdictTone(job.verdict.state)}>{job.verdict.text}</State>
            </dd>
            <dt>Job</dt>
            <dd>
              <Link className="lnk" href={`/jobs/${encodeURIComponent(job.resource)}`}>
                {job.resource}
              </Link>
            </dd>
          </>
        )}
        <dt>Further</dt>
        <dd>
          {view.beyond.up.nodes + view.beyond.down.nodes === 0
            ? "nothing: this is all of it"
            : `${counted(view.beyond.up.nodes, "node")} up, ${counted(view.beyond.down.nodes, "node")} down`}
        </dd>
      </dl>
      {focus.aliases.length > 0 && (
        <section>
          <h3>Also called</h3>
          <ul className="lin-aliases">
            {focus.aliases.map((alias) => (
              <li key={`${alias.namespace}/${alias.name}`} className="m">
                {alias.namespace}/{alias.name}
              </li>
            ))}
          </ul>
        </section>
      )}
      <p className="s d hs">Choose a line to see why it is there; choose a box to look at what is around it.</p>
    </aside>
  );
}
