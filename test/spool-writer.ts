/** A process that spools events and delivers now and then, for tests of several: `spool-writer.ts FILE NAME COUNT SENT`. */
import { appendFileSync } from "node:fs";
import { openSpool } from "../src/client/spool.ts";

const [file = "", name = "", count = "0", sentFile = ""] = process.argv.slice(2);
const spool = openSpool(file);
for (let n = 0; n < Number(count); n++) {
  await spool.append({ id: `${name}-${n}`, path: "/runs/end", body: {}, at: new Date().toISOString() });
  if (n % 7 !== 6) continue;
  await spool.drain(async ({ id }) => {
    appendFileSync(sentFile, `${id}\n`);
    return "done";
  });
}
