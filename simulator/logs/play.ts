/** Plays one program: its steps as requests with their times, each with the table it truly concerns. */
import type { Lake } from "../lake.ts";
import type { Random } from "../random.ts";
import type { Request } from "../request.ts";
import type { Session } from "../spark/session.ts";
import { type Access, type Part, partsOf } from "../spark/steps.ts";
import type { Step } from "../world.ts";

/** A request with its time and its meaning. */
export interface Played {
  /** Milliseconds since 1970 UTC. */
  time: number;
  request: Request;
  access: Access;
  /** Why no reader can know the access from the log, where that is so. */
  hidden?: string;
}

/** What is played, and when. */
export interface Performance {
  steps: readonly Step[];
  start: number;
  end: number;
  failed: boolean;
  random: Random;
}

const COMPUTE_BETWEEN_MS = 900;

/** Whether a program reads rows of anything but the tables it changes. */
function hasOtherInputs(steps: readonly Step[]): boolean {
  const own = new Set(steps.flatMap((step) => (step.does === "merge" || step.does === "update" ? [step.to] : [])));
  return steps.some((step) => (step.does === "read" || step.does === "deep clone") && !own.has(step.from));
}

/** The access of a request: rows read while a table is changed are a read of it; rows of a clone's source are one too. */
function meaning(part: Part, request: Request, isAlone: boolean): Pick<Played, "access" | "hidden"> {
  if (part.access === "write" && isAlone && part.of.name === request.of && part.of.isTable)
    return { access: request.shows === "rows" ? "read" : "write", hidden: "an UPDATE alone looks like OPTIMIZE" };
  if (part.access === "write" && request.shows === "rows") return { access: "read" };
  if (part.hidden !== undefined && request.of === part.of.name) return { access: part.access, hidden: part.hidden };
  return { access: part.access };
}

/**
 * Plays the steps in order, each in its share of the time. A failed program fails in one of its steps: what that has
 * put so far stays, but is not committed, and nothing comes after it.
 */
export function* play(show: Performance, lake: Lake): Generator<Played> {
  const { steps, start, end, random, failed } = show;
  let time = start;
  const session: Session = { random, now: () => time, failsToCommit: false };
  const last = failed ? random.int(steps.length) : steps.length - 1;
  const isChange = (step: Step) => step.does === "update" || step.does === "merge";
  const isAlone = steps.some(isChange) && !hasOtherInputs(steps);
  for (const [index, step] of steps.slice(0, last + 1).entries()) {
    if (failed && index === last) session.failsToCommit = true;
    const until = start + ((end - start) * (index + 0.9)) / steps.length;
    time = Math.max(time, start + ((end - start) * (index + 0.05)) / steps.length);
    for (const part of partsOf(step, lake, session)) {
      for (const request of part.requests) {
        yield { time, request, ...meaning(part, request, isAlone && isChange(step)) };
        request.after?.();
        const pause = random.chance(0.1) ? COMPUTE_BETWEEN_MS * 4 * random.next() : 4 + 60 * random.next();
        time += Math.min(pause, Math.max(0, until - time) / 5);
      }
    }
  }
}
