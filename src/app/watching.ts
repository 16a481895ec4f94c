/** The watch of a server: `jobs.watch` of the config, on the project's own jobs room. */
import type { Config } from "../config/load.ts";
import { HeadgateError } from "../errors.ts";
import type { JobsRoom, WatchEvent, WatchReport } from "../jobs/room.ts";
import { parseDuration } from "../util/duration.ts";

/** Watches until the signal is aborted. */
export type Watching = (options: { signal: AbortSignal; onEvent: (event: WatchEvent) => void }) => Promise<WatchReport>;

/**
 * The watch that the config wants; undefined where it wants none.
 * @throws HeadgateError `confirm_needed` for a target in which nothing is changed without a question
 */
export function watchingFrom({ jobs: { watch }, target }: Config, jobs: Pick<JobsRoom, "watch">): Watching | undefined {
  if (watch === undefined) return undefined;
  if (target.confirm === true) {
    throw new HeadgateError(
      "confirm_needed",
      `target ${target.name} asks for a confirmation before a change, and jobs.watch asks nobody`,
      {
        hint: "take confirm off the target, or leave jobs.watch away and run headgate jobs watch --yes",
        permanent: true,
      },
    );
  }
  const { every, heal, run } = watch;
  return ({ signal, onEvent }) => jobs.watch({ intervalMs: parseDuration(String(every)), heal, run, signal, onEvent });
}
