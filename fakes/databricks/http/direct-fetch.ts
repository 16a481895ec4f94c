/** Requests that go to the fake without the network: what a socket costs is most of what a request costs. */
import type { Answer } from "./server.ts";

/** Statuses that have no body. */
const EMPTY = new Set([204, 304]);

/** What `fetch` throws where a connection is cut. */
function cutConnection(): TypeError {
  const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  return new TypeError("fetch failed", { cause });
}

/**
 * Makes a `fetch` that answers out of this process. An aborted signal ends the wait, not what the request does.
 *
 * @param respond answers a request as the server does
 */
export function directFetch(respond: Answer): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { signal } = request;
    signal.throwIfAborted();
    const { pathname, search } = new URL(request.url);
    const bytes = request.body === null ? Buffer.alloc(0) : Buffer.from(await request.arrayBuffer());
    const headers = Object.fromEntries(request.headers);
    return new Promise<Response>((resolve, reject) => {
      const leave = () => reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      respond({ method: request.method, target: pathname + search, headers, bytes })
        .then((reply) => {
          if (reply === "hang") return;
          signal.removeEventListener("abort", leave);
          if (reply === "cut") return reject(cutConnection());
          const silent = EMPTY.has(reply.status) || request.method === "HEAD";
          const body = silent ? null : typeof reply.body === "string" ? reply.body : new Uint8Array(reply.body);
          resolve(new Response(body, { status: reply.status, headers: reply.headers }));
        })
        .catch(reject);
    });
  };
}
