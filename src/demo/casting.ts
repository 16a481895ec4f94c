/** Which job of the demo fails, which hangs, and which does not start, so that each is seen at the end of the week. Pure. */

/** When a job starts: milliseconds since 1970 UTC, ascending. */
export type Starts = (job: string) => readonly number[];

/** The parts, by job name and the start that matters. */
export interface Cast {
  /** Its last run fails. */
  failing: { job: string; start: number };
  /** Its last run never ends. */
  hanging: { job: string; task: string; start: number };
  /** It does not start at `start`, nor later. */
  missing: { job: string; start: number };
}

const MINUTE = 60_000;
/** A hanging run must be long over its usual time to be known for stuck. */
const HANGS_FOR = 60 * MINUTE;
/** A missed start is late only after a while. */
const MISSED_SINCE = 10 * MINUTE;

/** The first that has hung long enough takes the part. Neither has a time limit that would end it; they start 75 minutes apart. */
const MAY_HANG = [
  { job: "hr daily", task: "absences" },
  { job: "inventory snapshot", task: "combine" },
];

/**
 * Casts the parts for a week that ends at `end`.
 * @throws Error when the jobs of the example cannot play them
 */
export function castWeek(starts: Starts, end: number): Cast {
  const last = (job: string, before: number): number => {
    const start = starts(job).findLast((time) => time <= before);
    if (start === undefined) throw new Error(`the demo's job '${job}' does not start in the week`);
    return start;
  };
  const hanging = MAY_HANG.map((one) => ({ ...one, start: last(one.job, end) })).find(
    ({ start }) => start <= end - HANGS_FOR,
  );
  if (!hanging) throw new Error("no job of the demo has started long enough ago to hang");
  return {
    failing: { job: "gl post", start: last("gl post", end) },
    hanging,
    missing: { job: "nightly sales", start: last("nightly sales", end - MISSED_SINCE) },
  };
}
