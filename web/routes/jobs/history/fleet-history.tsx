/** What was changed last over all jobs: applies with their jobs, each unfolding to its fields, with the way back. */
import "../plan/plan.css";
import "../job/job.css";
import "./fleet-history.css";
import { useRef, useState } from "react";
import { Link } from "wouter";
import type { FieldChange } from "../../../../src/model/plan.ts";
import { useHistory, useRecentChanges } from "../../../api/queries.ts";
import { useMinute } from "../../../api/use-live.ts";
import { Copy } from "../../../components/copy.tsx";
import { Empty } from "../../../components/empty.tsx";
import { Failure } from "../../../components/failure.tsx";
import { Icon } from "../../../components/icon.tsx";
import { ListSkeleton } from "../../../components/skeleton.tsx";
import { FieldGrid } from "../../../fields/field-grid.tsx";
import { useKeys } from "../../../shell/keys.ts";
import { useZone } from "../../../shell/zone.ts";
import { counted } from "../../../words/count.ts";
import { absolute, clock, fullTime, relative } from "../../../words/time.ts";
import { changeLook } from "../change-look.ts";
import { GoBack } from "../go-back.tsx";
import { type Apply, appliesOf, type RecentChange } from "./applies.ts";

const STEPS = [50, 200];
/** Jobs of an apply shown at once. */
const SHOWN = 20;

/** The fields of one change, asked for when it is unfolded. */
function Fields({ change }: { change: RecentChange }) {
  const { data, error, refetch } = useHistory(change.resource);
  if (error && !data)
    return <Failure what="The history could not be read" error={error} retry={() => void refetch()} />;
  if (!data) return <ListSkeleton rows={2} />;
  const entry = data.items.find((item) => item.serial === change.serial);
  const fields = (entry?.fields ?? []) as FieldChange[];
  if (fields.length === 0) return <p className="f2 s hint">No field changed.</p>;
  return <FieldGrid fields={fields} />;
}

function ChangeLine({ change, zone }: { change: RecentChange; zone: string }) {
  const [open, setOpen] = useState(false);
  const { sign, look } = changeLook(change.action);
  const deleted = change.action === "delete";
  return (
    <li className={`ch ${look}`}>
      <h3 className="ch-head">
        <button type="button" className="ch-fold" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name={open ? "down" : "right"} size={12} />
          <span className="sg" aria-hidden="true">
            {sign}
          </span>
          <b>{change.resource}</b>
          <span className="f2 wh">
            {change.action}, {clock(change.at, zone)}
          </span>
        </button>
        {deleted ? (
          <GoBack resource={change.resource} word="Make it again" />
        ) : (
          <Link className="ch-open d s" href={`/jobs/${encodeURIComponent(change.resource)}/history`}>
            <span className="vh">{change.resource}: </span>
            All its changes
          </Link>
        )}
      </h3>
      {open && (
        <div className="history-body">
          <Fields change={change} />
        </div>
      )}
    </li>
  );
}

function ApplyBlock({ apply }: { apply: Apply }) {
  const [all, setAll] = useState(false);
  const now = useMinute();
  const zone = useZone();
  const shown = all ? apply.changes : apply.changes.slice(0, SHOWN);
  return (
    <section className="applied" aria-label={`${apply.actor}, ${absolute(apply.at, zone)}`}>
      <h2 className="gh">
        <span>{apply.actor}</span>
        <time className="n" dateTime={apply.at} data-tip={fullTime(apply.at, now, zone)}>
          {absolute(apply.at, zone)}, {relative(apply.at, now)}
        </time>
        {apply.commit && <Copy text={apply.commit} label={apply.commit.slice(0, 7)} bare />}
        <span className="n">{counted(apply.changes.length, "job")}</span>
      </h2>
      <ol>
        {shown.map((change) => (
          <ChangeLine key={`${change.resource} ${change.serial}`} change={change} zone={zone} />
        ))}
      </ol>
      {shown.length < apply.changes.length && (
        <button type="button" className="btn sm more" onClick={() => setAll(true)}>
          Show {counted(apply.changes.length - shown.length, "more job")}
        </button>
      )}
    </section>
  );
}

/** j and k move between the changes. */
function useLineKeys(box: React.RefObject<HTMLElement | null>): void {
  const step = (by: number) => {
    const lines = [...(box.current?.querySelectorAll<HTMLElement>(".ch-fold") ?? [])];
    const at = lines.indexOf(document.activeElement as HTMLElement);
    const next = lines[Math.max(0, Math.min(lines.length - 1, at < 0 ? 0 : at + by))];
    next?.focus();
    return next !== undefined;
  };
  useKeys({ j: () => step(1), k: () => step(-1) });
}

export default function FleetHistory() {
  const [step, setStep] = useState(0);
  const { data, error, refetch, isFetching } = useRecentChanges(STEPS[step] ?? 50);
  const box = useRef<HTMLDivElement>(null);
  useLineKeys(box);
  if (error && !data)
    return (
      <Failure
        what="The history could not be read"
        error={error}
        retry={() => void refetch()}
        still={
          <>
            Still works: <code>headgate jobs history ID</code> on the command line.
          </>
        }
      />
    );
  if (!data) return <ListSkeleton rows={10} />;
  if (data.items.length === 0)
    return (
      <Empty icon="undo" title="Nothing has been applied yet." commands={["headgate jobs apply"]}>
        Every apply keeps who changed what, when, and from which commit.
      </Empty>
    );
  return (
    <div ref={box}>
      {appliesOf(data.items).map((apply) => (
        <ApplyBlock key={`${apply.actor} ${apply.at} ${apply.commit}`} apply={apply} />
      ))}
      <p className="list-end s d">
        {data.more && step + 1 < STEPS.length && (
          <button type="button" className="btn sm" disabled={isFetching} onClick={() => setStep(step + 1)}>
            Show older changes
          </button>
        )}
        {data.more && step + 1 >= STEPS.length && "Older changes are in the history of each job."}
        {data.unseen > 0 && ` ${counted(data.unseen, "deleted job")} were not looked at.`}
      </p>
    </div>
  );
}
