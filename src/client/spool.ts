/**
 * What could not be delivered, in a file: append-only NDJSON, one line an event, synced, shared by several processes.
 *
 * `FILE` takes new events. Whoever delivers holds `FILE.lock`, moves `FILE` aside to `FILE.sending` and goes through it;
 * `FILE.sent` says how far. So new events never wait for a delivery, older ones go first, and a killed delivery is taken
 * up where it was. An event that goes out twice is harmless: the server knows its id.
 */
import { createHash, randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";

/** An event that waits. It holds no token and no address: where it goes to is known when it goes. */
export interface SpooledEvent {
  /** Idempotency key; the same at every attempt. */
  id: string;
  /** Path below `/api/v1`. */
  path: string;
  body: Record<string, unknown>;
  /** When it was spooled, UTC text. */
  at: string;
}

/** What became of an event: delivered or refused for good (then it is done), or to be tried again. */
export type Delivery = "done" | "refused" | "later";

/** What a delivery did. */
export interface Drained {
  delivered: number;
  /** Refused by the server for good; they are kept in `FILE.refused`. */
  refused: number;
  /** Whether events still wait. */
  left: boolean;
}

/** A spool. */
export interface Spool {
  readonly file: string;
  /** Keeps an event; it is on the disk when the promise resolves. */
  append(event: SpooledEvent): Promise<void>;
  /** Whether something waits. */
  waiting(): Promise<boolean>;
  /**
   * Delivers what waits, oldest first, until `send` says "later". Does nothing where another process delivers.
   */
  drain(send: (event: SpooledEvent) => Promise<Delivery>): Promise<Drained>;
}

/** A delivery that has not moved for so long was left behind by a process of another machine. */
const STALE_LOCK_MS = 120_000;
/** The lock is touched so often while events are sent. */
const TOUCH_MS = 10_000;
/** How often the mark is moved on: a delivery that was killed repeats at most so many events. */
const MARK_EVERY = 50;

const absent = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (absent(error)) return 0;
    throw error;
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (absent(error)) return "";
    throw error;
  }
}

/** Writes one line and syncs it. The line feed before it ends a line that a killed writer left open. */
async function writeLine(handle: FileHandle, value: object): Promise<void> {
  await handle.write(`\n${JSON.stringify(value)}\n`);
  await handle.datasync();
}

function parsed(line: string): SpooledEvent | undefined {
  try {
    const value = JSON.parse(line) as Partial<SpooledEvent> | null;
    const whole = typeof value?.id === "string" && typeof value.path === "string" && typeof value.body === "object";
    return whole ? (value as SpooledEvent) : undefined;
  } catch {
    return undefined; // torn by a kill; the server was never told, and neither was the caller told that it is safe
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether the process that holds a lock is gone. */
async function isStale(lock: string): Promise<boolean> {
  const text = await textOf(lock);
  if (text === "") return (await ageOf(lock)) > 5_000; // made, not yet written
  const [host, pid] = text.split(" ");
  if (host === hostname()) return !isAlive(Number(pid));
  return (await ageOf(lock)) > STALE_LOCK_MS;
}

async function ageOf(file: string): Promise<number> {
  try {
    return Date.now() - (await stat(file)).mtimeMs;
  } catch (error) {
    if (absent(error)) return 0;
    throw error;
  }
}

/** Takes the lock. @returns false where somebody else holds it */
async function lockedBy(lock: string, mine: string): Promise<boolean> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await writeFile(lock, mine, { flag: "wx", mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (!(await isStale(lock))) return false;
    // Moved away, not deleted: of two who see a dead lock only one gets it, and neither deletes the other's new one.
    const grave = `${lock}.${randomBytes(4).toString("hex")}`;
    try {
      await rename(lock, grave);
      await rm(grave, { force: true });
    } catch (error) {
      if (!absent(error)) throw error;
    }
  }
  return false;
}

/** Opens the spool at a path; nothing is made before the first event. */
export function openSpool(file: string): Spool {
  const [sending, sent, lock] = [`${file}.sending`, `${file}.sent`, `${file}.lock`];

  async function append(event: SpooledEvent, to = file): Promise<void> {
    await mkdir(dirname(to), { recursive: true });
    for (;;) {
      const handle = await open(to, "a", 0o600);
      try {
        await writeLine(handle, event);
        const ours = await handle.stat();
        // Somebody may have moved the file aside in between, and read it to its end: then the event is written again.
        const there = await stat(to).catch((error: unknown) => {
          if (absent(error)) return undefined;
          throw error;
        });
        if (there?.ino === ours.ino && there.dev === ours.dev) return;
      } finally {
        await handle.close();
      }
    }
  }

  /** Goes through the file that was moved aside. @returns false where it must be tried again */
  async function sendAll(send: (event: SpooledEvent) => Promise<Delivery>, drained: Drained): Promise<boolean> {
    const text = await textOf(sending);
    const lines = text.split("\n").filter((line) => line !== "");
    const key = createHash("sha256").update(text).digest("hex").slice(0, 16);
    // The mark belongs to this very file: one of an older file says nothing about this one.
    const [markKey, markLine] = (await textOf(sent)).split(" ");
    let at = markKey === key ? Number(markLine) : 0;
    let touched = Date.now();
    for (; at < lines.length; at++) {
      const event = parsed(lines[at] as string);
      if (event !== undefined) {
        const became = await send(event);
        if (became === "later") {
          await writeFile(sent, `${key} ${at}`);
          return false;
        }
        if (became === "refused") await append(event, `${file}.refused`);
        drained[became === "done" ? "delivered" : "refused"] += 1;
      }
      if (at % MARK_EVERY === MARK_EVERY - 1) await writeFile(sent, `${key} ${at + 1}`);
      if (Date.now() - touched > TOUCH_MS) {
        touched = Date.now();
        await utimes(lock, new Date(), new Date());
      }
    }
    await rm(sending, { force: true });
    await rm(sent, { force: true });
    return true;
  }

  const waiting = async () => (await sizeOf(sending)) > 0 || (await sizeOf(file)) > 0;

  return {
    file,
    append: (event) => append(event),
    waiting,
    async drain(send) {
      const drained: Drained = { delivered: 0, refused: 0, left: true };
      await mkdir(dirname(file), { recursive: true });
      if (!(await lockedBy(lock, `${hostname()} ${process.pid}`))) return drained;
      try {
        while (await waiting()) {
          if ((await sizeOf(sending)) === 0) await rename(file, sending);
          if (!(await sendAll(send, drained))) return drained;
        }
        return { ...drained, left: false };
      } finally {
        await rm(lock, { force: true });
      }
    },
  };
}
