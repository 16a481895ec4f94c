/** The board: a column a wave, a card a group. Cards are dragged to another wave, which pins them there. */
import { type DragEvent, useState } from "react";
import type { LineageWavesView } from "../../../src/model/view-waves.ts";
import { Icon } from "../../components/icon.tsx";
import { counted } from "../../words/count.ts";
import { groupKey, groupTitle, type Pin } from "./pins.ts";

type Wave = LineageWavesView["waves"][number];
type Group = Wave["groups"][number];

/** Cards of one column before the rest is folded: a wave of a large estate has thousands. */
const SHOWN = 40;
const WORD: Record<Group["constraint"], string> = { hard: "Hard", soft: "Soft", none: "Free" };

/** Whether somebody holds a group where it is. */
const isPinned = (group: Group, pins: readonly Pin[]) =>
  pins.some((pin) =>
    pin.kind === "job" ? group.jobs.some(({ id }) => id === pin.name) : group.tables.includes(pin.name),
  );

export function Board(props: {
  plan: LineageWavesView;
  pins: readonly Pin[];
  selected: string | null;
  select: (key: string | null) => void;
  move: (group: Group, wave: number) => void;
}) {
  const { plan, pins, selected, select, move } = props;
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const find = (key: string) => plan.waves.flatMap((wave) => wave.groups).find((group) => groupKey(group) === key);
  const drop = (event: DragEvent, wave: number) => {
    event.preventDefault();
    setOver(null);
    const group = dragged === null ? undefined : find(dragged);
    if (group) move(group, wave);
    setDragged(null);
  };
  const next = (plan.waves.at(-1)?.number ?? 0) + 1;
  return (
    <ol className="board" aria-label="Waves">
      {plan.waves.map((wave) => (
        <li
          key={wave.number}
          className={`wave${over === wave.number ? " over" : ""}`}
          aria-label={`Wave ${wave.number}`}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(wave.number);
          }}
          onDragLeave={() => setOver(null)}
          onDrop={(event) => drop(event, wave.number)}
        >
          <header>
            <h2>Wave {wave.number}</h2>
            <span className="s d n">
              {counted(wave.jobs, "job")}, {counted(wave.tables, "table")}
            </span>
          </header>
          <Cards wave={wave} pins={pins} selected={selected} select={select} onDrag={(key) => setDragged(key)} />
        </li>
      ))}
      {dragged !== null && (
        <li
          className={`wave new${over === next ? " over" : ""}`}
          aria-label={`Wave ${next}`}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(next);
          }}
          onDrop={(event) => drop(event, next)}
        >
          <header>
            <h2>Wave {next}</h2>
          </header>
          <p className="s d">Drop here for a later wave</p>
        </li>
      )}
    </ol>
  );
}

function Cards(props: {
  wave: Wave;
  pins: readonly Pin[];
  selected: string | null;
  select: (key: string | null) => void;
  onDrag: (key: string | null) => void;
}) {
  const { wave, pins, selected, select, onDrag } = props;
  const [all, setAll] = useState(false);
  const shown = all ? wave.groups : wave.groups.slice(0, SHOWN);
  return (
    <ul>
      {shown.map((group) => {
        const key = groupKey(group);
        const pinned = isPinned(group, pins);
        return (
          <li key={key}>
            <button
              type="button"
              className={`group ${group.constraint}${pinned ? " pinned" : ""}`}
              aria-pressed={selected === key}
              draggable
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = "move";
                event.dataTransfer.setData("text/plain", key);
                onDrag(key);
              }}
              onDragEnd={() => onDrag(null)}
              onClick={() => select(selected === key ? null : key)}
            >
              <b className="cut">
                {groupTitle(group)}
                {pinned && <Icon name="pin" size={12} />}
              </b>
              <span className="s d n">
                {counted(group.jobs.length, "job")}, {counted(group.tables.length, "table")}
              </span>
              <span className="why s f2">
                <span className="d">{WORD[group.constraint]}:</span> {group.why}
              </span>
            </button>
          </li>
        );
      })}
      {!all && wave.groups.length > SHOWN && (
        <li>
          <button type="button" className="lnk s" onClick={() => setAll(true)}>
            {counted(wave.groups.length - SHOWN, "more group")}
          </button>
        </li>
      )}
    </ul>
  );
}
