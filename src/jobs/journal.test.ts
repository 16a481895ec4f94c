import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { adoptedIds, deadLocks, type JournalEntry, journalIds, openJournal } from "./journal.ts";

const AT = "2026-11-21T06:00:00.000Z";
const outcome = (resource: string, action: string, jobId?: string): JournalEntry => ({
  kind: "outcome",
  resource,
  action,
  jobId,
  at: AT,
});

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "headgate-journal-"));
  path = join(dir, "deep", "down", "journal.ndjson");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("the journal", () => {
  it("keeps lines in order, for its owner only, and is gone when it is cleared", async () => {
    const journal = openJournal(path);
    expect(await journal.read()).toEqual([]);
    await Promise.all(["a", "b", "c"].map((name) => journal.append(outcome(name, "create", "1"))));
    expect((await openJournal(path).read()).map((entry) => entry.resource)).toEqual(["a", "b", "c"]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await journal.clear();
    expect(existsSync(path)).toBe(false);
    await journal.clear();
  });

  it("leaves out torn lines, the last one and one that somebody went on after", async () => {
    const first = openJournal(path);
    await first.append(outcome("a", "create", "1"));
    appendFileSync(path, '{"kind":"outcome","resource":"b","acti');
    expect((await first.read()).map((entry) => entry.resource)).toEqual(["a"]);
    const next = openJournal(path);
    await next.append(outcome("c", "create", "3"));
    await next.append(outcome("d", "create", "4"));
    expect((await next.read()).map((entry) => entry.resource)).toEqual(["a", "c", "d"]);
    appendFileSync(path, '"a text"\nnull\n{"kind":"else"}\n');
    expect(await next.read()).toHaveLength(3);
  });

  it("says which file cannot be used, and goes on after a failed line", async () => {
    writeFileSync(join(dir, "deep"), "a file, no folder");
    const journal = openJournal(path);
    await expect(journal.append(outcome("a", "create"))).rejects.toMatchObject({ code: "internal", exitCode: 1 });
    rmSync(join(dir, "deep"));
    await journal.append(outcome("b", "create"));
    expect(readFileSync(path, "utf8")).toContain('"b"');
    rmSync(path);
    mkdirSync(path);
    await expect(journal.read()).rejects.toMatchObject({ code: "internal" });
  });
});

describe("what a journal tells", () => {
  it("ids by the last outcome of each resource", () => {
    const entries = [
      outcome("a", "create", "1"),
      { ...outcome("b", "create", "9"), kind: "intent" as const },
      outcome("a", "update", "1"),
      outcome("c", "create", "3"),
      outcome("c", "delete", "3"),
      outcome("d", "recreate", "4"),
      outcome("d", "recreate", "5"),
    ];
    expect([...journalIds(entries)]).toEqual([
      ["a", "1"],
      ["d", "5"],
    ]);
  });

  it("adoptions that were begun", () => {
    const entries: JournalEntry[] = [
      { kind: "intent", resource: "a", action: "adopt", jobId: "1", at: AT },
      { kind: "intent", resource: "b", action: "update", jobId: "2", at: AT },
    ];
    expect([...adoptedIds(entries)]).toEqual([["a", "1"]]);
  });

  it("locks of processes of this machine that are gone", () => {
    const lock = (id: string, pid: number, host: string): JournalEntry => ({
      kind: "lock",
      resource: "",
      action: "lock",
      lock: { id, pid, host },
      at: AT,
    });
    const entries = [
      lock("one", 1, "here"),
      lock("two", 2, "here"),
      lock("three", 1, "there"),
      outcome("a", "create", "1"),
    ];
    expect([...deadLocks(entries, "here", (pid) => pid === 2)]).toEqual(["one"]);
  });
});
