/** The log of a task: lines of the platform and messages of its attempts, by time, as plain text. Pure. */
import type { RunTaskView } from "../../../../src/model/view-runs.ts";
import type { LogLine } from "../../../api/runs.ts";
import { plain } from "../../../words/plain.ts";

/** A line that is shown. */
export interface Shown {
  key: string;
  /** UTC text. */
  at: string;
  /** 0 DEBUG, 1 INFO, 2 WARN, 3 ERROR. */
  level: number;
  text: string;
}

/** Lines of a task. @param lines of its run */
export function linesOf(task: RunTaskView, lines: readonly LogLine[]): Shown[] {
  const runs = new Set(task.attempts.flatMap((attempt) => attempt.sourceRunId ?? []));
  const own = lines
    .filter((line) => line.activityName === task.name || (line.runId !== null && runs.has(line.runId)))
    .map((line, at) => ({ key: `l${at}`, at: line.logTime, level: line.level, text: plain(line.message) }));
  const told = new Set(own.map((line) => line.text));
  const messages = task.attempts.flatMap((attempt): Shown[] => {
    const text = plain(attempt.message ?? "");
    if (text === "" || [...told].some((other) => other.includes(text))) return [];
    const bad = attempt.state === "failed" || attempt.state === "lost";
    return [{ key: `a${attempt.attempt}`, at: attempt.endedAt ?? attempt.startedAt ?? "", level: bad ? 3 : 1, text }];
  });
  return [...own, ...messages].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** A text in pieces: those that are the needle, and those between. Upper and lower case are the same. */
export function pieces(text: string, needle: string): { text: string; hit: boolean; key: number }[] {
  if (needle === "") return [{ text, hit: false, key: 0 }];
  const found: { text: string; hit: boolean; key: number }[] = [];
  const low = text.toLowerCase();
  const wanted = needle.toLowerCase();
  let at = 0;
  for (let next = low.indexOf(wanted); next !== -1; next = low.indexOf(wanted, at)) {
    if (next > at) found.push({ text: text.slice(at, next), hit: false, key: at });
    found.push({ text: text.slice(next, next + wanted.length), hit: true, key: next });
    at = next + wanted.length;
  }
  if (at < text.length) found.push({ text: text.slice(at), hit: false, key: at });
  return found;
}
