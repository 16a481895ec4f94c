/** The local journal of an apply: what was about to be sent and what came of it, on disk before and after each call. */
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { HeadgateError } from "../errors.ts";
import { isObject } from "../util/json.ts";

/** One line of the journal. */
export interface JournalEntry {
  kind: "intent" | "outcome" | "lock";
  resource: string;
  action: string;
  /** The job, where its id is known. */
  jobId?: string | undefined;
  /** For `lock`: the lock that was taken, and by which process of which machine. */
  lock?: { id: string; pid: number; host: string } | undefined;
  /** UTC text. */
  at: string;
}

/** A journal file. Every call throws HeadgateError `internal` where the file cannot be used. */
export interface Journal {
  /** What a former apply left behind; torn lines are left out. */
  read(): Promise<JournalEntry[]>;
  /** Resolves when the line is on disk. */
  append(entry: JournalEntry): Promise<void>;
  /** Everything in it has reached the state file. */
  clear(): Promise<void>;
}

/** Opens the journal at `path`; the file is made with the first line. */
export function openJournal(path: string): Journal {
  let tail: Promise<void> = Promise.resolve();
  /** Somebody who was killed may have left half a line: ours starts on its own. */
  let begun = false;

  async function write(entry: JournalEntry): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, "a", 0o600);
    try {
      await file.write(`${begun ? "" : "\n"}${JSON.stringify(entry)}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
    if (!begun) await syncFolder(dirname(path));
    begun = true;
  }

  async function used<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error) || !("code" in error)) throw error;
      throw new HeadgateError("internal", `the journal ${path} cannot be ${what}: ${error.message}`, {
        hint: "headgate needs a folder .headgate in the project that it may write to",
        permanent: true,
        cause: error,
      });
    }
  }

  return {
    read: () =>
      used("read", async () => {
        const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
          if (error.code === "ENOENT") return "";
          throw error;
        });
        return text.split("\n").flatMap((line) => entryOf(line) ?? []);
      }),
    append(entry) {
      const done = tail.then(() => used("written", () => write(entry)));
      tail = done.catch(() => undefined);
      return done;
    },
    clear: () => used("removed", () => rm(path, { force: true })),
  };
}

/** A new file is there after a power cut only when its folder is on disk too. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const KINDS = ["intent", "outcome", "lock"];

/** The entry of a line, or undefined for an empty or torn one. */
function entryOf(line: string): JournalEntry | undefined {
  if (line.trim() === "") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    // What was being written when the process died: the call it tells of was not made, or is found by its marker.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (!isObject(value) || !KINDS.includes(String(value.kind)) || typeof value.resource !== "string") return undefined;
  return value as unknown as JournalEntry;
}

/** Ids of jobs that a former apply made and that may not be in the state file: the last outcome of each resource. */
export function journalIds(entries: readonly JournalEntry[]): Map<string, string> {
  const ids = new Map<string, string>();
  for (const entry of entries) {
    if (entry.kind !== "outcome") continue;
    if (entry.action === "delete" || entry.jobId === undefined) ids.delete(entry.resource);
    else ids.set(entry.resource, entry.jobId);
  }
  return ids;
}

/** Ids of jobs whose adoption was begun: their declarations may be written, while nothing else knows of them yet. */
export function adoptedIds(entries: readonly JournalEntry[]): Map<string, string> {
  const ids = new Map<string, string>();
  for (const { kind, action, resource, jobId } of entries)
    if (kind === "intent" && action === "adopt" && jobId !== undefined) ids.set(resource, jobId);
  return ids;
}

/** Locks of former applies in this folder whose process is no longer there. */
export function deadLocks(
  entries: readonly JournalEntry[],
  host: string,
  isAlive: (pid: number) => boolean,
): Set<string> {
  const dead = new Set<string>();
  for (const { lock } of entries) if (lock && lock.host === host && !isAlive(lock.pid)) dead.add(lock.id);
  return dead;
}
