/** Times of runs for people: the moment in its zone, and how long ago that was. */
import { formatDuration } from "../../util/duration.ts";
import { shortTime } from "./time.ts";

/** `3 m 12 s ago`, `in 4 m 00 s`. Both UTC texts. */
export function ago(at: string, now: string): string {
  const passed = Date.parse(now) - Date.parse(at);
  if (Number.isNaN(passed)) return "";
  return passed >= 0 ? `${formatDuration(passed)} ago` : `in ${formatDuration(-passed)}`;
}

/** `Sat 06:28 Europe/London, 3 m 12 s ago`. */
export function moment(at: string, now: string, timezone: string): string {
  return `${shortTime(at, now, timezone)} ${timezone}, ${ago(at, now)}`;
}
