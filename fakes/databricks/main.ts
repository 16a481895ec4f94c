/**
 * A fake workspace as a process of its own: prints one JSON line with its address, then serves until it is ended.
 *
 * @example
 * node --import tsx fakes/databricks/main.ts '{"port":0,"listLagMs":2000}'
 */
import type { FakeDatabricksOptions } from "./options.ts";
import { startFakeDatabricks } from "./start.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as FakeDatabricksOptions;
const fake = await startFakeDatabricks(options);
process.stdout.write(`${JSON.stringify({ url: fake.url, token: fake.token, pid: process.pid })}\n`);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void fake.close().then(() => process.exit(0)));
}
