/** Takes events in: checks them against the specification and keeps them durably, each once. Folding comes after. */
import { createHash } from "node:crypto";
import { HeadgateError } from "../../errors.ts";
import { type EventFault, eventFaults, type LineageBatchReceipt, type LineageReceipt } from "../../model/event.ts";
import type { LineageEvent, LineageStore } from "../../store/lineage.ts";
import { canonicalJson } from "../../util/canonical-json.ts";
import { arrayElements } from "./array-elements.ts";
import { nodeKey } from "./fold-batch.ts";
import { knownIds } from "./known-ids.ts";
import { readEvent } from "./read-event.ts";
import type { RecentFacts } from "./recent-facts.ts";

/** Takes events in. */
export interface EventIntake {
  /**
   * Keeps one event; it is durable when this resolves.
   * @param text JSON as the client sent it
   * @throws HeadgateError `input_invalid`: no JSON, or a field breaks the specification
   */
  one(text: string, source: string): Promise<LineageReceipt>;
  /** Keeps those of a JSON array that are valid. @throws HeadgateError `input_invalid` where it is no array of JSON */
  batch(text: string, source: string): Promise<LineageBatchReceipt>;
  /**
   * Keeps events found in logs, which old clients may have written: what they lack is not asked for.
   * @param window UTC texts; what lies outside is left out
   * @returns of each that was kept its UTC day, and whether it was new
   */
  found(texts: readonly string[], source: string, window?: Window): Promise<{ day: string; isNew: boolean }[]>;
}

/** UTC texts: from one time on, up to but not with another. */
interface Window {
  since?: string | undefined;
  until?: string | undefined;
}

const listFaults = (faults: readonly EventFault[]): string =>
  faults.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new HeadgateError("input_invalid", `The ${what} is no JSON: ${error.message}`, { permanent: true });
  }
}

/**
 * Id of an event: its content, whatever the order of keys and the blanks, so that the same event by HTTP and from a
 * log, or sent twice, is one. Two events of a run that differ in anything are two.
 */
function idOf(event: unknown): string {
  return createHash("sha256").update(canonicalJson(event)).digest("base64url").slice(0, 32);
}

/**
 * Opens the intake of a store.
 * @param recent is told what new events say, for the folder that is given it too
 */
export function openEventIntake(
  lineage: Pick<LineageStore, "appendEvents" | "upsertNodes">,
  recent?: RecentFacts,
): EventIntake {
  const jobNodes = knownIds(lineage.upsertNodes, nodeKey);

  /** Keeps events that were judged. What cannot be read (no time, no name) is undefined in the answer. */
  async function keep(events: readonly { text: string; value: unknown }[], source: string, window: Window = {}) {
    const { since = "", until = "9999" } = window;
    const read = events
      .map(({ text, value }) => ({ text, value, facts: readEvent(value) }))
      .filter(({ facts }) => facts !== undefined && facts.time >= since && facts.time < until);
    const jobs = [...new Set(read.flatMap(({ facts }) => facts?.job ?? []))];
    const ids = await jobNodes(jobs);
    const jobIds = new Map(jobs.map((job, index) => [job, ids[index] as number]));
    const rows = read.flatMap(({ text, value, facts }): LineageEvent[] => {
      if (facts === undefined) return [];
      const jobNode = facts.job === undefined ? null : (jobIds.get(facts.job) ?? null);
      const { type, time, runId = null } = facts;
      const id = idOf(value);
      // Before it is kept: whoever folds may be quicker than we are told.
      recent?.put(id, facts, text.length);
      return [{ id, source, jobNode, runId, type, eventTime: time, body: text }];
    });
    const kept = rows.length === 0 ? [] : await lineage.appendEvents(rows);
    return rows.map(({ id, eventTime }, index) => {
      const { seq, isNew } = kept[index] as { seq: number; isNew: boolean };
      if (!isNew) recent?.take(id);
      return { day: eventTime.slice(0, 10), receipt: { id, seq, isNew } };
    });
  }

  return {
    async one(text, source) {
      const value = parse(text, "body");
      const faults = eventFaults(value);
      if (faults.length > 0) {
        throw new HeadgateError("input_invalid", `This is no OpenLineage event: ${listFaults(faults)}`, {
          hint: "The specification is at https://openlineage.io/spec/2-0-2/OpenLineage.json.",
          permanent: true,
          data: { problems: faults },
        });
      }
      const [kept] = await keep([{ text, value }], source);
      if (kept === undefined) throw new Error("a valid event could not be read");
      return kept.receipt;
    },

    async batch(text, source) {
      const values = parse(text, "body");
      if (!Array.isArray(values)) {
        throw new HeadgateError("input_invalid", "A batch is a JSON array of events", {
          hint: "One event goes to /api/v1/lineage.",
          permanent: true,
        });
      }
      const texts = arrayElements(text);
      const judged = values.map((value, index) => ({ value, text: texts[index] ?? "", faults: eventFaults(value) }));
      const good = judged.filter(({ faults }) => faults.length === 0);
      await keep(good, source);
      const failed = judged.flatMap(({ faults }, index) =>
        faults.length === 0 ? [] : [{ index, reason: listFaults(faults), retriable: false }],
      );
      return {
        status: failed.length === 0 ? "success" : "partial_success",
        summary: {
          received: values.length,
          successful: good.length,
          failed: failed.length,
          retriable: 0,
          non_retriable: failed.length,
        },
        failed_events: failed,
      };
    },

    async found(texts, source, window) {
      const events = texts.map((text) => ({ text, value: JSON.parse(text) as unknown }));
      const kept = await keep(events, source, window);
      return kept.map(({ day, receipt }) => ({ day, isNew: receipt.isNew }));
    },
  };
}
