/** When jobs start: seven days by the hour, and below the jobs of a day or an hour. */
import "./calendar.css";
import { useCallback, useEffect, useState } from "react";
import { useCalendar } from "../../../api/queries.ts";
import { useMinute } from "../../../api/use-live.ts";
import { useUrl } from "../../../api/use-url.ts";
import { Empty } from "../../../components/empty.tsx";
import { Failure } from "../../../components/failure.tsx";
import { Icon } from "../../../components/icon.tsx";
import { ListSkeleton } from "../../../components/skeleton.tsx";
import { useKeys } from "../../../shell/keys.ts";
import { useZone } from "../../../shell/zone.ts";
import { counted, grouped } from "../../../words/count.ts";
import { dayAfter, isDay, shortDay, today, weekdayOf } from "../../../words/day.ts";
import { Heat, type Measure } from "./heat.tsx";
import { hourOf } from "./hours.ts";
import { Lanes } from "./lanes.tsx";

const DAYS = 7;
const PAGE = 200;
const MEASURES: { measure: Measure; name: string }[] = [
  { measure: "starts", name: "Starts" },
  { measure: "atOnce", name: "At once" },
];

function hourParam(text: string | null): number | null {
  const hour = text === null || text === "" ? Number.NaN : Number(text);
  return Number.isInteger(hour) && hour >= 0 && hour < 24 ? hour : null;
}

/** Filters jobs by words; the address follows a moment later. */
function Words({ q, change }: { q: string; change: (values: Record<string, string | null>) => void }) {
  const [text, setText] = useState(q);
  useEffect(() => setText(q), [q]);
  useEffect(() => {
    if (text === q) return;
    const timer = setTimeout(() => change({ q: text, sel: null }), 180);
    return () => clearTimeout(timer);
  }, [text, q, change]);
  return (
    <span className="fin">
      <Icon name="search" />
      <input
        className="in"
        enterKeyHint="search"
        aria-label="Filter jobs of the calendar"
        placeholder="Filter: name"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </span>
  );
}

export default function Calendar() {
  const [params, change] = useUrl();
  const zone = useZone();
  const now = today(useMinute(), zone);
  const from = isDay(params.get("from")) ? (params.get("from") as string) : now;
  const asked = params.get("day");
  const day = isDay(asked) && asked >= from && asked <= dayAfter(from, DAYS - 1) ? asked : from;
  const hour = hourParam(params.get("hour"));
  const q = params.get("q") ?? "";
  const measure: Measure = params.get("show") === "atOnce" ? "atOnce" : "starts";
  const selected = params.get("sel");
  const select = useCallback((resource: string) => change({ sel: resource }), [change]);

  const week = useCalendar({ from, days: DAYS, q, limit: 0 });
  const dayView = useCalendar({ from: day, days: 1, q, hour, limit: PAGE });
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = dayView;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);

  const shift = (days: number) =>
    change({ from: days === 0 ? null : dayAfter(from, days), day: null, hour: null, sel: null });
  useKeys({
    escape: () => {
      if (selected !== null) return change({ sel: null });
      if (hour !== null) return change({ hour: null });
      return false;
    },
    "[": () => shift(-DAYS),
    "]": () => shift(DAYS),
  });

  const heat = week.data?.pages[0];
  const first = dayView.data?.pages[0];
  const jobs = dayView.data?.pages.flatMap((page) => page.items) ?? [];
  const error = week.error ?? dayView.error;
  if (error && (!heat || !first))
    return (
      <Failure
        what="The calendar could not be made"
        error={error}
        retry={() => {
          void week.refetch();
          void dayView.refetch();
        }}
        still={
          <>
            Still works: <code>headgate jobs cron "0 30 2 * * ?"</code> tells the starts of one schedule.
          </>
        }
      />
    );
  if (!heat || !first) return <ListSkeleton rows={14} />;

  const { without } = heat;
  const clockless = [
    without.continuous > 0 && `${grouped(without.continuous)} continuous`,
    without.event > 0 && `${grouped(without.event)} on an event`,
    without.none > 0 && `${grouped(without.none)} only when told`,
  ].filter(Boolean);
  const whole = { from: 0, to: (Date.parse(first.ends) - Date.parse(first.begins)) / 1000 };
  const shown = hour === null ? whole : hourOf(whole, hour, first.begins, first.zone);
  const starts = first.days[0]?.starts ?? [];
  const total = hour === null ? starts.reduce((sum, each) => sum + each, 0) : (starts[hour] ?? 0);
  return (
    <div className="calendar">
      <div className="cal-tools">
        <Words q={q} change={change} />
        <fieldset className="seg">
          <legend className="vh">What the colour stands for</legend>
          {MEASURES.map((each) => (
            <button
              key={each.measure}
              type="button"
              aria-pressed={measure === each.measure}
              onClick={() => change({ show: each.measure === "starts" ? null : each.measure })}
            >
              {each.name}
            </button>
          ))}
        </fieldset>
        <span className="cal-week">
          <button type="button" className="btn ic" aria-label="Seven days before" onClick={() => shift(-DAYS)}>
            <Icon name="left" size={12} />
          </button>
          <span className="s n">
            {shortDay(from)} – {shortDay(dayAfter(from, DAYS - 1))}
          </span>
          <button type="button" className="btn ic" aria-label="Seven days after" onClick={() => shift(DAYS)}>
            <Icon name="right" size={12} />
          </button>
          {from !== now && (
            <button type="button" className="btn sm" onClick={() => shift(0)}>
              Today
            </button>
          )}
        </span>
        <span className="sp s d hs">
          hours in {heat.zone}
          {clockless.length > 0 && `; without a clock: ${clockless.join(", ")}`}
        </span>
      </div>
      <Heat
        days={heat.days}
        measure={measure}
        chosen={{ date: day, hour }}
        choose={(date, at) => change({ day: date, hour: at === null ? null : String(at), sel: null })}
      />
      <h2 className="cal-day" aria-live="polite">
        {weekdayOf(day)}
        {hour !== null && `, ${String(hour).padStart(2, "0")}:00 to ${String((hour + 1) % 24).padStart(2, "0")}:00`}
        <span className="d n">
          {counted(total, "start")} of {counted(first.count, "job")}
        </span>
        {hour !== null && (
          <button type="button" className="lnk s" onClick={() => change({ hour: null, sel: null })}>
            Whole day
          </button>
        )}
      </h2>
      <p className="s d only-s">
        Hours in {heat.zone}
        {clockless.length > 0 && `; without a clock: ${clockless.join(", ")}`}
      </p>
      {first.count === 0 ? (
        <Empty icon="runs" title={q === "" ? "Nothing starts then." : "No job that fits starts then."}>
          {q === "" ? (
            "A job starts by itself once its declaration has a schedule."
          ) : (
            <button type="button" className="lnk" onClick={() => change({ q: null })}>
              Clear the filter
            </button>
          )}
        </Empty>
      ) : (
        <Lanes
          jobs={jobs}
          count={first.count}
          shown={shown}
          begins={first.begins}
          zone={first.zone}
          selected={selected}
          select={select}
          more={more}
        />
      )}
    </div>
  );
}
