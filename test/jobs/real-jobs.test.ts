/** Real job definitions from public repositories: each is made in the workspace, adopted, written as YAML and planned: the plan is empty. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startFakeDatabricks } from "../../fakes/databricks/index.ts";
import type { JobSettings } from "../../src/model/job.ts";
import { parseJson } from "../../src/util/int64-json.ts";
import { openLaptop } from "./laptop.ts";

const FOLDER = join(import.meta.dirname, "../../../shared/data/jobs");
const there = existsSync(FOLDER);
if (!there) console.log("skipped: ../shared/data/jobs is absent");

describe.skipIf(!there)("real job definitions", () => {
  const files = there ? readdirSync(FOLDER).filter((file) => /^\d+.*\.json$/.test(file)) : [];

  it.each(["azure", "aws", "gcp"] as const)("are adopted with an empty plan, all of them, on %s", async (cloud) => {
    const fake = await startFakeDatabricks({ cloud });
    const laptop = openLaptop({ url: fake.url, token: fake.token, jobs: {} });
    try {
      const settings = files.map((file) => {
        const found = parseJson(readFileSync(join(FOLDER, file), "utf8")) as JobSettings;
        // Unresolved placeholders are legal in Azure's tags only.
        const tags = Object.entries(found.tags ?? {}).map(([key, value]) => [
          key,
          cloud === "azure" ? value : value.replace(/[^a-z0-9_-]/gi, "").toLowerCase(),
        ]);
        return found.tags ? { ...found, tags: Object.fromEntries(tags) } : found;
      });
      fake.control.seedJobs({ jobs: settings as never });
      const report = await laptop.room.adopt({ all: true });
      expect(report.problems).toEqual([]);
      expect(report.adopted).toHaveLength(files.length);
      const plan = await laptop.room.plan();
      const empty = plan.changes.filter((change) => change.action === "noop");
      expect(
        plan.changes
          .filter((change) => change.action !== "noop")
          .map((change) => [change.name, change.action, change.fields]),
      ).toEqual([]);
      console.log(`${cloud}: ${empty.length} of ${files.length} empty plans`);
      expect(empty).toHaveLength(files.length);
      // The same without the state: by the marker alone, with the table of defaults and nothing learned.
      fake.control.removeFile({ path: "/Workspace/Shared/.headgate/shop/prod/state.json" });
      const bare = await laptop.room.plan();
      expect(
        bare.changes.filter((change) => change.fields.length > 0).map((change) => [change.name, change.fields]),
      ).toEqual([]);
    } finally {
      laptop.throwAway();
      await fake.close();
    }
  });
});
