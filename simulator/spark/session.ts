/** What a Spark program has at hand while it works. */

import type { Lying } from "../lake.ts";
import type { Random } from "../random.ts";
import { type Driver, driver, type Request } from "../request.ts";
import type { Folder } from "../world.ts";

/** A program at work. */
export interface Session {
  random: Random;
  /** Milliseconds since 1970 UTC of the request that was made last. */
  now(): number;
  /** Whether the program fails here instead of committing. */
  failsToCommit: boolean;
}

/** The driver below a table's folder, as it is now. */
export const driverOf = ({ random }: Session, { name, folder }: { name: string; folder: Folder }): Driver =>
  driver(name, folder, () => random.hex(12));

/** How many files a write makes, and how large they are. */
export function sizes(session: Session, { fileBytes }: Lying, count: number): number[] {
  return Array.from({ length: count }, () => Math.round(fileBytes * (0.6 + 0.8 * session.random.next())));
}

/** Requests, made one by one as the ones before are answered. */
export type Requests = Generator<Request, void>;
