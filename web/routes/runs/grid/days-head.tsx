/** The head of the grid: months, weekdays and days of the columns in view. */
import { memo } from "react";
import { dayAfter, fullDay, partsOfDay, shortDay } from "../../../words/day.ts";
import type { Columns } from "./cells.tsx";

export const DaysHead = memo(function DaysHead(props: {
  from: string;
  to: string;
  days: number;
  today: string;
  columns: Columns;
  name: number;
}) {
  const { from, to, days, today, columns, name } = props;
  const shown = Array.from({ length: Math.max(0, Math.min(days, columns.end) - columns.first) }, (_, at) => {
    const place = columns.first + at;
    const day = dayAfter(from, place);
    return { place, day, ...partsOfDay(day) };
  });
  return (
    <div className="days-head" aria-hidden="true" style={{ width: name + days * columns.width }}>
      <div className="days-range s d" style={{ width: name }}>
        <span className="cut">
          {from.slice(0, 4) === to.slice(0, 4) ? shortDay(from) : fullDay(from)} to {shortDay(to)}
        </span>
      </div>
      <div className="days-track" style={{ width: days * columns.width }}>
        {shown.map(({ place, day, weekday, number, month, year, weekend }) => (
          <span
            key={day}
            className={`day${weekend ? " we" : ""}${day === today ? " now" : ""}`}
            style={{ left: place * columns.width, width: columns.width }}
          >
            {(number === 1 || place === 0) && days > 31 && (
              <span className="month">{month === "Jan" || place === 0 ? `${month} ${year}` : month}</span>
            )}
            <span>{weekday.charAt(0)}</span>
            <span>{number}</span>
          </span>
        ))}
      </div>
    </div>
  );
});
