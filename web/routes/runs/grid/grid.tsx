/** The grid of processes by date: virtual in both directions, one box that scrolls, names and days always in sight. */
import "./grid.css";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, type PointerEvent, useCallback, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { reachable } from "../../../components/reachable.ts";
import { useKeys } from "../../../shell/keys.ts";
import { dayAfter, daysBetween, partsOfDay } from "../../../words/day.ts";
import { keyOf, runPath } from "../place.ts";
import { DaysHead } from "./days-head.tsx";
import { useSizes } from "./measure.ts";
import { DaysLine, ProcessLine } from "./row-lines.tsx";
import { cellWords } from "./row-words.ts";
import type { GridRow, Selection } from "./rows.ts";

/** Heights that are guessed before a row is measured. */
const PROCESS = { wide: 40, phone: 84 };
const HEAD = 44;

export function Grid(props: {
  rows: GridRow[];
  from: string;
  to: string;
  today: string;
  selection: Selection | null;
  select: (selection: Selection | null) => void;
  fold: (key: string) => void;
  /** Fetches more processes. */
  more: () => void;
}) {
  const { rows, from, to, today, selection, select, fold, more } = props;
  const box = useRef<HTMLElement>(null);
  const [, navigate] = useLocation();
  const days = daysBetween(from, to);
  const { width, name, row: height, columns } = useSizes(box, days);
  const [over, setOver] = useState<{ key: string; place: number } | null>(null);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: (index) => (rows[index]?.kind === "process" ? (width < 640 ? PROCESS.phone : PROCESS.wide) : height),
    overscan: 6,
    useFlushSync: false,
    scrollPaddingStart: HEAD,
  });
  useEffect(() => {
    if (height > 0) virtual.measure();
  }, [height, virtual]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 4) more();
  }, [last, rows.length, more]);

  const at = rows.findIndex((row) => row.key === selection?.key);
  const place = selection?.day ? daysBetween(from, selection.day) - 1 : days - 1;

  const show = useCallback(
    (index: number, column: number) => {
      virtual.scrollToIndex(index, { align: "auto" });
      const element = box.current;
      if (!element) return;
      const left = column * columns.width;
      const room = element.clientWidth - name;
      if (left < element.scrollLeft) element.scrollLeft = left;
      else if (left + columns.width > element.scrollLeft + room) element.scrollLeft = left + columns.width - room;
    },
    [virtual, columns.width, name],
  );
  const go = (index: number, column: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (row === undefined) return false;
    const kept = Math.max(0, Math.min(days - 1, column));
    select({ key: row.key, day: dayAfter(from, kept) });
    show(rows.indexOf(row), kept);
    return true;
  };
  /** To the left and right: days; on a process, its tasks away and back. */
  const aside = (by: 1 | -1) => {
    const row = rows[at];
    if (row === undefined) return go(0, place);
    if (row.kind !== "process") return go(at, place + by);
    return row.open === by > 0 ? false : fold(row.key);
  };
  const openAt = (row: GridRow, column: number) => {
    const day = dayAfter(from, Math.max(0, Math.min(days - 1, column)));
    if (row.kind === "process") navigate(runPath(row.process, row.process.day));
    else if (row.kind === "days" && row.task)
      navigate(runPath(row.process, day, { task: `${row.task.workflowId}/${row.task.taskId}` }));
    else navigate(runPath(row.process, day));
    return true;
  };
  const open = () => {
    const row = rows[at];
    return row === undefined ? false : openAt(row, place);
  };
  const held = rows[at];
  const down = () => go(at + 1, place);
  const up = () => go(at < 0 ? 0 : at - 1, place);
  useKeys({
    j: down,
    arrowdown: down,
    k: up,
    arrowup: up,
    arrowleft: () => aside(-1),
    arrowright: () => aside(1),
    o: () => (held === undefined ? false : fold(keyOf(held.process))),
    enter: open,
  });

  const told =
    held?.kind === "days" && place >= 0
      ? `${held.label}, ${cellWords(held.states[place], held.attempts.get(place), dayAfter(from, place))}`
      : held?.kind === "process"
        ? `${held.process.projectCode}/${held.process.processLoad}: ${held.process.sentence}`
        : "";

  /** The square at a place of the screen. */
  const squareAt = ({ target, clientX }: { target: EventTarget; clientX: number }) => {
    const track = target instanceof Element ? target.closest<HTMLElement>(".days-track") : null;
    const key = track?.closest<HTMLElement>("[data-key]")?.dataset.key;
    if (!track || key === undefined) return null;
    return { key, place: Math.floor((clientX - track.getBoundingClientRect().left) / columns.width) };
  };
  /** The day under the pointer becomes a link: one element that moves, instead of one for each cell. */
  const move = (event: PointerEvent) => {
    const square = squareAt(event);
    setOver((before) => (before?.key === square?.key && before?.place === square?.place ? before : square));
  };
  /** A tap, or a click that is quicker than the link. */
  const tap = (event: PointerEvent) => {
    if (event.button !== 0) return;
    if (event.target instanceof Element && event.target.closest("a, button") !== null) return;
    const square = squareAt(event);
    const row = square === null ? undefined : rows.find(({ key }) => key === square.key);
    if (square !== null && row !== undefined && square.place >= 0 && square.place < days) openAt(row, square.place);
  };

  const style = bands(from, days, today, columns.width, name);
  return (
    <>
      <p className="vh" aria-live="polite">
        {told}
      </p>
      <section
        className="grid-box"
        ref={box}
        aria-label="Processes by date"
        {...reachable}
        onPointerUp={tap}
        onPointerMove={move}
        onPointerLeave={() => setOver(null)}
      >
        <div className="grid-top">
          <DaysHead from={from} to={to} days={days} today={today} columns={columns} name={name} />
        </div>
        <ul
          className="grid-rows"
          style={{ height: virtual.getTotalSize(), width: name + days * columns.width, ...style }}
        >
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            const selected = row.key === selection?.key;
            return (
              <li
                key={row.key}
                ref={row.kind === "process" ? virtual.measureElement : undefined}
                data-index={index}
                data-key={row.key}
                aria-setsize={rows.length}
                aria-posinset={index + 1}
                aria-current={selected || undefined}
                className={`grid-row ${row.kind}${selected ? " sel" : ""}`}
                style={{ top: start, ...(row.kind === "process" ? {} : { height }) }}
              >
                {row.kind === "process" && <ProcessLine row={row} selected={selected} width={width} fold={fold} />}
                {row.kind === "days" && (
                  <DaysLine
                    row={row}
                    from={from}
                    at={selected ? place : undefined}
                    over={over?.key === row.key && over.place < days ? over.place : undefined}
                    columns={columns}
                    name={name}
                    height={height}
                  />
                )}
                {row.kind === "wait" && (
                  <div className="days-name" style={{ width: name }}>
                    <span className="skel" style={{ width: 120 }} />
                  </div>
                )}
              </li>
            );
          })}
        </ul>
      </section>
    </>
  );
}

/** Weekends and today, as bands behind all rows: a week repeats, so that one gradient does for all of them. */
function bands(from: string, days: number, today: string, width: number, name: number): CSSProperties {
  const toSaturday = ["Sat", "Fri", "Thu", "Wed", "Tue", "Mon", "Sun"].indexOf(partsOfDay(from).weekday);
  const weekend = `linear-gradient(90deg, var(--bg2) ${2 * width}px, transparent ${2 * width}px)`;
  const left = name + (toSaturday - 7) * width;
  const place = daysBetween(from, today) - 1;
  if (place < 0 || place >= days)
    return { backgroundImage: weekend, backgroundSize: `${7 * width}px 100%`, backgroundPosition: `${left}px 0` };
  const line = "linear-gradient(var(--line2), var(--line2))";
  const now = name + place * width;
  return {
    backgroundImage: `${line}, ${line}, ${weekend}`,
    backgroundSize: `1px 100%, 1px 100%, ${7 * width}px 100%`,
    backgroundPosition: `${now}px 0, ${now + width - 1}px 0, ${left}px 0`,
    backgroundRepeat: "no-repeat, no-repeat, repeat",
  };
}
