/** A table of which only the rows in sight are drawn, so that 10,000 are as quick as ten; j, k and Enter move in it. */
import "./virtual-table.css";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useKeys } from "../shell/keys.ts";
import { PHONE, useMedia } from "./use-media.ts";

/** Height of a row, and of the card it is on a phone; as virtual-table.css has them. */
const ROW = { wide: 32, card: 58 };

export interface Column<Row> {
  name: string;
  /** Class of its cells; `r` is right-aligned. */
  className: string;
  cell: (row: Row) => ReactNode;
}

export function VirtualTable<Row>(props: {
  label: string;
  columns: readonly Column<Row>[];
  /** Those that are here. */
  rows: readonly Row[];
  /** All there are. */
  count: number;
  keyOf: (row: Row) => string;
  selected: string | null;
  select: (key: string) => void;
  /** What Enter and a click on a row do. */
  open: (row: Row) => void;
  /** Fetches the next page. */
  more?: () => void;
}) {
  const { label, columns, rows, count, keyOf, selected, select, open, more } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const [start, setStart] = useState(0);
  const cards = useMedia(PHONE);
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
    if (last >= rows.length && rows.length < count) more?.();
  }, [last, rows.length, count, more]);

  const at = rows.findIndex((row) => keyOf(row) === selected);
  const go = (index: number) => {
    const to = Math.max(0, Math.min(rows.length - 1, index));
    const row = rows[to];
    if (row === undefined) return false;
    select(keyOf(row));
    virtual.scrollToIndex(to, { align: "auto" });
    return true;
  };
  useKeys({
    j: () => go(at + 1),
    k: () => go(at < 0 ? 0 : at - 1),
    enter: () => {
      const row = rows[at];
      if (row === undefined) return false;
      open(row);
      return true;
    },
  });

  // The whole row opens; its links and selected text stay what they are.
  const held = useRef({ rows, open });
  held.current = { rows, open };
  // Not later than the rows are seen: a click upon seeing one is meant for it.
  useLayoutEffect(() => {
    const element = body.current;
    const click = (event: MouseEvent) => {
      if (!(event.target instanceof Element) || event.target.closest("a, button")) return;
      const index = event.target.closest<HTMLElement>("tr[data-index]")?.dataset.index;
      const row = held.current.rows[Number(index)];
      if (index === undefined || row === undefined || window.getSelection()?.isCollapsed === false) return;
      held.current.open(row);
    };
    element?.addEventListener("click", click);
    return () => element?.removeEventListener("click", click);
  }, []);

  const before = Math.max(0, (items[0]?.start ?? start) - start);
  const after = Math.max(0, virtual.getTotalSize() - ((items.at(-1)?.end ?? start) - start));
  const gap = (space: number) =>
    space > 0 && (
      <tr className="gap" style={{ height: space }}>
        <td colSpan={columns.length} />
      </tr>
    );
  return (
    <table className="vt" aria-rowcount={count + 1} aria-label={label}>
      <thead>
        <tr aria-rowindex={1}>
          {columns.map(({ name, className }) => (
            <th key={name} className={className} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {gap(before)}
        {items.map(({ index }) => {
          const row = rows[index];
          return row === undefined ? (
            <tr key={`wait-${index}`} aria-rowindex={index + 2}>
              <td colSpan={columns.length}>
                <span className="skel" style={{ width: "160px" }} />
              </td>
            </tr>
          ) : (
            <tr
              key={keyOf(row)}
              data-index={index}
              aria-rowindex={index + 2}
              className={index === at ? "sel" : undefined}
              aria-current={index === at ? "true" : undefined}
            >
              {columns.map(({ name, className, cell }) => (
                <td key={name} className={className}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          );
        })}
        {gap(after)}
      </tbody>
    </table>
  );
}
