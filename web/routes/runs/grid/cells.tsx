/**
 * The days of one row as one small picture: a path for each state instead of an element for each cell, so that 400 days ×
 * 300 tasks scroll like a text. Only columns in view are drawn.
 */
import { memo } from "react";
import { cellWord } from "../../../words/run-state.ts";
import type { Tone } from "../../../words/state.ts";

const BOX = 16;

/** Icons in a box of 16, three quarters as large as in styles/icons.css, from a point that is put before each part. */
const ICONS: Record<Tone, readonly (readonly [x: number, y: number, rest: string])[]> = {
  ok: [[4.4, 8.45, "l2.4 2.4 4.8-5.4"]],
  fail: [
    [5, 5, "l6 6"],
    [11, 5, "l-6 6"],
  ],
  warn: [
    [8, 3.65, "l4.8 8.4h-9.6z"],
    [8, 6.95, "v2.2"],
  ],
  wait: [[8, 4.1, "a3.9 3.9 0 1 0 .01 0"]],
  run: [[8, 3.95, "a4.05 4.05 0 0 1 4.05 4.05"]],
  lost: [
    [5.9, 4.6, "a4.05 4.05 0 0 0 0 6.75"],
    [10.1, 11.4, "a4.05 4.05 0 0 0 0-6.75"],
    [8, 6.7, "v2.6"],
  ],
  skip: [[5, 8, "h6"]],
  none: [[7.6, 8, "h.8"]],
};
/** A square of 16 with round corners, from its left upper corner. */
const SQUARE = "m4 0h8a4 4 0 0 1 4 4v8a4 4 0 0 1-4 4h-8a4 4 0 0 1-4-4v-8a4 4 0 0 1 4-4z";
const FILLED: readonly Tone[] = ["ok", "fail", "warn", "run", "lost"];

/** How wide a column is, and how large what it holds. */
export interface Columns {
  width: number;
  /** 1: squares of 16. */
  scale: number;
  /** First column that is drawn, and the one after the last. */
  first: number;
  end: number;
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** Paths by tone, and cells that show a number or turn. */
function drawn(states: string, attempts: ReadonlyMap<number, number>, columns: Columns, height: number) {
  const step = columns.width / columns.scale;
  const top = round((height / columns.scale - BOX) / 2);
  const squares = new Map<Tone, string>();
  const icons = new Map<Tone, string>();
  const numbers: { x: number; attempt: number }[] = [];
  const running: number[] = [];
  for (let place = columns.first; place < Math.min(columns.end, states.length); place += 1) {
    const { tone } = cellWord(states[place]);
    const left = round((place - columns.first) * step + (step - BOX) / 2);
    if (FILLED.includes(tone)) squares.set(tone, `${squares.get(tone) ?? ""}M${left} ${top}${SQUARE}`);
    const attempt = attempts.get(place);
    if (tone === "ok" && attempt !== undefined) numbers.push({ x: left + BOX / 2, attempt });
    else if (tone === "run") running.push(left);
    else {
      const parts = ICONS[tone].map(([x, y, rest]) => `M${round(left + x)} ${round(top + y)}${rest}`).join("");
      icons.set(tone, (icons.get(tone) ?? "") + parts);
    }
  }
  return { squares, icons, numbers, running, top };
}

export const Cells = memo(function Cells(props: {
  states: string;
  attempts: ReadonlyMap<number, number>;
  columns: Columns;
  height: number;
  /** What is in it, for those who do not see it. */
  words: string;
}) {
  const { states, attempts, columns, height, words } = props;
  const { squares, icons, numbers, running, top } = drawn(states, attempts, columns, height);
  const count = columns.end - columns.first;
  return (
    <svg
      className="cells"
      role="img"
      aria-label={words}
      width={count * columns.width}
      height={height}
      style={{ left: columns.first * columns.width }}
    >
      <g transform={columns.scale === 1 ? undefined : `scale(${columns.scale})`}>
        {[...squares].map(([tone, path]) => (
          <path key={tone} className={`square ${tone}`} d={path} />
        ))}
        {[...icons].map(([tone, path]) => (
          <path key={tone} className={`icon ${tone}`} d={path} />
        ))}
        {running.map((left) => (
          <g key={left} className="icon run" transform={`translate(${left} ${top})`}>
            <circle cx={8} cy={8} r={4.05} />
            <path className="turning" d="M8 3.95a4.05 4.05 0 0 1 4.05 4.05" />
          </g>
        ))}
        {numbers.map(({ x, attempt }) => (
          <text key={x} className="ok" x={x} y={top + 12.2}>
            {attempt}
          </text>
        ))}
      </g>
    </svg>
  );
});
