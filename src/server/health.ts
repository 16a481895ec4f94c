/** /healthz for whoever watches the server, /metrics for Prometheus. */
import { callerOf } from "./caller.ts";
import type { App } from "./http-app.ts";
import type { ServerContext } from "./server-context.ts";

/** A store that does not answer for so long counts as gone. */
const STORE_MS = 2_000;

async function storeAnswers(context: ServerContext): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), STORE_MS);
  });
  const asked = context.deps.store.ping().then(
    () => true,
    (error: unknown) => {
      context.log.warn({ err: error }, "the store does not answer");
      return false;
    },
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Mounts `/healthz` (both parts), `/healthz/live` and `/healthz/ready`. Ready means that the store answers; a
 * workspace that is away does not count: the page still shows what was last read, and says so.
 */
export function healthRoutes(app: App, context: ServerContext): void {
  app.get("/healthz/live", (c) => {
    c.set("route", "/healthz/live");
    return c.json({ status: "ok" });
  });
  for (const path of ["/healthz", "/healthz/ready"]) {
    app.get(path, async (c) => {
      c.set("route", path);
      const store = await storeAnswers(context);
      const { view, error } = context.fleet;
      const body = {
        status: store ? "ok" : "unavailable",
        live: true,
        ready: store,
        parts: {
          store: store ? "ok" : "unavailable",
          workspace: error !== undefined ? "unavailable" : view === undefined ? "not read yet" : "ok",
        },
      };
      c.header("cache-control", "no-store");
      return c.json(body, store ? 200 : 503);
    });
  }
  app.get("/metrics", async (c) => {
    c.set("route", "/metrics");
    await callerOf(c, context, "read");
    const { body, contentType } = await context.metrics.text();
    return c.body(body, 200, { "content-type": contentType, "cache-control": "no-store" });
  });
}
