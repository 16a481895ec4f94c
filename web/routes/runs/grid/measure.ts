/** How wide the grid is, and which of its columns are in view: known after a scroll, in steps, so that few scrolls draw. */
import { type RefObject, useCallback, useLayoutEffect, useState } from "react";
import type { Columns } from "./cells.tsx";

/** Below this width rows are as high as fingers, and the name is narrower; grid.css knows the same. */
const PHONE = 640;
const WIDE = { name: 224, least: 22, most: 40, row: 28, scale: 1 };
const NARROW = { name: 172, least: 30, most: 40, row: 36, scale: 1.25 };
/** Columns are drawn in steps of so many, with one step more on each side. */
const STEP = 8;

/** Sizes of the grid, pixels. */
export interface Sizes {
  /** Of the box. */
  width: number;
  name: number;
  row: number;
  columns: Columns;
}

/** @param days how many there are */
export function useSizes(box: RefObject<HTMLElement | null>, days: number): Sizes {
  const [width, setWidth] = useState(0);
  const [view, setView] = useState({ first: Math.max(0, days - 64), end: days });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setWidth(element.clientWidth);
    measure();
    const sized = new ResizeObserver(measure);
    sized.observe(element);
    return () => sized.disconnect();
  }, [box]);

  const kind = width > 0 && width < PHONE ? NARROW : WIDE;
  const room = Math.max(0, width - kind.name);
  const column = Math.max(kind.least, Math.min(kind.most, days > 0 ? Math.floor((room / days) * 10) / 10 : kind.least));

  const look = useCallback(() => {
    const element = box.current;
    if (!element) return;
    const first = Math.max(0, (Math.floor(element.scrollLeft / column / STEP) - 1) * STEP);
    const end = Math.min(days, (Math.ceil((element.scrollLeft + room) / column / STEP) + 1) * STEP);
    setView((before) => (before.first === first && before.end === end ? before : { first, end }));
  }, [box, column, room, days]);

  // Before it is seen: days that moved under the pointer would be another day's click.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || width === 0) return;
    // The newest day is what one has come for.
    element.scrollLeft = element.scrollWidth;
    look();
    element.addEventListener("scroll", look, { passive: true });
    return () => element.removeEventListener("scroll", look);
  }, [box, width, look]);

  return { width, name: kind.name, row: kind.row, columns: { width: column, scale: kind.scale, ...view } };
}
