/** What the leading server does for jobs, where the config says so: it watches, as `headgate jobs watch` does. */
import type { Loop } from "../leader.ts";
import type { Logger } from "../server-log.ts";

/** What a watch tells; values of fields are not looked at here. */
export interface WatchTold {
  kind: string;
  resource?: string;
  action?: string;
  state?: string;
  healed?: boolean;
  code?: string;
  reason?: string;
  message?: string;
  error?: { code: string; message: string } | null;
  fields?: readonly { path: string }[];
}

/** Watches until the signal is aborted. */
export type Watch = (options: { signal: AbortSignal; onEvent: (event: WatchTold) => void }) => Promise<unknown>;

/** Told once of a state that lasts, and so kept running: a turn is a whole watch, which ends when leading does. */
export function jobsLoops(watch: Watch | undefined, { log, onChange }: { log: Logger; onChange: () => void }): Loop[] {
  if (watch === undefined) return [];
  return [
    {
      name: "watch",
      // Only after a fault that a watch does not live through.
      everyMs: 60_000,
      async turn(signal) {
        await watch({
          signal,
          onEvent(event) {
            tell(event, log);
            if (event.kind === "job") onChange();
          },
        });
      },
    },
  ];
}

function tell(event: WatchTold, log: Logger): void {
  const { kind, resource, action, state, healed, code, reason, message, error, fields } = event;
  if (kind === "quiet") return;
  const about = { resource, action, state, healed, code: error?.code ?? code, fields: fields?.map(({ path }) => path) };
  const text = error?.message ?? message ?? reason;
  if (kind === "job" && state === "done") log.info(about, "watch: a job was changed");
  else if (kind === "job") log.warn(about, `watch: a job could not be changed: ${text}`);
  else if (kind === "drift") log.warn(about, `watch: somebody changed a job, which stays so: ${text}`);
  else if (kind === "left") log.warn(about, `watch: a job is left to a person: ${text}`);
  else log.warn(about, `watch: ${text}`);
}
