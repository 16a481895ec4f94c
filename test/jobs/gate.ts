/** Two processes in tests whose requests come through one at a time, in an order that a seed chooses. */
import { HeadgateError } from "../../src/errors.ts";
import type { ApplyOptions } from "../../src/jobs/room.ts";
import type { Laptop } from "./laptop.ts";

/** Lets one waiting request through at a time. `drive` does so until `stop`; `working` tells of work that is no request. */
export function gate(random: () => number, send: typeof fetch) {
  const waiting: (() => Promise<void>)[] = [];
  let done = false;
  const gated: typeof fetch = (input, init) =>
    new Promise((resolve, reject) => {
      waiting.push(async () => {
        await send(input, init).then(resolve, reject);
      });
    });
  // Whoever can go on without a request gets the time to ask for its next one; files are written meanwhile.
  let busy = 0;
  const working = async <T>(work: Promise<T>): Promise<T> => {
    busy += 1;
    return work.finally(() => {
      busy -= 1;
    });
  };
  const drive = async () => {
    while (!done) {
      for (let idle = 0; idle < 3; idle = busy > 0 ? 0 : idle + 1) await new Promise(setImmediate);
      const [next] = waiting.splice(Math.floor(random() * waiting.length), 1);
      await next?.();
    }
  };
  return {
    gated,
    working,
    drive,
    stop: () => {
      done = true;
    },
  };
}

/** Plans and applies until it is through, as somebody does who reads "run again". @returns exit codes */
export async function persist(laptop: Laptop, times: number, options: ApplyOptions = {}): Promise<number[]> {
  const codes: number[] = [];
  for (let n = 0; n < times; n++) {
    try {
      const { exitCode } = await laptop.room.apply(await laptop.room.plan(), { firstDeploy: true, ...options });
      codes.push(exitCode);
      if (exitCode === 0 || exitCode === 77) break;
    } catch (error) {
      if (!(error instanceof HeadgateError)) throw error;
      codes.push(error.exitCode);
    }
  }
  return codes;
}
