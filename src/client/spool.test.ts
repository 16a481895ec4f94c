import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { buildProgram } from "../../test/build-program.ts";
import { openSpool, type SpooledEvent } from "./spool.ts";

let folder = "";
let file = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "headgate-spool-"));
  file = path.join(folder, "deep", "spool.ndjson");
  return () => rmSync(folder, { recursive: true, force: true });
});

const event = (id: string): SpooledEvent => ({ id, path: "/runs/end", body: { id }, at: "2026-11-21T06:30:00.000Z" });

describe("a spool", () => {
  it("keeps events in order, delivers them once, and leaves nothing behind", async () => {
    const spool = openSpool(file);
    expect(await spool.waiting()).toBe(false);
    for (const id of ["a", "b", "c"]) await spool.append(event(id));
    expect(await spool.waiting()).toBe(true);
    const sent: string[] = [];
    const drained = await spool.drain(async ({ id }) => {
      sent.push(id);
      return "done";
    });
    expect(drained).toEqual({ delivered: 3, refused: 0, left: false });
    expect(sent).toEqual(["a", "b", "c"]);
    expect(await spool.waiting()).toBe(false);
    for (const rest of ["", ".sending", ".sent", ".lock"]) expect(existsSync(file + rest)).toBe(false);
  });

  it("goes on where a delivery stopped, with what came meanwhile behind it", async () => {
    const spool = openSpool(file);
    for (const id of ["a", "b", "c"]) await spool.append(event(id));
    const first: string[] = [];
    const stopped = await spool.drain(async ({ id }) => {
      if (id === "b") return "later";
      first.push(id);
      return "done";
    });
    expect(stopped).toEqual({ delivered: 1, refused: 0, left: true });
    await spool.append(event("d"));
    const then: string[] = [];
    await openSpool(file).drain(async ({ id }) => {
      then.push(id);
      return "done";
    });
    expect([first, then]).toEqual([["a"], ["b", "c", "d"]]);
  });

  it("keeps what is refused aside, and goes on", async () => {
    const spool = openSpool(file);
    for (const id of ["a", "b"]) await spool.append(event(id));
    const drained = await spool.drain(async ({ id }) => (id === "a" ? "refused" : "done"));
    expect(drained).toEqual({ delivered: 1, refused: 1, left: false });
    expect(readFileSync(`${file}.refused`, "utf8").trim()).toBe(JSON.stringify(event("a")));
  });

  it("passes over a line that a kill has torn, and only over that", async () => {
    const spool = openSpool(file);
    await spool.append(event("a"));
    appendFileSync(file, '{"id":"torn","pa');
    await spool.append(event("b"));
    const sent: string[] = [];
    await spool.drain(async ({ id }) => {
      sent.push(id);
      return "done";
    });
    expect(sent).toEqual(["a", "b"]);
  });

  it("is taken up after whoever delivered was killed, and not while somebody does", async () => {
    const spool = openSpool(file);
    await spool.append(event("a"));
    const other = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: ["pipe", "ignore", "ignore"] });
    writeFileSync(`${file}.lock`, `${hostname()} ${other.pid}`);
    const none = await spool.drain(async () => "done");
    expect(none).toEqual({ delivered: 0, refused: 0, left: true });
    const ended = new Promise((resolve) => other.once("exit", resolve));
    other.kill("SIGKILL");
    await ended;
    expect(await spool.drain(async () => "done")).toEqual({ delivered: 1, refused: 0, left: false });
  });

  it("is readable by its owner alone", async () => {
    await openSpool(file).append(event("a"));
    expect(statSync(file).mode & 0o077).toBe(0);
  });
});

describe("a spool of several processes", () => {
  it("loses nothing and delivers everything, whoever delivers while others write", async () => {
    const { program, remove } = await buildProgram("test/spool-writer.ts");
    try {
      const writers = 4;
      const each = 40;
      const children = Array.from({ length: writers }, (_, n) =>
        spawn(process.execPath, [program, file, `w${n}`, String(each), path.join(folder, `sent-${n}`)], {
          stdio: ["ignore", "ignore", "inherit"],
        }),
      );
      const codes = await Promise.all(
        children.map((child) => new Promise<number | null>((resolve) => child.once("exit", resolve))),
      );
      expect(codes).toEqual(Array.from({ length: writers }, () => 0));
      const last: string[] = [];
      await openSpool(file).drain(async ({ id }) => {
        last.push(id);
        return "done";
      });
      const sent = [
        ...last,
        ...Array.from({ length: writers }, (_, n) => path.join(folder, `sent-${n}`))
          .filter((name) => existsSync(name))
          .flatMap((name) => readFileSync(name, "utf8").split("\n").filter(Boolean)),
      ];
      const wanted = Array.from({ length: writers }, (_, n) =>
        Array.from({ length: each }, (_, i) => `w${n}-${i}`),
      ).flat();
      expect([...new Set(sent)].sort()).toEqual(wanted.sort());
      expect(await openSpool(file).waiting()).toBe(false);
    } finally {
      await remove();
    }
  });
});
