/** A runs room for tests of the server that have no runs: every call to it is a fault of the test. */
import type { ServerRuns } from "../server-runs.ts";

export const noRuns = new Proxy({} as ServerRuns, {
  get(_target, name) {
    if (name === "views") return {};
    return async () => {
      throw new Error(`this test has no runs, but ${String(name)} was called`);
    };
  },
});
