/** The list itself: virtual rows, so that 10,000 jobs are as quick as ten. */
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { JobRow } from "../../../../src/model/view.ts";
import { useLive, useMinute } from "../../../api/use-live.ts";
import { useKeys } from "../../../shell/keys.ts";
import { useZone } from "../../../shell/zone.ts";
import { JobLine } from "./job-line.tsx";

const HEADS = ["Name", "Last 8 runs", "Verdict", "Schedule", "Next start", "Declared or found", "Source", "Tags"];
/** Where a job is two lines instead of a row of columns; heights as list.css has them. */
const CARDS = "(max-width: 859px)";
const ROW = { wide: 32, card: 65 };
const MOVED_MS = 3_000;

function useCards(): boolean {
  const [cards, setCards] = useState(() => window.matchMedia(CARDS).matches);
  useEffect(() => {
    const media = window.matchMedia(CARDS);
    const change = () => setCards(media.matches);
    media.addEventListener("change", change);
    return () => media.removeEventListener("change", change);
  }, []);
  return cards;
}

/** Room of the rows that are not drawn. */
function Gap({ height }: { height: number }) {
  return (
    <tr className="gap" style={{ height }}>
      <td colSpan={HEADS.length} />
    </tr>
  );
}

export function JobTable(props: {
  rows: JobRow[];
  /** Jobs that fit, on all pages. */
  count: number;
  selected: string | null;
  select: (resource: string) => void;
  /** Fetches the next page. */
  more: () => void;
}) {
  const { rows, count, selected, select, more } = props;
  const table = useRef<HTMLTableElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const [, navigate] = useLocation();
  const [start, setStart] = useState(0);
  const now = useMinute();
  const zone = useZone();
  const { moved } = useLive();
  const cards = useCards();
  const height = cards ? ROW.card : ROW.wide;

  useLayoutEffect(() => {
    const measure = () => setStart((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
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
    scrollMargin: start,
    scrollPaddingStart: 48 + 28,
    scrollPaddingEnd: cards ? 72 : 16,
  });
  // A changed height counts for rows that were measured before.
  useEffect(() => {
    if (height) virtual.measure();
  }, [height, virtual]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length && rows.length < count) more();
  }, [last, rows.length, count, more]);

  const at = rows.findIndex((row) => row.resource === selected);
  const go = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (row === undefined) return false;
    select(row.resource);
    virtual.scrollToIndex(rows.indexOf(row), { align: "auto" });
    return true;
  };
  useKeys({
    j: () => go(at + 1),
    k: () => go(at < 0 ? 0 : at - 1),
    enter: () => (selected === null ? false : navigate(`/jobs/${encodeURIComponent(selected)}`)),
  });

  // The whole row opens the job; its links and selected text stay what they are.
  // Not later than the rows are seen: a click upon seeing one is meant for it.
  useLayoutEffect(() => {
    const element = table.current;
    const click = (event: MouseEvent) => {
      if (!(event.target instanceof Element) || event.target.closest("a, button")) return;
      const resource = event.target.closest<HTMLElement>("tr[data-resource]")?.dataset.resource;
      if (resource === undefined || window.getSelection()?.isCollapsed === false) return;
      navigate(`/jobs/${encodeURIComponent(resource)}`);
    };
    element?.addEventListener("click", click);
    return () => element?.removeEventListener("click", click);
  }, [navigate]);

  const before = Math.max(0, (items[0]?.start ?? start) - start);
  const after = Math.max(0, virtual.getTotalSize() - ((items.at(-1)?.end ?? start) - start));
  return (
    <table className="jobs" ref={table} aria-rowcount={count + 1} aria-label="Jobs">
      <thead>
        <tr aria-rowindex={1}>
          {HEADS.map((head, index) => (
            <th key={head} className={`j${index + 1}`} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {before > 0 && <Gap height={before} />}
        {items.map(({ index }) => {
          const row = rows[index];
          return row ? (
            <JobLine
              key={row.resource}
              row={row}
              index={index}
              selected={row.resource === selected}
              moved={Date.now() - (moved.get(row.resource) ?? 0) < MOVED_MS}
              now={now}
              zone={zone}
            />
          ) : (
            <tr key={`wait-${index}`} className="wait-row" aria-rowindex={index + 2}>
              <td className="j1">
                <span className="skel" style={{ width: "120px" }} />
              </td>
              <td className="j2" colSpan={7}>
                <span className="skel" style={{ width: "142px" }} />
              </td>
            </tr>
          );
        })}
        {after > 0 && <Gap height={after} />}
      </tbody>
    </table>
  );
}
