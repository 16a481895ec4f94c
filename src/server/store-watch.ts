/** Whether the store takes writes, as it was found not long ago. */
import type { Clock } from "../util/clock.ts";
import type { ServerStore } from "./server-deps.ts";

/** What was found counts for so long, milliseconds. */
const COUNTS_MS = 15_000;

/** See {@link watchStore}. */
export interface StoreWatch {
  /** As it was found last; false before the first look. */
  readonly readOnly: boolean;
  /** Looks, unless that was done just now. */
  look(): Promise<void>;
}

/** Looks at the store when asked, not more often than every 15 seconds. */
export function watchStore(store: Pick<ServerStore, "isWritable">, clock: Clock): StoreWatch {
  let readOnly = false;
  let looking: Promise<void> | undefined;
  let until = Number.NEGATIVE_INFINITY;
  const ask = async () => {
    try {
      readOnly = !(await store.isWritable());
      until = clock.now() + COUNTS_MS;
    } finally {
      looking = undefined;
    }
  };
  return {
    get readOnly() {
      return readOnly;
    },
    async look() {
      if (clock.now() < until) return;
      looking ??= ask();
      await looking;
    },
  };
}
