/** What the squares mean. */
import { memo } from "react";
import { Cells } from "./cells.tsx";

const NONE: ReadonlyMap<number, number> = new Map();
const SECOND: ReadonlyMap<number, number> = new Map([[0, 2]]);
const COLUMN = { width: 16, scale: 1, first: 0, end: 1 };
const SHOWN: [letter: string, word: string, attempts?: ReadonlyMap<number, number>][] = [
  ["d", "done"],
  ["d", "done on attempt 2", SECOND],
  ["r", "running"],
  ["l", "late"],
  ["f", "failed"],
  ["x", "lost"],
  ["w", "waiting"],
  ["s", "skipped"],
  [".", "no run"],
];

export const Legend = memo(function Legend({ count }: { count: string }) {
  return (
    <p className="legend s d">
      {SHOWN.map(([letter, word, attempts]) => (
        <span key={word}>
          <span aria-hidden="true">
            <Cells states={letter} attempts={attempts ?? NONE} columns={COLUMN} height={16} words={word} />
          </span>
          {word}
        </span>
      ))}
      <span className="n">{count}</span>
    </p>
  );
});
