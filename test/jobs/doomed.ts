/** A process in tests that dies, or loses an answer, at a chosen request: its requests, counted from when it is armed. */

/** What happens at the chosen request. */
export type Fate = "dies before" | "dies after" | "loses the answer of";

export const FATES: readonly Fate[] = ["dies before", "dies after", "loses the answer of"];

/** See {@link doomedFetch}. */
export interface Doomed {
  fetch: typeof fetch;
  /** From now on requests are counted. */
  arm(): void;
  /** How many there were. */
  requests(): number;
  /** Resolves when the process is dead: whatever waits for it waits for ever. */
  death: Promise<"dead">;
}

/** Requests of a process whose request number `nth` meets its fate; a dead process sends nothing and hears nothing. */
export function doomedFetch(send: typeof fetch, fate: Fate, nth: number): Doomed {
  let count = 0;
  let armed = false;
  let dead = false;
  let die: () => void = () => undefined;
  const death = new Promise<"dead">((resolve) => {
    die = () => {
      dead = true;
      resolve("dead");
    };
  });
  const never = () => new Promise<Response>(() => undefined);
  return {
    death,
    requests: () => count,
    arm: () => {
      armed = true;
    },
    fetch: async (input, init) => {
      if (dead) return never();
      if (!armed) return send(input, init);
      const mine = ++count === nth;
      if (mine && fate === "dies before") die();
      if (dead) return never();
      const answer = await send(input, init);
      if (mine && fate === "dies after") die();
      if (mine && fate === "loses the answer of") {
        await answer.arrayBuffer();
        throw new TypeError("fetch failed", {
          cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }),
        });
      }
      return dead ? never() : answer;
    },
  };
}
