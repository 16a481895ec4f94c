/** Draws the part of a map that is in sight: less the smaller it is. */
import type { MapLayout } from "./map-layout.ts";
import type { MapColours, MapView } from "./map-message.ts";

/** Below this scale boxes are flat. */
const FLAT = 0.25;
/** Pixels from which on letters can be read. */
const READABLE = 6;

export interface MapScene {
  layout: MapLayout;
  tables: Uint8Array;
  labels: readonly string[];
  from: Uint32Array;
  to: Uint32Array;
  colours: MapColours;
  font: string;
  view: MapView;
  /** Of the canvas, in CSS pixels. */
  width: number;
  height: number;
  dots: number;
  hover: number;
}

/** The label, cut so that it stays in its box. */
function cut(context: OffscreenCanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let keep = text.length - 1;
  while (keep > 1 && context.measureText(`${text.slice(0, keep)}…`).width > room) keep -= 1;
  return `${text.slice(0, keep)}…`;
}

export function paintMap(context: OffscreenCanvasRenderingContext2D, scene: MapScene): void {
  const { layout, from, to, colours, view, width, height, dots, hover } = scene;
  const { x, y, box } = layout;
  const { scale } = view;
  context.setTransform(dots, 0, 0, dots, 0, 0);
  context.fillStyle = colours.back;
  context.fillRect(0, 0, width, height);
  context.setTransform(dots * scale, 0, 0, dots * scale, -view.x * scale * dots, -view.y * scale * dots);
  const [left, top, right, bottom] = [view.x, view.y, view.x + width / scale, view.y + height / scale];
  const middle = box.height / 2;

  const line = (edge: number) => {
    const [a, b] = [from[edge] as number, to[edge] as number];
    const [x1, y1] = [(x[a] as number) + box.width, (y[a] as number) + middle];
    const [x2, y2] = [x[b] as number, (y[b] as number) + middle];
    if (Math.max(x1, x2) < left || Math.min(x1, x2) > right) return;
    if (Math.max(y1, y2) < top || Math.min(y1, y2) > bottom) return;
    context.moveTo(x1, y1);
    if (scale < FLAT) context.lineTo(x2, y2);
    else {
      const bend = Math.max(40, Math.abs(x2 - x1) / 2);
      context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
    }
  };
  context.beginPath();
  for (let edge = 0; edge < from.length; edge += 1) line(edge);
  context.strokeStyle = colours.line;
  context.lineWidth = Math.max(1, 0.5 / scale);
  // So many lines in so little room are a surface: drawn thin, it stays readable what lies on it.
  context.globalAlpha = scale < FLAT ? 0.18 : 0.5;
  context.stroke();
  context.globalAlpha = 1;

  const near = new Set<number>();
  if (hover >= 0) {
    context.beginPath();
    for (let edge = 0; edge < from.length; edge += 1) {
      if (from[edge] !== hover && to[edge] !== hover) continue;
      near.add(from[edge] as number);
      near.add(to[edge] as number);
      line(edge);
    }
    context.strokeStyle = colours.accent;
    context.lineWidth = Math.max(1.5, 1.2 / scale);
    context.stroke();
  }
  boxes(context, scene, { left, top, right, bottom }, near);
}

function boxes(
  context: OffscreenCanvasRenderingContext2D,
  scene: MapScene,
  sight: { left: number; top: number; right: number; bottom: number },
  near: ReadonlySet<number>,
): void {
  const { layout, tables, labels, colours, font, view, hover } = scene;
  const { x, y, box } = layout;
  const inSight: number[] = [];
  for (let node = 0; node < x.length; node += 1) {
    const [at, down] = [x[node] as number, y[node] as number];
    if (at + box.width < sight.left || at > sight.right) continue;
    if (down + box.height < sight.top || down > sight.bottom) continue;
    inSight.push(node);
  }
  const draw = (wanted: (node: number) => boolean, fill: string, edge: string | null) => {
    context.beginPath();
    for (const node of inSight) {
      if (!wanted(node)) continue;
      const [at, down] = [x[node] as number, y[node] as number];
      if (view.scale < FLAT) context.rect(at, down, box.width, box.height);
      else context.roundRect(at, down, box.width, box.height, tables[node] === 1 ? 2 : box.height / 2);
    }
    context.fillStyle = fill;
    context.fill();
    if (edge === null) return;
    context.strokeStyle = edge;
    context.lineWidth = 1;
    context.stroke();
  };
  const flat = view.scale < FLAT;
  draw((node) => tables[node] === 1, flat ? colours.tableEdge : colours.table, flat ? null : colours.tableEdge);
  draw((node) => tables[node] !== 1, flat ? colours.tableEdge : colours.job, flat ? null : colours.tableEdge);
  if (near.size > 0 || hover >= 0) {
    draw((node) => near.has(node) || node === hover, flat ? colours.accent : colours.table, colours.accent);
  }
  if (view.scale * box.font < READABLE) return;
  context.font = `${box.font}px ${font}`;
  context.fillStyle = colours.text;
  context.textBaseline = "middle";
  for (const node of inSight) {
    const text = cut(context, labels[node] ?? "", box.width - 16);
    context.fillText(text, (x[node] as number) + 8, (y[node] as number) + box.height / 2 + 0.5);
  }
}
