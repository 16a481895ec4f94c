/** Events behind what collectors put before every line: on one line, over several, cut, and with others in between. */
import { describe, expect, it } from "vitest";
import { harvestBytes, javaEvent, pythonEvent } from "../../../test/openlineage-events.ts";
import { headed } from "./line-header.ts";

const java = javaEvent(1);
const python = pythonEvent(2);
const two = (number: number): string => String(number % 60).padStart(2, "0");

/** A header of each kind, for the nth line, by the writer a or b. */
const HEADERS: readonly [string, (n: number, writer: string) => string][] = [
  ["syslog", (n, of) => `Nov  1 10:05:${two(n)} host-${of} spark[77]: `],
  ["syslog without a process id", (n, of) => `Nov 21 10:05:${two(n)} host-${of} airflow: `],
  ["journalctl -o short-iso", (n, of) => `2026-11-21T10:05:${two(n)}+0000 host java-${of}[77]: `],
  ["rsyslog with fractions", (n, of) => `2026-11-21T10:05:${two(n)}.123456+01:00 host java-${of}[77]: `],
  ["journalctl -o short-monotonic", (n, of) => `[   ${n}.000123] host java-${of}[77]: `],
  ["syslog 5424", (n, of) => `<14>1 2026-11-21T10:05:${two(n)}.003Z host app-${of} 123 - [a b="c"] `],
  ["Kubernetes", (n, of) => `2026-11-21T10:05:${two(n)}.1Z ${of === "a" ? "stdout" : "stderr"} F `],
  ["kubectl --prefix", (_n, of) => `[pod/driver-abc1${of}/driver] `],
  ["kubectl --prefix --timestamps", (n, of) => `[pod/driver-abc1${of}/driver] 2026-11-21T10:05:${two(n)}.123456789Z `],
  ["docker compose", (_n, of) => `spark-${of}  | `],
  ["stern", (_n, of) => `spark-driver-abc1${of} driver `],
  ["Airflow 2", (n, of) => `[2026-11-21T10:15:${two(n)}.105+0000] {subprocess_${of}.py:93} INFO - `],
  ["MWAA", (n, of) => `[2026-11-21, 10:15:${two(n)} UTC] {{logging_${of}.py:188}} INFO - `],
];
/** Headers that name no writer. */
const NAMELESS: typeof HEADERS = [
  ["aws logs tail --format short", (n) => `2026-11-21T10:05:${two(n)} `],
  ["docker logs -t", (n) => `2026-11-21T10:05:${two(n)}.123456789Z `],
];

const pretty = (event: string, indent: number | string): string[] =>
  JSON.stringify(JSON.parse(event), null, indent).split("\n");
const compact = (found: readonly string[]): string[] => found.map((event) => JSON.stringify(JSON.parse(event)));

describe.each([...HEADERS, ...NAMELESS])("behind headers of %s", (_name, header) => {
  it("on one line, and over several", () => {
    expect(harvestBytes([`${header(1, "a")}INFO ConsoleTransport: ${java}\n`]).events).toEqual([java]);
    for (const [before, indent] of [
      ["", 2],
      ["26/11/21 10:05:58 INFO ConsoleTransport: ", "\t"],
    ] as const) {
      const lines = pretty(java, indent).map((line, n) => `${header(n, "a")}${n === 0 ? before : ""}${line}`);
      const { events, counts } = harvestBytes([`${header(0, "a")}plan {\n${lines.join("\n")}\n`], 99);
      expect(compact(events)).toEqual([java]);
      expect(counts).toMatchObject({ truncated: 0, invalid: 0 });
    }
  });

  it("cut into several lines, with nothing of the headers in the event", () => {
    const parts = [...`INFO ConsoleTransport: ${java}`.matchAll(/.{1,90}/gsu)].map(([part]) => part);
    const { events, counts } = harvestBytes([parts.map((part, n) => `${header(n, "a")}${part}\n`).join("")]);
    expect(events).toEqual([java]);
    expect(counts).toMatchObject({ reassembled: 1, truncated: 0 });
  });
});

it.each(HEADERS)("keeps writers apart behind headers of %s", (_name, header) => {
  const [one, other] = [pretty(java, 2), pretty(python, 4)];
  const lines = Array.from({ length: Math.max(one.length, other.length) }, (_, n) => [
    ...(one[n] === undefined ? [] : [`${header(n, "a")}${one[n]}`]),
    ...(other[n] === undefined ? [] : [`${header(n, "b")}${other[n]}`]),
  ]).flat();
  const { events } = harvestBytes([lines.join("\n")]);
  expect(compact(events).sort()).toEqual(compact([java, python]).sort());
});

it("takes lines without a header for the rest of the record before them", () => {
  const lines = pretty(java, 2);
  const log = `[2026-11-21T10:15:48.105+0000] {console.py:30} INFO - ${lines.join("\n")}\nafter {\n`;
  expect(compact(harvestBytes([log]).events)).toEqual([java]);
});

it("takes no header off what is text", () => {
  expect(headed("26/11/21 10:05:58 INFO Executor: a {")).toBeUndefined();
  expect(headed('  "eventTime": "x"')).toBeUndefined();
  expect(headed('{"a": 1} | {')).toBeUndefined();
});

describe("in the strings of other languages", () => {
  const asPython = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const asBytes = (text: string): string =>
    asPython(text).replace(/[^\x20-\x7e]/gu, (sign) =>
      [...Buffer.from(sign)].map((byte) => `\\x${byte.toString(16)}`).join(""),
    );

  it("the repr of a text or of bytes", () => {
    for (const event of [java, python]) {
      expect(harvestBytes([`emit: ${asPython(event)}`])).toMatchObject({ events: [event], counts: { invalid: 0 } });
      expect(harvestBytes([`emit: b${asBytes(event)}`])).toMatchObject({ events: [event], counts: { invalid: 0 } });
    }
  });

  it("an answer of Airflow's API: the repr of tuples in JSON", () => {
    const line = (event: string): string => asPython(`[t] {console.py:30} INFO - ${event}\n`).replaceAll("\n", "\\n");
    const content = `[('host', ${line(java)}), ('host', ${line(python)})]`;
    const { events, counts } = harvestBytes([JSON.stringify({ content, continuation_token: "x" })]);
    expect(events).toEqual([java, python]);
    expect(counts).toMatchObject({ invalid: 0, duplicates: 0 });
  });

  it("XML, and the bytes of a message in a journal", () => {
    const xml = java.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
    expect(harvestBytes([`<record><message>INFO ${xml}</message></record>`]).events).toEqual([java]);
    const entry = (text: string): string =>
      JSON.stringify({ MESSAGE: [...Buffer.from(`\u001b[1m${text}`)], _PID: "7" });
    expect(harvestBytes([entry(java)]).events).toEqual([java]);
  });
});
