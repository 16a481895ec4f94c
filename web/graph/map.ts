/** A map on the page: hands a canvas to its worker, turns drags, wheels and keys into views, and knows what is under the pointer. */
import type { FromMap, MapColours, MapView, ToMap } from "./map-message.ts";

const SMALLEST = 0.01;
const LARGEST = 1.5;
const MARGIN = 24;
/** So many boxes are looked at one by one, with letters of so many pixels. */
const FEW = 150;
const READ = 10;

export interface MapInput {
  tables: Uint8Array;
  labels: string[];
  from: Uint32Array;
  to: Uint32Array;
}

export interface MapEvents {
  /** Boxes stand; the map can be seen. */
  placed(): void;
  /** The node under the pointer, with the pointer's place in the canvas; -1 = none. */
  hover(node: number, x: number, y: number): void;
  choose(node: number): void;
}

/** A map that is open. */
export interface OpenMap {
  zoom(factor: number): void;
  whole(): void;
  pan(x: number, y: number): void;
  /** After the theme changed. */
  recolour(): void;
  close(): void;
}

function coloursOf(element: HTMLElement): MapColours {
  const probe = document.createElement("span");
  element.append(probe);
  const colour = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    back: colour("--bg"),
    line: colour("--ctl"),
    table: colour("--bg"),
    tableEdge: colour("--ctl"),
    job: colour("--bg3"),
    text: colour("--fg"),
    accent: colour("--accent"),
  };
  probe.remove();
  return colours;
}

/** Opens a map in a box of the page. The canvas is the worker's; the page only says what is in sight. */
export function openMap(box: HTMLElement, input: MapInput, events: MapEvents): OpenMap {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  box.prepend(canvas);
  const worker = new Worker(new URL("./map-worker.ts", import.meta.url), { type: "module" });
  const say = (message: ToMap, transfer: Transferable[] = []) => worker.postMessage(message, transfer);
  let placed: FromMap | null = null;
  let view: MapView = { x: 0, y: 0, scale: 1 };
  let frame = 0;
  let hovered = -1;
  const offscreen = canvas.transferControlToOffscreen();
  say({ type: "graph", canvas: offscreen, font: getComputedStyle(document.body).fontFamily, ...input }, [offscreen]);
  const recolour = () => say({ type: "colours", colours: coloursOf(box) });
  recolour();

  const look = (next: MapView) => {
    view = next;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => say({ type: "view", view }));
  };
  const size = () =>
    say({ type: "size", width: box.clientWidth, height: box.clientHeight, dots: window.devicePixelRatio || 1 });
  /** Puts the middle of the map into that of the box. @param least scale below which it is rather seen in part */
  const whole = (least = 0) => {
    if (placed === null) return;
    const down = (box.clientHeight - 2 * MARGIN) / Math.max(1, placed.height);
    const aside = (box.clientWidth - 2 * MARGIN) / Math.max(1, placed.width);
    const scale = Math.min(1, down, Math.max(aside, least));
    look({
      scale,
      x: placed.width / 2 - box.clientWidth / 2 / scale,
      y: placed.height / 2 - box.clientHeight / 2 / scale,
    });
  };
  const zoomAt = (factor: number, x: number, y: number) => {
    const scale = Math.min(LARGEST, Math.max(SMALLEST, view.scale * factor));
    look({ scale, x: view.x + x / view.scale - x / scale, y: view.y + y / view.scale - y / scale });
  };
  const pan = (x: number, y: number) => look({ ...view, x: view.x - x / view.scale, y: view.y - y / view.scale });

  worker.onmessage = ({ data }: MessageEvent<FromMap>) => {
    placed = data;
    size();
    // On a phone a few boxes are read rather than seen at once.
    whole(data.x.length <= FEW ? READ / data.box.font : 0);
    events.placed();
  };
  const sized = new ResizeObserver(size);
  sized.observe(box);

  const nodeAt = (x: number, y: number): number => {
    if (placed === null) return -1;
    const [at, down] = [view.x + x / view.scale, view.y + y / view.scale];
    // A box of two pixels is hit within four.
    const slack = Math.max(0, (4 / view.scale - placed.box.height) / 2);
    for (let node = 0; node < placed.x.length; node += 1) {
      const [left, top] = [placed.x[node] as number, placed.y[node] as number];
      if (at >= left && at <= left + placed.box.width && down >= top - slack && down <= top + placed.box.height + slack)
        return node;
    }
    return -1;
  };
  const point = (event: MouseEvent) => {
    const bounds = box.getBoundingClientRect();
    return [event.clientX - bounds.left, event.clientY - bounds.top] as const;
  };
  /** Pointers that are down, by id: one drags, two pinch. */
  const held = new Map<number, { x: number; y: number }>();
  let moved = false;
  const down = (event: PointerEvent) => {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest("button"))) return;
    const [x, y] = point(event);
    held.set(event.pointerId, { x, y });
    moved = false;
  };
  const move = (event: PointerEvent) => {
    const [x, y] = point(event);
    const last = held.get(event.pointerId);
    if (last === undefined) {
      if (event.target !== canvas) return;
      const node = nodeAt(x, y);
      if (node !== hovered) say({ type: "hover", node });
      hovered = node;
      canvas.style.cursor = node < 0 ? "" : "pointer";
      events.hover(node, x, y);
      return;
    }
    const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
    if (!moved && other === undefined && Math.abs(x - last.x) + Math.abs(y - last.y) < 4) return;
    moved = true;
    canvas.style.cursor = "";
    events.hover(-1, x, y);
    if (other === undefined) pan(x - last.x, y - last.y);
    else {
      const spread = (from: { x: number; y: number }) => Math.max(1, Math.hypot(from.x - other.x, from.y - other.y));
      zoomAt(spread({ x, y }) / spread(last), other.x, other.y);
    }
    held.set(event.pointerId, { x, y });
  };
  const up = (event: PointerEvent) => {
    const was = held.delete(event.pointerId);
    if (!was || moved) return;
    const node = nodeAt(...point(event));
    if (node >= 0) events.choose(node);
  };
  const cancel = (event: PointerEvent) => void held.delete(event.pointerId);
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    zoomAt(Math.exp(-event.deltaY / (event.ctrlKey ? 120 : 480)), ...point(event));
  };
  box.addEventListener("pointerdown", down);
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", up);
  window.addEventListener("pointercancel", cancel);
  box.addEventListener("wheel", wheel, { passive: false });
  return {
    zoom: (factor) => zoomAt(factor, box.clientWidth / 2, box.clientHeight / 2),
    whole: () => whole(),
    pan,
    recolour,
    close() {
      cancelAnimationFrame(frame);
      sized.disconnect();
      box.removeEventListener("pointerdown", down);
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", cancel);
      box.removeEventListener("wheel", wheel);
      worker.terminate();
      canvas.remove();
    },
  };
}
