/** The local journal of an apply: what was about to be sent and what came of it, on disk before and after each call. */
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";

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

/** A journal file. */
export interface Journal {
  /** What a former apply left behind; a torn last line is left out. */
  read(): Promise<JournalEntry[]>;
  /** Resolves when the line is on disk. */
  append(entry: JournalEntry): Promise<void>;
  /** Everything in it has reached the state file. */
  clear(): Promise<void>;
}

/** Opens the journal at `path`; the file is made with the first line. */
export function openJournal(path: string): Journal {
  let tail: Promise<void> = Promise.resolve();
  const write = async (entry: JournalEntry) => {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, "a", 0o600);
    try {
      await file.write(`${JSON.stringify(entry)}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
  };
  return {
    async read() {
      const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return "";
        throw error;
      });
      return text
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line) as JournalEntry);
    },
    append(entry) {
      const done = tail.then(() => write(entry));
      tail = done.catch(() => undefined);
      return done;
    },
    clear: () => rm(path, { force: true }),
  };
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
