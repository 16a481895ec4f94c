/** A process that writes into a SQLite store, for tests of several processes: `store-writer.ts FILE NAME COUNT`. */
import { writeSync } from "node:fs";
import { openStore } from "../src/store/open.ts";

const [file = "", name = "", count = "0"] = process.argv.slice(2);
const store = await openStore({ kind: "sqlite", path: file });
writeSync(1, "open\n");
for (let n = 0; n < Number(count); n++) {
  // A read and two writes in one transaction: what would be lost shows as a missing row or a wrong number.
  await store.transaction(async ({ access, cursors }) => {
    const before = Number((await cursors.find("counter"))?.value ?? "0");
    await cursors.move("counter", String(before + 1));
    await access.addAudit({
      id: `${name}-${n}`,
      at: "2026-11-21T06:30:00.000Z",
      actor: name,
      via: "none",
      address: "",
      action: "test",
      subject: "",
      result: "ok",
      status: null,
      requestId: "x".repeat(200),
    });
  });
  // Acknowledged: from here on nothing may lose it.
  writeSync(1, `${name}-${n}\n`);
}
await store.close();
