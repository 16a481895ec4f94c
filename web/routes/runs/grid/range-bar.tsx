/** The filter bar of the grid: text, verdict, which days. */
import "../../jobs/list/list.css";
import { useEffect, useRef, useState } from "react";
import { Icon } from "../../../components/icon.tsx";
import { useKeys } from "../../../shell/keys.ts";
import { dayAfter, weekdayOf } from "../../../words/day.ts";
import { HEALTHS } from "../../../words/run-state.ts";
import { FacetMenu } from "../../jobs/list/facet-menu.tsx";

/** Spans that can be chosen at once; others can be written in the address. */
const SPANS = [
  { days: 28, name: "28 days" },
  { days: 84, name: "12 weeks" },
  { days: 364, name: "Year" },
];

/** What the bar shows and changes; all of it stands in the URL. */
export interface Range {
  to: string;
  days: number;
  q: string;
  verdict: string[];
}

export function RangeBar(props: {
  range: Range;
  today: string;
  verdicts: Record<string, number> | undefined;
  change: (values: Record<string, string | null>) => void;
}) {
  const { range, today, verdicts, change } = props;
  const [text, setText] = useState(range.q);
  const [open, setOpen] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useKeys({ f: () => field.current?.focus() });
  useEffect(() => setText(range.q), [range.q]);
  useEffect(() => {
    if (text === range.q) return;
    const timer = setTimeout(() => change({ q: text, sel: null }), 180);
    return () => clearTimeout(timer);
  }, [text, range.q, change]);

  const turn = (days: number) => {
    const to = dayAfter(range.to, days);
    change({ to: to >= today ? null : to });
  };
  const options = HEALTHS.filter(({ value }) => (verdicts?.[value] ?? 0) > 0 || range.verdict.includes(value)).map(
    ({ value, label }) => ({ value, label, count: verdicts?.[value] ?? 0 }),
  );
  const filtered = range.q !== "" || range.verdict.length > 0;
  return (
    <search className="filters">
      <fieldset className="seg span-seg">
        <legend className="vh">Last day</legend>
        <button type="button" aria-label="Day before" onClick={() => turn(-1)}>
          <Icon name="left" size={12} />
        </button>
        <button type="button" className="n" onClick={() => change({ to: null })} data-tip="To today">
          {weekdayOf(range.to)}
        </button>
        <button type="button" aria-label="Day after" disabled={range.to >= today} onClick={() => turn(1)}>
          <Icon name="right" size={12} />
        </button>
      </fieldset>
      <button type="button" className="chip only-s flex" aria-expanded={open} onClick={() => setOpen(!open)}>
        Filter {filtered && <b>on</b>}
      </button>
      <div className={`facets${open ? " open" : ""}`}>
        <fieldset className="seg span-seg">
          <legend className="vh">Days shown</legend>
          {SPANS.map(({ days, name }) => (
            <button
              key={days}
              type="button"
              aria-pressed={range.days === days}
              onClick={() => change({ days: days === 28 ? null : String(days) })}
            >
              {name}
            </button>
          ))}
        </fieldset>
        <span className="fin">
          <Icon name="search" />
          <input
            ref={field}
            className="in"
            enterKeyHint="search"
            aria-label="Filter processes"
            placeholder="Filter: name, owner, why"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </span>
        <FacetMenu
          name="Verdict"
          options={options}
          chosen={range.verdict}
          choose={(values) => change({ verdict: values.join(","), sel: null })}
        />
        {filtered && (
          <button type="button" className="btn sm q" onClick={() => change({ q: null, verdict: null, sel: null })}>
            Clear
          </button>
        )}
      </div>
      <span className="sp s d hs">
        worst first; <kbd>j</kbd> <kbd>k</kbd> <kbd>←</kbd> <kbd>→</kbd> move, <kbd>o</kbd> unfolds
      </span>
    </search>
  );
}
