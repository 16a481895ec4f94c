/** A row of days in words, for those who do not see its picture. Pure. */
import { counted } from "../../../words/count.ts";
import { dayAfter, shortDay, weekdayOf } from "../../../words/day.ts";
import { cellWord } from "../../../words/run-state.ts";

const BAD = "fxl";
const MOST_NAMED = 5;

/** `28 days: 24 done, 2 failed (4 Nov, 20 Nov), 2 no run`. */
export function rowWords(states: string, from: string): string {
  const counts = new Map<string, number>();
  const named = new Map<string, string[]>();
  for (let place = 0; place < states.length; place += 1) {
    const letter = states[place] ?? ".";
    counts.set(letter, (counts.get(letter) ?? 0) + 1);
    if (BAD.includes(letter)) named.set(letter, [...(named.get(letter) ?? []), shortDay(dayAfter(from, place))]);
  }
  const parts = [...counts].map(([letter, count]) => {
    const days = named.get(letter)?.slice(-MOST_NAMED);
    return `${count} ${cellWord(letter).word}${days ? ` (${days.join(", ")})` : ""}`;
  });
  return `${counted(states.length, "day")}: ${parts.join(", ")}`;
}

/** `Fri 20 Nov: done on attempt 2`. */
export function cellWords(letter: string | undefined, attempts: number | undefined, day: string): string {
  return `${weekdayOf(day)}: ${cellWord(letter).word}${attempts === undefined ? "" : ` on attempt ${attempts}`}`;
}
