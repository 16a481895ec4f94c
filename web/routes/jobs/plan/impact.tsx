/** Whom a change hurts: live runs, next start, callers, what reads what the job writes. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { PlanChange } from "../../../api/plan-change.ts";
import { useMinute } from "../../../api/use-live.ts";
import { State } from "../../../components/state.tsx";
import { useZone } from "../../../shell/zone.ts";
import { counted } from "../../../words/count.ts";
import { lineagePath } from "../../../words/lineage.ts";
import { fullTime, longNear } from "../../../words/time.ts";

const SHOWN = 3;

function Live({ runs }: { runs: number | null }) {
  if (runs === null) return <span className="d">could not be read</span>;
  return (
    <>
      <State tone="run">{counted(runs, "run")}</State>; {runs === 1 ? "it keeps" : "they keep"} the old definition.
    </>
  );
}

export function ImpactList({ change }: { change: PlanChange }) {
  const now = useMinute();
  const zone = useZone();
  const { liveRuns, nextStart, calledBy, downstream, further } = change.impact;
  const tables = downstream.filter((each) => each.kind === "dataset");
  const jobs = downstream.filter((each) => each.kind === "job");
  const rows: [string, ReactNode][] = [];
  if (liveRuns !== 0) rows.push(["Live now", <Live key="live" runs={liveRuns} />]);
  rows.push([
    "Next start",
    nextStart ? (
      <time key="next" dateTime={nextStart} data-tip={fullTime(nextStart, now, zone)}>
        {longNear(nextStart, now, zone)}
      </time>
    ) : (
      <span key="none" className="d">
        none by schedule
      </span>
    ),
  ]);
  if (downstream.length > 0)
    rows.push([
      "Feeds",
      <span
        key="feeds"
        data-tip={downstream.map(({ name, unsure }) => (unsure ? `${name} (may be)` : name)).join("\n")}
      >
        {[tables.length > 0 && counted(tables.length, "table"), jobs.length > 0 && counted(jobs.length, "reader")]
          .filter(Boolean)
          .join(", ")}
        {jobs.length > 0 && ": "}
        {jobs.slice(0, SHOWN).map(({ name, resource, jobId }, index) => (
          <span key={jobId ?? name}>
            {index > 0 && ", "}
            {resource ? (
              <Link className="lnk" href={`/jobs/${encodeURIComponent(resource)}`}>
                {resource}
              </Link>
            ) : (
              name
            )}
          </span>
        ))}
        {jobs.length > SHOWN && ` and ${jobs.length - SHOWN} more`}
        {further && further.tables + further.jobs > 0 && (
          <span className="d">; {further.tables + further.jobs} further down</span>
        )}
        {change.jobId !== null && (
          <>
            {" "}
            <Link className="lnk nw" href={lineagePath(change.jobId)} aria-label={`Lineage of ${change.resource}`}>
              Lineage
            </Link>
          </>
        )}
      </span>,
    ]);
  rows.push([
    "Called by",
    calledBy.length === 0 ? (
      <span key="nobody" className="d">
        nobody
      </span>
    ) : (
      <span key="callers">
        {calledBy.slice(0, SHOWN).map((caller, index) => (
          <span key={`${caller.name}/${caller.taskKey}`}>
            {index > 0 && ", "}
            {caller.resource ? (
              <Link className="lnk" href={`/jobs/${encodeURIComponent(caller.resource)}`}>
                {caller.resource}
              </Link>
            ) : (
              caller.name
            )}
            <span className="d">/{caller.taskKey}</span>
          </span>
        ))}
        {calledBy.length > SHOWN && ` and ${calledBy.length - SHOWN} more`}
      </span>
    ),
  ]);
  return (
    <dl className="imp">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
