/** Seven days by the hour: how many jobs start, or run at once; every hour can be chosen. */
import type { KeyboardEvent } from "react";
import type { CalendarAnswer } from "../../../../src/server/api.ts";
import { PHONE, useMedia } from "../../../components/use-media.ts";
import { counted, grouped } from "../../../words/count.ts";
import { weekdayOf } from "../../../words/day.ts";

/** What the colour stands for. */
export type Measure = "starts" | "atOnce";
type Day = CalendarAnswer["days"][number];

/** From here on a cell has thousands. */
const MOST_WHOLE = 100_000;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const two = (hour: number) => String(hour).padStart(2, "0");

function words(day: Day, hour: number): string {
  const starts = day.starts[hour] ?? 0;
  const paused = day.paused[hour] ?? 0;
  const live = day.atOnce[hour] ?? 0;
  return [
    `${weekdayOf(day.date)}, ${two(hour)}:00`,
    starts === 0 ? "no starts" : counted(starts, "start"),
    ...(live > 0 ? [`up to ${grouped(live)} at once`] : []),
    ...[starts, live].filter((value) => value >= MOST_WHOLE).map((value) => `about ${short(value)}`),
    ...(paused > 0 ? [`${grouped(paused)} paused`] : []),
  ].join("\n");
}

/** Arrows move between the hours. */
function move(event: KeyboardEvent<HTMLTableElement>): void {
  const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  const cell = event.target instanceof HTMLElement ? event.target.closest<HTMLTableCellElement>("td") : null;
  const row = cell?.parentElement as HTMLTableRowElement | undefined;
  const body = row?.parentElement as HTMLTableSectionElement | undefined;
  if (!by || !cell || !row || !body) return;
  const next = body.rows[row.sectionRowIndex + (by[0] ?? 0)]?.cells[cell.cellIndex + (by[1] ?? 0)];
  const button = next?.querySelector("button");
  if (!button) return;
  event.preventDefault();
  button.focus();
}

export function Heat(props: {
  days: Day[];
  measure: Measure;
  chosen: { date: string; hour: number | null };
  choose: (date: string, hour: number | null) => void;
}) {
  const { days, measure, chosen, choose } = props;
  const phone = useMedia(PHONE);
  const values = days.flatMap((day) => day[measure]).filter((value) => value > 0);
  const most = Math.max(1, ...values);
  const least = Math.min(most, ...values);
  // Half for how much it is, half for how much more than the quietest hour.
  const heatOf = (value: number) =>
    value === 0 ? 0 : 6 + 18 * Math.sqrt(value / most) + 24 * ((value - least) / Math.max(1, most - least));
  const first = days[0]?.date;

  const cell = (day: Day, hour: number) => {
    const value = day[measure][hour] ?? 0;
    const on = chosen.date === day.date && chosen.hour === hour;
    // One hour is in the tab order; arrows reach the rest.
    const stop = chosen.hour === null ? day.date === chosen.date && hour === 0 : on;
    const paused = value === 0 && (day.paused[hour] ?? 0) > 0;
    return (
      <td key={`${day.date} ${hour}`}>
        <button
          type="button"
          className={`hc${on ? " on" : ""}${paused ? " off" : ""}`}
          style={{ "--heat": `${Math.round(heatOf(value))}%` } as React.CSSProperties}
          tabIndex={stop || (first === undefined && hour === 0) ? 0 : -1}
          aria-pressed={on}
          aria-label={words(day, hour).replaceAll("\n", ", ")}
          data-tip={words(day, hour)}
          onClick={() => choose(day.date, on ? null : hour)}
        >
          {value > 0 ? short(value) : paused ? "·" : ""}
        </button>
      </td>
    );
  };
  const dayHead = (day: Day) => (
    <th key={day.date} scope={phone ? "col" : "row"}>
      <button
        type="button"
        className={`hd${chosen.date === day.date ? " on" : ""}`}
        aria-pressed={chosen.date === day.date && chosen.hour === null}
        aria-label={weekdayOf(day.date)}
        onClick={() => choose(day.date, null)}
      >
        {phone ? weekdayOf(day.date).slice(0, 3) : weekdayOf(day.date)}
      </button>
    </th>
  );
  const hourHead = (hour: number) => (
    <th key={hour} scope={phone ? "row" : "col"} className="hh n">
      {two(hour)}
    </th>
  );
  return (
    <table className="heat" aria-label="Starts by day and hour" onKeyDown={move}>
      <thead>
        <tr>
          <td />
          {phone ? days.map(dayHead) : HOURS.map(hourHead)}
        </tr>
      </thead>
      <tbody>
        {phone
          ? HOURS.map((hour) => (
              <tr key={hour}>
                {hourHead(hour)}
                {days.map((day) => cell(day, hour))}
              </tr>
            ))
          : days.map((day) => (
              <tr key={day.date}>
                {dayHead(day)}
                {HOURS.map((hour) => cell(day, hour))}
              </tr>
            ))}
      </tbody>
    </table>
  );
}

/** `984`, `14 200`, `120k`: what fits in a cell. */
function short(value: number): string {
  return value < MOST_WHOLE ? grouped(value) : `${Math.floor(value / 1_000)}k`;
}
