/** One group of a wave: why it is there, what moves with it, and where it may be put. */
import { Link } from "wouter";
import type { LineageWavesView } from "../../../src/model/view-waves.ts";
import { Icon } from "../../components/icon.tsx";
import { counted } from "../../words/count.ts";
import { groupTitle } from "./pins.ts";

type Wave = LineageWavesView["waves"][number];
type Group = Wave["groups"][number];

/** Names of one list before the rest is counted. */
const SHOWN = 60;
const SAYS: Record<Group["constraint"], string> = {
  hard: "What was seen holds it here.",
  soft: "Only what one of several may have done holds it here; it may move with a look.",
  none: "Nothing holds it here: it may stand in any wave.",
};

export function GroupPanel(props: {
  plan: LineageWavesView;
  wave: Wave;
  group: Group;
  pinned: boolean;
  move: (wave: number) => void;
  free: () => void;
  close: () => void;
}) {
  const { plan, wave, group, pinned, move, free, close } = props;
  const last = plan.waves.at(-1)?.number ?? wave.number;
  const waves = Array.from({ length: last + 1 }, (_, index) => index + 1);
  return (
    <section className="group-panel" aria-label={`Wave ${wave.number}: ${groupTitle(group)}`}>
      <div className="head sub">
        <h2>
          Wave {wave.number}: {groupTitle(group)}
        </h2>
        <div className="sp">
          <label className="s d" htmlFor="move-to">
            Move to
          </label>
          <select
            id="move-to"
            className="in"
            value={wave.number}
            onChange={(event) => move(Number(event.target.value))}
          >
            {waves.map((number) => (
              <option key={number} value={number}>
                Wave {number}
                {number > last ? " (new)" : ""}
              </option>
            ))}
          </select>
          {pinned && (
            <button type="button" className="btn sm" onClick={free}>
              Take the pin out
            </button>
          )}
          <button type="button" className="btn ic q" onClick={close} aria-label="Close">
            <Icon name="cross" />
          </button>
        </div>
      </div>
      <div className="group-parts">
        <div>
          <h3>Why here</h3>
          <p className="prose">{group.why}</p>
          <p className="s d">{SAYS[group.constraint]}</p>
        </div>
        <Names
          title={counted(group.jobs.length, "job")}
          names={group.jobs.map((job) => job.name ?? job.id)}
          refs={group.jobs.map((job) => job.id)}
        />
        <Names title={counted(group.tables.length, "table")} names={group.tables} refs={group.tables} mono />
      </div>
    </section>
  );
}

function Names(props: { title: string; names: string[]; refs: string[]; mono?: boolean }) {
  const { title, names, refs, mono } = props;
  return (
    <div>
      <h3>{title}</h3>
      <ul className="names">
        {names.slice(0, SHOWN).map((name, index) => (
          <li key={refs[index]} className="cut">
            <Link href={`/lineage?node=${encodeURIComponent(refs[index] ?? name)}`} className={mono ? "m" : ""}>
              {name}
            </Link>
          </li>
        ))}
        {names.length > SHOWN && <li className="s d">{counted(names.length - SHOWN, "more name")}</li>}
        {names.length === 0 && <li className="s d">none</li>}
      </ul>
    </div>
  );
}
