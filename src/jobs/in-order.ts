/** Carries changes out a few at a time: a job waits until those it calls have their ids, deletions come last. */
import type { Change } from "../model/plan.ts";
import { callsOfSettings } from "./desired.ts";

/** What {@link inOrder} needs. */
export interface OrderOptions {
  /** How many may run at once. */
  atOnce: number;
  /** Id of a resource's job, where it has one by now. */
  idOf(resource: string): string | undefined;
  /** No change is started any more once it is aborted. */
  signal?: AbortSignal | undefined;
  carryOut(change: Change): Promise<void>;
}

/**
 * Starts every change once. One that calls a job which is still to come waits for it; where nothing else runs it is
 * started all the same, and says itself what it lacks. Resolves when all that was started has ended.
 */
export async function inOrder(changes: readonly Change[], options: OrderOptions): Promise<void> {
  const { atOnce, idOf, signal, carryOut } = options;
  const ahead = new Set(changes.map((change) => change.resource));
  const first = changes.filter((change) => change.action !== "delete");
  const calls = new Map(first.map((change) => [change, callsOfSettings(change.desired ?? {})]));
  const isReady = (change: Change) =>
    (calls.get(change) ?? []).every((resource) => !ahead.has(resource) || idOf(resource) !== undefined);
  const deletions = changes.filter((change) => change.action === "delete");
  let fault: { thrown: unknown } | undefined;
  for (const group of [new Set(first), new Set(deletions)]) {
    const running = new Set<Promise<void>>();
    while (group.size > 0 && !signal?.aborted && fault === undefined) {
      let next = running.size < atOnce ? find(group, isReady) : undefined;
      if (next === undefined && running.size === 0) [next] = group;
      if (next === undefined) {
        await Promise.race(running);
        continue;
      }
      const change = next;
      group.delete(change);
      const run: Promise<void> = carryOut(change)
        .catch((thrown: unknown) => {
          fault ??= { thrown };
        })
        .finally(() => {
          ahead.delete(change.resource);
          running.delete(run);
        });
      running.add(run);
    }
    // Also where one broke: what is under way ends before anybody lets go of the lock.
    await Promise.all(running);
  }
  if (fault) throw fault.thrown;
}

function find(changes: Iterable<Change>, isReady: (change: Change) => boolean): Change | undefined {
  for (const change of changes) if (isReady(change)) return change;
  return undefined;
}
