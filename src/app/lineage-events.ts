/** Opens what takes OpenLineage events in and brings the graph up to them; the store is opened with the first of them. */
import { randomUUID } from "node:crypto";
import type { LineageBatchReceipt, LineageReceipt } from "../model/event.ts";
import type { Store } from "../store/transaction.ts";
import type { Clock } from "../util/clock.ts";

/** OpenLineage events of a project. */
export interface LineageEvents {
  /** Keeps one event, given as JSON text. @throws HeadgateError `input_invalid` that names the fields */
  one(text: string, source: string): Promise<LineageReceipt>;
  /** Keeps the valid events of a JSON array. */
  batch(text: string, source: string): Promise<LineageBatchReceipt>;
  /** Brings the graph up to all events that were kept; resolves at once where it is. @returns how many were new to it */
  fold(signal?: AbortSignal): Promise<number>;
}

/** Opens nothing yet. */
export function lazyLineageEvents(store: () => Promise<Store>, clock: Clock): LineageEvents {
  const open = async () => {
    const opened = await store();
    const { openEventIntake } = await import("../lineage/events/intake.ts");
    const { createEventFolder } = await import("../lineage/events/fold.ts");
    const { createRecentFacts } = await import("../lineage/events/recent-facts.ts");
    const { settleIdentity } = await import("../lineage/ingest/inventory.ts");
    const recent = createRecentFacts();
    const folder = createEventFolder(opened, clock, randomUUID(), () => settleIdentity(opened), recent);
    return { intake: openEventIntake(opened.lineage, recent), folder };
  };
  let opened: ReturnType<typeof open> | undefined;
  const parts = () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    one: async (text, source) => (await parts()).intake.one(text, source),
    batch: async (text, source) => (await parts()).intake.batch(text, source),
    fold: async (signal) => (await parts()).folder.fold(signal),
  };
}
