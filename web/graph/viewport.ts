/** What of a large picture is in sight, and moving it: scroll, zoom, drag. */
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";

/** The part in sight, in units of the picture; it moves in steps, so that scrolling draws seldom. */
export interface Sight {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const STEP = 240;
export const SMALLEST = 0.08;
export const LARGEST = 1.5;

const clamp = (scale: number) => Math.min(LARGEST, Math.max(SMALLEST, scale));

interface Point {
  x: number;
  y: number;
}

/** Scroll position, scale and the part in sight of a scrolled box that holds a picture of this size. */
export function useViewport(box: RefObject<HTMLElement | null>, size: { width: number; height: number }) {
  const [scale, setScale] = useState(1);
  const [sight, setSight] = useState<Sight>({ left: 0, top: 0, right: 2000, bottom: 1200 });
  /** Point of the picture that stays under this point of the box when the scale changes. */
  const anchor = useRef<{ at: Point; under: Point } | null>(null);

  const look = useCallback(() => {
    const element = box.current;
    if (!element) return;
    const down = (value: number) => Math.floor(value / STEP) * STEP;
    const next = {
      left: down(element.scrollLeft / scale) - STEP,
      top: down(element.scrollTop / scale) - STEP,
      right: down((element.scrollLeft + element.clientWidth) / scale) + 2 * STEP,
      bottom: down((element.scrollTop + element.clientHeight) / scale) + 2 * STEP,
    };
    setSight((old) => (Object.entries(next).every(([key, value]) => old[key as keyof Sight] === value) ? old : next));
  }, [box, scale]);

  const zoom = useCallback(
    (factor: number, under?: Point) => {
      const element = box.current;
      if (!element) return;
      const point = under ?? { x: element.clientWidth / 2, y: element.clientHeight / 2 };
      anchor.current = {
        at: { x: (element.scrollLeft + point.x) / scale, y: (element.scrollTop + point.y) / scale },
        under: point,
      };
      setScale(clamp(scale * factor));
    },
    [box, scale],
  );

  const showAll = useCallback(() => {
    const element = box.current;
    if (!element) return;
    const whole = Math.min(
      (element.clientWidth - 48) / Math.max(1, size.width),
      (element.clientHeight - 48) / Math.max(1, size.height),
    );
    setScale(clamp(Math.min(1, whole)));
  }, [box, size.width, size.height]);

  /** Makes a picture of this size as small as it must be to be in sight as a whole, but not below `least`. */
  const fitTo = useCallback(
    (whole: { width: number; height: number }, least: number) => {
      const element = box.current;
      if (!element || whole.width <= 0) return;
      // A box that grows with its picture has room up to its own limit.
      const most = Number.parseFloat(getComputedStyle(element).maxHeight) || element.clientHeight;
      setScale(clamp(Math.max(least, Math.min(1, element.clientWidth / whole.width, most / whole.height))));
    },
    [box],
  );

  useLayoutEffect(() => {
    const element = box.current;
    const held = anchor.current;
    anchor.current = null;
    if (element && held) {
      element.scrollLeft = held.at.x * scale - held.under.x;
      element.scrollTop = held.at.y * scale - held.under.y;
    }
    look();
  }, [box, scale, look]);

  // As all that listens to a picture: not later than it is seen.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    let frame = 0;
    const scrolled = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(look);
    };
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const bounds = element.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 240), { x: event.clientX - bounds.left, y: event.clientY - bounds.top });
    };
    element.addEventListener("scroll", scrolled, { passive: true });
    element.addEventListener("wheel", wheel, { passive: false });
    const sized = new ResizeObserver(look);
    sized.observe(element);
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener("scroll", scrolled);
      element.removeEventListener("wheel", wheel);
      sized.disconnect();
    };
  }, [box, look, zoom]);

  return { scale, sight, zoom, showAll, fitTo };
}

/** Dragging with the mouse scrolls; a press that moved is no click. */
export function useDrag(box: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    let from: { x: number; y: number; left: number; top: number } | null = null;
    let moved = false;
    const down = (event: PointerEvent) => {
      if (event.pointerType !== "mouse" || event.button !== 0) return;
      from = { x: event.clientX, y: event.clientY, left: element.scrollLeft, top: element.scrollTop };
      moved = false;
    };
    const move = (event: PointerEvent) => {
      if (!from) return;
      const [x, y] = [event.clientX - from.x, event.clientY - from.y];
      if (!moved && Math.abs(x) + Math.abs(y) < 4) return;
      moved = true;
      element.scrollLeft = from.left - x;
      element.scrollTop = from.top - y;
    };
    const up = () => {
      from = null;
    };
    const click = (event: MouseEvent) => {
      if (moved) event.stopPropagation();
      moved = false;
    };
    element.addEventListener("pointerdown", down);
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
    element.addEventListener("click", click, true);
    return () => {
      element.removeEventListener("pointerdown", down);
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      element.removeEventListener("click", click, true);
    };
  }, [box]);
}
