/** A server's events for tests that send none: what is sent is refused. */
import type { ServerEvents } from "../server-deps.ts";

const refuse = async (): Promise<never> => {
  throw new Error("no events here");
};

/** Takes no events. */
export const noEvents: ServerEvents = { one: refuse, batch: refuse, fold: async () => 0 };
