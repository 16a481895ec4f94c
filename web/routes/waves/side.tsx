/** Beside the board: tables that tie groups together, what stands against the plan, what was not kept. */
import { Link } from "wouter";
import type { LineageWavesView } from "../../../src/model/view-waves.ts";
import { counted } from "../../words/count.ts";
import type { Pin } from "./pins.ts";

const SHOWN = 12;

export function Side(props: { plan: LineageWavesView; pins: readonly Pin[]; split: (tables: string[]) => void }) {
  const { plan, split } = props;
  const names = new Map(
    plan.waves.flatMap(({ groups }) => groups.flatMap(({ jobs }) => jobs.map(({ id, name }) => [id, name] as const))),
  );
  const most = Math.max(1, ...plan.hubs.map((hub) => hub.groupsAfter));
  return (
    <aside className="wave-side">
      <h2>
        Hubs <span className="s d">tables that tie jobs together</span>
      </h2>
      {plan.hubs.length === 0 && (
        <p className="s d">No table holds a group together that would fall apart without it.</p>
      )}
      <ul className="hubs">
        {plan.hubs.slice(0, SHOWN).map((hub) => (
          <li key={hub.table}>
            <div className="hub-line">
              <Link
                href={`/lineage?node=${encodeURIComponent(hub.table)}`}
                className="m cut"
                data-tip={[hub.table, ...(hub.with ?? [])].join("\n")}
              >
                {hub.table}
              </Link>
              <span className="n nw">
                {hub.groupsBefore} → <b>{hub.groupsAfter}</b> groups
              </span>
            </div>
            <div className="hub-bar" aria-hidden="true">
              <i style={{ width: `${(100 * hub.groupsAfter) / most}%` }} />
            </div>
            <div className="hub-line">
              <span className="s d">
                {counted(hub.jobs, "job")} in its group{hub.with?.length ? `; only with ${hub.with.join(", ")}` : ""}
              </span>
              <button type="button" className="lnk s" onClick={() => split([hub.table, ...(hub.with ?? [])])}>
                Split
              </button>
            </div>
          </li>
        ))}
      </ul>
      {plan.hubs.length > SHOWN && <p className="s d">{counted(plan.hubs.length - SHOWN, "more hub")}</p>}
      {plan.blockers.length > 0 && (
        <>
          <h2>
            Blockers <span className="n d">{plan.blockers.length}</span>
          </h2>
          <ul className="lines">
            {plan.blockers.slice(0, SHOWN).map((blocker) => (
              <li key={blocker.why} className="s">
                <span className="st fail">
                  <i className="i" aria-hidden="true" />
                  {blocker.kind}
                </span>{" "}
                {blocker.why}
              </li>
            ))}
          </ul>
        </>
      )}
      {plan.cut.length > 0 && (
        <>
          <h2>
            Not kept <span className="n d">{plan.cut.length}</span>
          </h2>
          <p className="s d">
            Dependencies that only may be (several jobs fit the access), and that the order does not keep.
          </p>
          <ul className="lines">
            {plan.cut.slice(0, SHOWN).map((cut) => (
              <li key={`${cut.job} ${cut.table} ${cut.access}`} className="s">
                <span data-tip={cut.job}>{names.get(cut.job) ?? cut.job}</span>{" "}
                {cut.access === "read" ? "may read" : cut.access === "write" ? "may write" : "may maintain"}{" "}
                <span className="m">{cut.table}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}
