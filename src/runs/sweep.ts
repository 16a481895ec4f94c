/** Declares steps to be lost of which nothing was heard for longer than their lease. */
import type { StepAnswer } from "../model/run-answer.ts";
import { utc } from "../util/clock.ts";
import { commandOf } from "./command.ts";
import { lostEventId } from "./event-id.ts";
import { sendCommand } from "./record.ts";
import type { SweepReport } from "./room.ts";
import type { RoomDeps } from "./room-deps.ts";

/** A server that was silent for longer may have missed heartbeats: the gap is added to every lease. */
const MAX_SILENCE_MS = 60_000;

/**
 * One sweep. Nobody is judged before this server has lived a full lease without a gap: after a start, or a pause of
 * our own, running tasks first get the time to be heard again.
 *
 * @param server name of this server; it must sweep at least every 60 s, or its silence counts as a gap
 */
export async function sweepOnce(deps: RoomDeps, server: string): Promise<SweepReport> {
  const { runs } = deps.store;
  const { unbrokenSince } = await runs.serverBeat(server, MAX_SILENCE_MS);
  const now = deps.clock.now();
  if (now - Date.parse(unbrokenSince) < deps.leaseMs) return { expired: 0, lost: [], judged: false };
  const leases = await runs.expiredLeases(utc(now));
  const lost: StepAnswer[] = [];
  for (const lease of leases) {
    const carries = { lease: lease.number, holder: lease.holder, beatAt: lease.beatAt };
    const command = {
      ...commandOf(deps, "LOST", lease, carries, { actor: "sweeper" }),
      eventId: lostEventId(lease),
    };
    const { replayed, ...answer } = await sendCommand<StepAnswer>(runs, command);
    if (!replayed) lost.push({ ...answer, replayed });
  }
  return { expired: leases.length, lost, judged: true };
}
