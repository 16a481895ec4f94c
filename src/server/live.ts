/** Server-sent events: a bounded ring of what happened, and the open streams that follow it. */
import { randomBytes } from "node:crypto";
import { formatJson } from "../util/int64-json.ts";
import { redact } from "../util/redact.ts";
import type { LiveEvents } from "./live-event.ts";

/** Settings of {@link createLive}; the defaults are those of `serve`. */
export interface LiveOptions {
  /** Events kept for streams that come back. */
  ringSize?: number;
  /** A stream with more unread bytes than this is dropped; it may come back with its last id. */
  pendingBytes?: number;
  /** Time between comments that keep a quiet stream open. */
  heartbeatMs?: number;
  /** Streams that may be open at once. */
  mostStreams?: number;
}

/** One open answer, as the events see it. */
export interface LiveReader {
  /** Hands bytes over; never waits. */
  write(bytes: Uint8Array): void;
  /** Bytes handed over that are not sent yet. */
  waiting(): number;
  /** Ends the answer in order. */
  end(): void;
  /** Breaks the connection. */
  drop(): void;
}

/** How one stream is opened. */
export interface StreamOptions {
  reader: LiveReader;
  /** `Last-Event-ID` of a stream that comes back. */
  lastEventId: string | undefined;
  /** First event of the stream. */
  hello: LiveEvents["hello"];
  /** Asked at every heartbeat: false ends the stream (token revoked, session over). */
  stillAllowed: () => Promise<boolean>;
}

/** The events of one server. */
export interface Live {
  /** Sends an event to all streams and remembers it. Never waits for a reader. */
  publish<Name extends keyof LiveEvents>(name: Name, data: LiveEvents[Name]): void;
  /** False when no more streams may be opened now. */
  readonly accepting: boolean;
  /** Adds a reader. @returns what to call when it is gone */
  open(options: StreamOptions): () => void;
  /** Ends all streams with a last event. */
  close(): void;
  readonly streams: number;
  /** Streams that were dropped because they did not read. */
  readonly dropped: number;
}

const encoder = new TextEncoder();

function frame(name: string, data: unknown, id?: string): Uint8Array {
  const head = id === undefined ? "" : `id: ${id}\n`;
  return encoder.encode(`${head}event: ${name}\ndata: ${redact(formatJson(data))}\n\n`);
}

/** Makes the events of one server. Ids are `<server start>.<number>`, so that a restart is noticed. */
export function createLive(options: LiveOptions = {}): Live {
  const { ringSize = 1_000, pendingBytes = 256 * 1024, heartbeatMs = 15_000, mostStreams = 200 } = options;
  const boot = randomBytes(4).toString("hex");
  /** Events by number; the oldest is first. */
  const ring = new Map<number, Uint8Array>();
  const streams = new Set<StreamOptions>();
  let last = 0;
  let dropped = 0;
  let closed = false;

  function send(stream: StreamOptions, bytes: Uint8Array): void {
    if (stream.reader.waiting() > pendingBytes) {
      dropped++;
      streams.delete(stream);
      stream.reader.drop();
      return;
    }
    stream.reader.write(bytes);
  }

  function end(stream: StreamOptions, reason: LiveEvents["bye"]["reason"]): void {
    if (!streams.delete(stream)) return;
    stream.reader.write(frame("bye", { reason }));
    stream.reader.end();
  }

  async function beat(): Promise<void> {
    await Promise.all(
      [...streams].map(async (stream) => {
        if (!(await stream.stillAllowed())) end(stream, "signed_out");
        else if (streams.has(stream)) send(stream, encoder.encode(": still here\n\n"));
      }),
    );
  }
  let beating = false;
  const timer = setInterval(() => {
    if (beating) return;
    beating = true;
    void beat().finally(() => {
      beating = false;
    });
  }, heartbeatMs);
  timer.unref();

  /** What a stream that comes back has missed. */
  function missed(lastEventId: string | undefined): Uint8Array[] {
    if (lastEventId === undefined || lastEventId === "") return [];
    const [seenBoot, seen] = lastEventId.split(".");
    const id = `${boot}.${last}`;
    if (seenBoot !== boot || !/^\d{1,15}$/.test(seen ?? "")) return [frame("reset", { reason: "restarted" }, id)];
    const number = Number(seen);
    if (number < last && !ring.has(number + 1)) return [frame("reset", { reason: "too_old" }, id)];
    return [...ring].filter(([at]) => at > number).map(([, bytes]) => bytes);
  }

  return {
    publish(name, data) {
      if (closed) return;
      const bytes = frame(name, data, `${boot}.${++last}`);
      ring.set(last, bytes);
      if (ring.size > ringSize) ring.delete(last - ringSize);
      for (const stream of streams) send(stream, bytes);
    },
    get accepting() {
      return !closed && streams.size < mostStreams;
    },
    open(stream) {
      const { reader, lastEventId, hello } = stream;
      reader.write(encoder.encode("retry: 2000\n\n"));
      // What was missed may be more than a slow reader is allowed: it was asked for, and the ring bounds it.
      const backlog = missed(lastEventId);
      reader.write(frame("hello", hello, backlog.length === 0 ? `${boot}.${last}` : undefined));
      for (const bytes of backlog) reader.write(bytes);
      streams.add(stream);
      return () => {
        streams.delete(stream);
      };
    },
    close() {
      closed = true;
      clearInterval(timer);
      for (const stream of [...streams]) end(stream, "stopping");
    },
    get streams() {
      return streams.size;
    },
    get dropped() {
      return dropped;
    },
  };
}
