/** One abort signal out of several, without leaving listeners behind on long-lived ones. */

/**
 * A signal that is aborted with the first of the given ones. Unlike `AbortSignal.any` it can be let go: `unlink` takes
 * its listeners off again, so that a signal that lives as long as the process does not collect one a call.
 */
export function linkSignals(signals: (AbortSignal | undefined)[]): { controller: AbortController; unlink: () => void } {
  const controller = new AbortController();
  const stops: (() => void)[] = [];
  for (const signal of signals) {
    if (signal === undefined) continue;
    const stop = () => controller.abort(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    stops.push(() => signal.removeEventListener("abort", stop));
  }
  const unlink = () => {
    for (const stop of stops) stop();
  };
  return { controller, unlink };
}
