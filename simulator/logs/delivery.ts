/** From requests to delivered lines: retries, and what delivery does to records - repeated, late, lost, torn. */
import type { Random } from "../random.ts";
import type { Request } from "../request.ts";
import type { Counts, TruthBook } from "../truth.ts";
import type { Played } from "./play.ts";
import { type Category, categoryOf, type recordWriter } from "./record.ts";
import type { Sender } from "./sender.ts";

/** Shares of all records, 0 to 1. */
export interface Noise {
  retries: number;
  duplicates: number;
  late: number;
  lost: number;
}

/** Records that delivery has lost altogether. Times are milliseconds since 1970 UTC. */
export interface Gap {
  account: string;
  category: Category;
  from: number;
  to: number;
}

/** A line and the file it is in. */
export interface LogLine {
  account: string;
  service: "blob" | "queue";
  category: Category;
  /** Begin of the hour whose file it is, milliseconds. */
  hour: number;
  /** Without its line feed; a torn one has none in the file either. */
  text: string;
  torn?: true;
}

/** A request with who sent it. */
export interface Sent extends Played {
  sender: Sender;
}

const HOUR = 3_600_000;
const RETRY_AFTER_MS = 700;

/** What a request is answered before it is sent again. */
function failureOf(request: Request, random: Random): Request {
  const { shows: _shows, after: _after, received: _received, ...rest } = request;
  return { ...rest, status: random.pick([500, 503, 503, "Unknown"] as const) };
}

function countKind(counts: Counts, request: Request): void {
  counts.requests += 1;
  if (request.status === 403) counts.denied += 1;
  if (request.status === 404) counts.probes += 1;
  if (request.endpoint === "queue") counts.otherServices += 1;
}

/** A line on its way; retries and repeats stand for no request of their own. */
type Arriving = LogLine & { sent?: Sent };

/** Everything that delivery needs. */
export interface Delivery {
  noise: Noise;
  gaps: readonly Gap[];
  random: Random;
  write: ReturnType<typeof recordWriter>;
  isLogged: (account: string) => boolean;
  truth: TruthBook;
  counts: Counts;
}

/** Writes and delivers. @param sent by time */
export function* deliver(sent: Iterable<Sent>, delivery: Delivery): Generator<Arriving> {
  const { noise, gaps, random, write, isLogged, truth, counts } = delivery;
  for (const one of sent) {
    const { request, sender, time } = one;
    const { account } = request.folder;
    const category = categoryOf(request.operation);
    countKind(counts, request);
    if (!isLogged(account)) {
      counts.notLogged += 1;
      truth.add(one, sender, "not logged");
      continue;
    }
    const line = (at: number, text: string): LogLine => ({
      account,
      service: request.endpoint === "queue" ? "queue" : "blob",
      category,
      hour: Math.floor(at / HOUR) * HOUR,
      text,
    });
    if (request.code !== undefined && random.chance(noise.retries)) {
      counts.retries += 1;
      counts.lines += 1;
      yield line(time, write(time - RETRY_AFTER_MS, failureOf(request, random), sender, 0));
    }
    const text = write(time, request, sender, 0);
    const isInGap = gaps.some(
      (gap) => gap.account === account && gap.category === category && gap.from <= time && time < gap.to,
    );
    if (isInGap || random.chance(noise.lost)) {
      counts.lost += 1;
      truth.add(one, sender, "lost");
      continue;
    }
    const isLate = random.chance(noise.late);
    if (isLate) counts.late += 1;
    counts.lines += 1;
    yield { ...line(isLate ? time + HOUR : time, text), sent: one };
    if (!random.chance(noise.duplicates)) continue;
    counts.duplicates += 1;
    counts.lines += 1;
    yield line(time, text);
  }
}

/**
 * Counts what has arrived, and tears the last line of the newest file of one account's reads: its blob is still being
 * appended to.
 */
export function* arrive(
  lines: Iterable<Arriving>,
  { truth, counts }: Pick<Delivery, "truth" | "counts">,
  tearsAt: string,
): Generator<LogLine> {
  const held = new Map<string, Arriving>();
  const out = ({ sent, ...line }: Arriving, isTorn: boolean): LogLine => {
    if (sent !== undefined) truth.add(sent, sent.sender, isTorn ? "lost" : "arrived");
    if (!isTorn) return line;
    counts.torn += 1;
    return { ...line, text: line.text.slice(0, Math.floor(line.text.length * 0.6)), torn: true };
  };
  for (const line of lines) {
    const key = `${line.account}/${line.service}/${line.category}`;
    const before = held.get(key);
    // the torn line has to be the last of the newest file, not one that came late or belongs to an hour before
    if (before !== undefined && before.hour > line.hour) {
      yield out(line, false);
      continue;
    }
    if (before !== undefined) yield out(before, false);
    held.set(key, line);
  }
  for (const [key, line] of held) yield out(line, key === `${tearsAt}/blob/StorageRead`);
}
