/** One day or hour: a lane a job, a bar a start as long as it usually runs. Rows are virtual. */
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { State } from "../../../components/state.tsx";
import { PHONE, useMedia } from "../../../components/use-media.ts";
import { useKeys } from "../../../shell/keys.ts";
import { counted, grouped } from "../../../words/count.ts";
import { city, clock, span } from "../../../words/time.ts";
import { barsOf, type CalendarJob, marksOf, type Stretch, selfOverlaps } from "./hours.ts";

const ROW = { wide: 32, phone: 60 };
/** Width of a bar at least, of a thousand. */
const LEAST = 2;

/** Outline of all bars of a job, in a box of 1,000 by 10: one element however many there are. */
function outline(job: CalendarJob, shown: Stretch): string {
  let path = "";
  let until = -1;
  for (const { at, length } of barsOf(job, shown)) {
    const left = Math.max(0, at * 1_000);
    const right = Math.min(1_000, Math.max(at * 1_000 + length * 1_000, left + LEAST));
    // Bars over one another are told apart by a gap at each start.
    const from = left < until ? left + 1 : left;
    path += `M${from.toFixed(1)} 0H${Math.max(from + 1, right).toFixed(1)}V10H${from.toFixed(1)}Z`;
    until = right;
  }
  return path;
}

const Lane = memo(function Lane(props: {
  job: CalendarJob;
  shown: Stretch;
  begins: string;
  zone: string;
  on: boolean;
}) {
  const { job, shown, begins, zone, on } = props;
  const start = Date.parse(begins);
  const here = job.starts.filter((second) => second >= shown.from && second < shown.to);
  const times = here.slice(0, 6).map((second) => clock(new Date(start + second * 1000), zone));
  const said = `${times.join(", ")}${here.length > times.length ? ` and ${grouped(here.length - times.length)} more` : ""}`;
  const overlaps = selfOverlaps(job);
  const other = job.timezone !== null && job.timezone !== zone ? ` ${city(job.timezone)}` : "";
  return (
    <>
      <span className="ln-name">
        <Link
          href={`/jobs/${encodeURIComponent(job.resource)}`}
          data-tip={job.name === job.resource ? undefined : job.name}
        >
          <b>{job.resource}</b>
        </Link>
        {job.paused && (
          <State tone="skip" tip="Paused: it would start then">
            paused
          </State>
        )}
        {!job.paused && overlaps > 0 && (
          <State
            tone="warn"
            tip={`It usually runs ${span(job.runMs ?? 0)}: ${counted(overlaps, "start")} while the run before is under way`}
          >
            overlaps itself
          </State>
        )}
      </span>
      <span className="ln-when d s" data-tip={`${job.expression}\n${job.timezone ?? "UTC"}`}>
        {job.text}
        {other}
      </span>
      <span
        className={`ln-track${job.paused ? " off" : ""}`}
        data-tip={`${said === "" ? "runs on from before" : said}${job.runMs === null ? "" : `\nusually runs ${span(job.runMs)}`}${job.cut ? "\nmore than once a minute: not all are drawn" : ""}`}
      >
        <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
          <path d={outline(job, shown)} />
        </svg>
        <span className="vh">Starts {said}</span>
      </span>
      <span className="ln-count n d s">{on ? said.split(",")[0] : times[0]}</span>
    </>
  );
});

export function Lanes(props: {
  jobs: CalendarJob[];
  count: number;
  shown: Stretch;
  begins: string;
  zone: string;
  selected: string | null;
  select: (resource: string) => void;
  more: () => void;
}) {
  const { jobs, count, shown, begins, zone, selected, select, more } = props;
  const list = useRef<HTMLOListElement>(null);
  const [top, setTop] = useState(0);
  const [, navigate] = useLocation();
  const phone = useMedia(PHONE);
  const height = phone ? ROW.phone : ROW.wide;
  useLayoutEffect(() => {
    const measure = () => setTop((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    measure();
    const sized = new ResizeObserver(measure);
    sized.observe(document.body);
    return () => sized.disconnect();
  }, []);
  const virtual = useWindowVirtualizer({
    count,
    estimateSize: () => height,
    overscan: 8,
    useFlushSync: false,
    scrollMargin: top,
    scrollPaddingStart: 80,
    scrollPaddingEnd: phone ? 72 : 16,
  });
  useEffect(() => {
    if (height) virtual.measure();
  }, [height, virtual]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= jobs.length && jobs.length < count) more();
  }, [last, jobs.length, count, more]);

  const at = jobs.findIndex((job) => job.resource === selected);
  const go = (index: number) => {
    const job = jobs[Math.max(0, Math.min(jobs.length - 1, index))];
    if (job === undefined) return false;
    select(job.resource);
    virtual.scrollToIndex(jobs.indexOf(job), { align: "auto" });
    return true;
  };
  useKeys({
    j: () => go(at + 1),
    k: () => go(at < 0 ? 0 : at - 1),
    enter: () => (selected === null ? false : navigate(`/jobs/${encodeURIComponent(selected)}`)),
  });

  return (
    <div className="lanes">
      <div className="ln-axis" aria-hidden="true">
        <span />
        <span />
        <span className="ln-marks">
          {marksOf(shown, begins, zone).map(({ at: place, text }) => (
            <span key={place} className="d s n" style={{ left: `${place * 100}%` }}>
              {text}
            </span>
          ))}
        </span>
        <span />
      </div>
      <ol ref={list} aria-label="Jobs that start then" style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {items.map(({ index, start }) => {
          const job = jobs[index];
          return (
            <li
              key={job?.resource ?? `wait-${index}`}
              className={`ln${job && job.resource === selected ? " sel" : ""}`}
              aria-setsize={count}
              aria-posinset={index + 1}
              aria-current={job && job.resource === selected ? "true" : undefined}
              style={{ height, transform: `translateY(${start - top}px)` }}
            >
              {job ? (
                <Lane job={job} shown={shown} begins={begins} zone={zone} on={job.resource === selected} />
              ) : (
                <span className="skel" style={{ width: "160px" }} />
              )}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
