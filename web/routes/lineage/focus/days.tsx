/** Below the graph: the date it is of, on a histogram of what was seen by day, and a second date to compare with. */
import { useEffect, useMemo, useState } from "react";
import type { LineageCoverageView } from "../../../../src/model/view-lineage.ts";
import { useMinute } from "../../../api/use-live.ts";
import { wordsOf } from "../../../components/failure.tsx";
import { counted } from "../../../words/count.ts";
import { dayText } from "../../../words/lineage.ts";
import { dayList } from "./day-list.ts";
import type { Picture } from "./picture.ts";

/** How long a handle rests before the graph of its day is asked for. */
const REST_MS = 200;
/** Days between the two dates, when a comparison begins. */
const WEEK = 7;

export function Days(props: {
  coverage: LineageCoverageView | undefined;
  /** The day of the graph; null while it is not known. */
  at: string | null;
  diff: string | null;
  /** Whether there is a graph that another day's can be compared with. */
  comparable: boolean;
  /** With marks of both dates; undefined where none are compared. */
  picture: Picture | undefined;
  failed: Error | null;
  change: (values: Record<string, string | null>) => void;
}) {
  const { coverage, at, diff, comparable, picture, failed, change } = props;
  const now = useMinute();
  const days = useMemo(() => dayList(coverage?.days ?? []), [coverage]);
  const last = days.length - 1;
  const indexOf = (day: string | null) => {
    const index = days.findIndex((each) => each.day === day);
    if (index >= 0) return index;
    return day !== null && day < (days[0]?.day ?? "") ? 0 : last;
  };
  if (days.length === 0) return null;
  const [shown, other] = [indexOf(at), diff === null ? null : indexOf(diff)];
  const most = Math.max(1, ...days.map(({ seen }) => seen));
  const text = (index: number) => dayText(days[index]?.day ?? "", now);
  const set = (name: "at" | "diff") => (index: number) => {
    const day = days[index]?.day ?? null;
    change({ [name]: name === "at" && index === last ? null : day, sel: null });
  };
  const [left, right] = other === null ? [shown, shown] : [Math.min(shown, other), Math.max(shown, other)];
  const marks = (mark: "add" | "del") => picture?.lines.filter((line) => line.mark === mark).length ?? 0;
  return (
    <section className="lin-days" aria-label="Date">
      <div className="lin-days-head s">
        {other === null ? (
          <b>{at === null ? text(shown) : dayText(at, now)}</b>
        ) : (
          <span>
            <b>{text(other)}</b> compared with <b>{text(shown)}</b>
          </span>
        )}
        {picture && (
          <>
            <span className="add">+ {counted(marks("add"), "edge")} new</span>
            <span className="del">− {counted(marks("del"), "edge")} gone</span>
          </>
        )}
        {failed && <span className="del">The difference could not be read: {wordsOf(failed).title}</span>}
        {last > 0 &&
          comparable &&
          (other === null ? (
            <button
              type="button"
              className="lnk s"
              onClick={() => change({ diff: days[Math.max(0, shown - WEEK)]?.day ?? null, sel: null })}
              disabled={shown === 0}
            >
              Compare with another day
            </button>
          ) : (
            <button type="button" className="lnk s" onClick={() => change({ diff: null, sel: null })}>
              Stop comparing
            </button>
          ))}
        <span className="d sp hs">seen a day{days.some(({ hole }) => hole) ? "; hatched: nothing was read" : ""}</span>
      </div>
      <div className="lin-track">
        <svg viewBox={`0 0 ${days.length * 10} 28`} preserveAspectRatio="none" aria-hidden="true">
          <pattern id="lin-hole" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <path d="M0 0V4" />
          </pattern>
          {days.map(({ day, seen, hole }, index) =>
            hole ? (
              <rect key={day} className="hole" x={index * 10} y={0} width={10} height={28} />
            ) : (
              <rect
                key={day}
                className={index >= left && index <= right ? "on" : undefined}
                x={index * 10 + 1.5}
                y={28 - Math.max(1, (26 * seen) / most)}
                width={7}
                height={Math.max(1, (26 * seen) / most)}
              />
            ),
          )}
        </svg>
        {other !== null && (
          <span
            className="lin-range"
            style={{ left: `${(100 * left) / days.length}%`, right: `${100 - (100 * (right + 1)) / days.length}%` }}
          />
        )}
        {last > 0 && other !== null && (
          <Handle label="Compared with" count={days.length} value={other} text={text} set={set("diff")} />
        )}
        {last > 0 && <Handle label="Date of the graph" count={days.length} value={shown} text={text} set={set("at")} />}
      </div>
      <div className="lin-ticks s d n" aria-hidden="true">
        <span>{text(0)}</span>
        {last >= 20 && <span>{text(Math.round(last / 2))}</span>}
        {last > 0 && <span>{text(last)}</span>}
      </div>
    </section>
  );
}

/** One handle on the track: a range of the browser, so that keys and readers know it. */
function Handle(props: {
  label: string;
  count: number;
  value: number;
  text: (index: number) => string;
  set: (index: number) => void;
}) {
  const { label, count, value, text, set } = props;
  /** Where a hand put it, until the graph of that day has come; an older one that comes late does not move it. */
  const [hand, setHand] = useState<{ index: number; asked: boolean } | null>(null);
  const [came, setCame] = useState(value);
  if (came !== value) {
    setCame(value);
    if (hand?.asked) setHand(null);
  }
  const held = hand?.index ?? value;
  useEffect(() => {
    if (hand === null || hand.asked) return;
    const timer = setTimeout(() => {
      if (hand.index === value) return setHand(null);
      setHand({ ...hand, asked: true });
      set(hand.index);
    }, REST_MS);
    return () => clearTimeout(timer);
  });
  const half = 50 / count;
  return (
    <input
      type="range"
      className="lin-handle"
      aria-label={label}
      aria-valuetext={text(held)}
      data-tip={text(held)}
      min={0}
      max={count - 1}
      value={held}
      // The middle of a handle stands on the middle of its bar.
      style={{ left: `calc(${half}% - 6px)`, width: `calc(${100 - 2 * half}% + 12px)` }}
      onChange={(event) => setHand({ index: Number(event.currentTarget.value), asked: false })}
    />
  );
}
