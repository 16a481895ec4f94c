/** GET /lineage/waves: a wave plan ({@link WavePlan}) as HTTP answers it, with the date it was made from. */
import * as z from "zod";

const count = z.number().int();
const names = z.array(z.string());
const WaveJobView = z.object({ id: z.string(), name: z.string().nullable() });

const WaveGroupView = z.object({
  jobs: z.array(WaveJobView),
  tables: names,
  bytes: z.number(),
  constraint: z.enum(["hard", "soft", "none"]),
  why: z.string(),
});

/** GET /lineage/waves. Job ids and table names are those of the lineage. */
export const LineageWavesView = z.object({
  /** The day of the graph, and its window. */
  at: z.string(),
  windowDays: count,
  formatVersion: z.literal(1),
  waves: z.array(
    z.object({ number: count, jobs: count, tables: count, bytes: z.number(), groups: z.array(WaveGroupView) }),
  ),
  blockers: z.array(
    z.object({ kind: z.enum(["pin", "unknown", "capacity"]), why: z.string(), jobs: names, tables: names }),
  ),
  hubs: z.array(
    z.object({
      table: z.string(),
      with: names.optional(),
      jobs: count,
      groupsBefore: count,
      groupsAfter: count,
    }),
  ),
  cut: z.array(
    z.object({
      job: z.string(),
      table: z.string(),
      kind: z.literal("soft"),
      access: z.enum(["read", "write", "maintenance"]),
    }),
  ),
  excluded: z.object({ jobs: z.array(WaveJobView), tables: names }),
  freeze: z.array(z.object({ from: z.string(), to: z.string() })),
  capacity: z.object({ jobs: count.optional(), tables: count.optional(), bytes: z.number().optional() }),
  unsized: count,
});
export type LineageWavesView = z.infer<typeof LineageWavesView>;
