/** Everything the parts of one running server share. */
import type { Credentials, Identity } from "../access/identify.ts";
import type { Sessions } from "../access/session.ts";
import type { Applies } from "./applies.ts";
import type { Fleet } from "./fleet.ts";
import type { Handlers } from "./handler.ts";
import type { Live } from "./live.ts";
import type { Metrics } from "./metrics.ts";
import type { ServerDeps, ServerSettings } from "./server-deps.ts";
import type { Logger } from "./server-log.ts";
import type { StaticFiles } from "./static.ts";

export interface ServerContext {
  deps: ServerDeps;
  settings: ServerSettings;
  log: Logger;
  live: Live;
  fleet: Fleet;
  applies: Applies;
  metrics: Metrics;
  sessions: Sessions;
  pages: StaticFiles;
  handlers: Handlers;
  identify: (credentials: Credentials) => Promise<Identity>;
  /** Names that may stand in `Host`, lower-case. */
  hosts: ReadonlySet<string>;
  /** Bytes a body may have. */
  bodyLimit: number;
  /** True where the server listens on loopback only. */
  loopbackOnly: boolean;
  /** Name of the session cookie: cookies know no ports, and two servers on one machine must not share theirs. */
  cookieName(): string;
  /** Called after a change of a run, so that live events follow at once. */
  runsMoved(): void;
  /** Aborted when the server begins to stop. */
  stopping: AbortSignal;
  /** Aborted when what is in flight has had its time. */
  givingUp: AbortSignal;
}
