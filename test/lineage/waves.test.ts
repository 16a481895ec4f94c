/** Waves over the edges of a lake whose access logs were really written: logs in, plan out. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { WavePlan } from "../../src/model/wave.ts";
import { cli } from "../run-cli.ts";

const WORLD = path.resolve(import.meta.dirname, "../../../shared/data/storage-logs");
const there = existsSync(WORLD);
if (!there) console.log(`skipped: ${WORLD} is not there`);

const groupOf = (plan: WavePlan, job: string) =>
  plan.waves
    .flatMap(({ number, groups }) => groups.map((group) => ({ number, ...group })))
    .find(({ jobs }) => jobs.some(({ name }) => name === job));

describe.skipIf(!there)("waves of a lake with access logs", () => {
  it("one audit table glues its jobs together; without it they follow one another", async () => {
    const cwd = mkdtempSync(path.join(tmpdir(), "headgate-waves-"));
    try {
      const from = (name: string): string => path.join(WORLD, name);
      const logs = ["read", "write", "delete"].map((kind) => from(`insights-logs-storage${kind}`));
      const attributed = await cli(
        [
          "lineage",
          "attribute",
          "--logs",
          ...logs,
          "--runs",
          from("api"),
          "--inventory",
          from("inventory"),
          "--out",
          ".",
        ],
        { cwd },
      );
      expect(attributed.code).toBe(0);
      const planned = async (...flags: string[]): Promise<WavePlan> => {
        const ran = await cli(["lineage", "waves", "--json", "--inventory", from("inventory"), ...flags], { cwd });
        expect(ran).toMatchObject({ code: 0, stderr: "" });
        return JSON.parse(ran.stdout) as WavePlan;
      };
      const whole = await planned();
      expect(whole.hubs[0]).toMatchObject({ table: "ctl.audit", groupsBefore: 1 });
      expect(groupOf(whole, "ingest_erp")?.jobs.map(({ name }) => name)).toContain("gold_daily");

      writeFileSync(path.join(cwd, "pins.yml"), "pins: { tables: { ctl.audit: exclude } }\n");
      const apart = await planned("--pins", "pins.yml");
      const waveOf = (job: string): number => groupOf(apart, job)?.number ?? Number.NaN;
      expect(["ingest_erp", "silver_orders", "gold_daily"].map(waveOf)).toEqual([1, 2, 3]);
      expect(groupOf(apart, "silver_orders")?.why).toContain("reads raw.orders, written by job ingest_erp in wave 1");
      expect(apart.blockers).toEqual([]);
      const jobs = apart.waves.reduce((sum, wave) => sum + wave.jobs, 0);
      console.log(
        `storage-logs: ${whole.waves.length} waves, ${apart.waves.length} without ctl.audit, ${jobs} jobs; ctl.audit splits ${whole.hubs[0]?.jobs} jobs into ${whole.hubs[0]?.groupsAfter} groups`,
      );
    } finally {
      rmSync(cwd, { recursive: true, force: true });
    }
  });
});
