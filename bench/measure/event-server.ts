/**
 * A server for events in a process of its own: `ours` with a store in the folder given, or `nothing`, which reads each
 * body and answers. Prints its address and token as JSON on one line, and on SIGUSR2 what CPU it has taken.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { lazyLineageEvents } from "../../src/app/lineage-events.ts";
import { startServer } from "../../src/server/serve.ts";
import { noLineage } from "../../src/server/testing/no-lineage.ts";
import { noRuns } from "../../src/server/testing/no-runs.ts";
import { plainJobs, plainWorld } from "../../src/server/testing/plain-jobs.ts";
import { plainStore } from "../../src/server/testing/plain-store.ts";
import { openStore } from "../../src/store/open.ts";
import { systemClock } from "../../src/util/clock.ts";

const [kind, folder = "."] = process.argv.slice(2);
const tell = (url: string, token: string): void => void process.stdout.write(`${JSON.stringify({ url, token })}\n`);

/** User CPU so far in milliseconds, when asked. */
process.on("SIGUSR2", () => void process.stdout.write(`${process.cpuUsage().user / 1_000}\n`));

if (kind === "nothing") {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      response.writeHead(201, { "content-type": "application/json" });
      response.end("{}");
    });
  });
  server.listen(0, "127.0.0.1", () => tell(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, ""));
} else {
  const store = await openStore({ kind: "sqlite", path: path.join(folder, "state.db") });
  const server = await startServer({
    deps: {
      jobs: plainJobs(plainWorld([])),
      runs: noRuns,
      lineage: noLineage,
      events: lazyLineageEvents(async () => store, systemClock),
      store: plainStore(),
      clock: systemClock,
      info: { version: "0", project: "p", target: "t", workspace: "w", host: "https://h.example.com", timezone: "UTC" },
      actor: "bench",
      writeLog: () => undefined,
    },
    settings: { listen: "127.0.0.1:0" },
  });
  tell(server.url, server.token);
}
