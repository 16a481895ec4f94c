/** POST /lineage and /lineage/batch: events in, durable before the answer. */
import type { AuditTally } from "../audit-tally.ts";
import type { Call, Handlers } from "../handler.ts";
import { problemOf } from "../problem.ts";
import type { ServerEvents } from "../server-deps.ts";

type Intake = "postLineage" | "postLineageBatch";

/** Source of events that came over HTTP, in sightings and in the log of events. */
const SOURCE = "http";

/**
 * Handlers of the OpenLineage API.
 * @param onKept told after events were kept: the graph is behind by them
 */
export function lineageEventRoutes(
  events: ServerEvents,
  tally: AuditTally,
  onKept: () => void,
): Pick<Handlers, Intake> {
  async function audited<T>(call: Call<Intake>, action: Intake, count: (value: T) => number, work: () => Promise<T>) {
    const { principal, address, requestId } = call;
    const who = { actor: principal.actor, via: principal.via, address, action, requestId };
    let value: T;
    try {
      value = await work();
    } catch (error) {
      const { code, status } = problemOf(error, requestId);
      await tally.add({ ...who, result: code, status }, 0);
      throw error;
    }
    onKept();
    await tally.add({ ...who, result: "ok", status: action === "postLineage" ? 201 : 200 }, count(value));
    return { value };
  }

  return {
    postLineage: (call) =>
      audited(
        call,
        "postLineage",
        () => 1,
        () => events.one(call.text, SOURCE),
      ),
    postLineageBatch: (call) =>
      audited(
        call,
        "postLineageBatch",
        ({ summary }) => summary.successful,
        () => events.batch(call.text, SOURCE),
      ),
  };
}
