/** GET /events: keeps the answer open and hands it to the live events. */
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { utc } from "../util/clock.ts";
import { API_BASE } from "./api.ts";
import { callerOf } from "./caller.ts";
import type { App } from "./http-app.ts";
import { Refusal } from "./problem.ts";
import type { ServerContext } from "./server-context.ts";

/** Mounts the event stream. It writes to node's own answer, whose buffer shows who does not read. */
export function mountEvents(app: App, context: ServerContext): void {
  const { live, deps } = context;
  const path = `${API_BASE}/events`;
  app.get(path, async (c) => {
    c.set("route", path);
    await callerOf(c, context, "read");
    if (!live.accepting) throw new Refusal("too_many_streams", "Too many event streams are open.");
    if (c.req.method === "HEAD") return c.body(null, 200, { "content-type": "text/event-stream" });
    const { outgoing } = c.env;
    if (!("socket" in outgoing)) throw new Refusal("bad_request", "Events are sent over HTTP/1.1.");
    outgoing.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      // Proxies of the nginx kind would hold events back until a buffer is full.
      "x-accel-buffering": "no",
    });
    const leave = live.open({
      lastEventId: c.req.header("last-event-id"),
      hello: { version: deps.info.version, at: utc(deps.clock.now()) },
      reader: {
        write: (bytes) => void outgoing.write(bytes),
        waiting: () => outgoing.writableLength,
        end: () => void outgoing.end(),
        drop: () => void outgoing.destroy(),
      },
      async stillAllowed() {
        try {
          await callerOf(c, context, "read");
          return true;
        } catch (error) {
          if (error instanceof Refusal) return false;
          context.log.warn({ err: error }, "a stream's rights could not be checked");
          return false;
        }
      },
    });
    outgoing.once("close", leave);
    return RESPONSE_ALREADY_SENT;
  });
  app.all(path, (c) => {
    throw new Refusal("method_not_allowed", `${c.req.method} is not allowed here.`, {
      headers: { allow: "GET, HEAD" },
    });
  });
}
