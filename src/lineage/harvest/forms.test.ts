import { describe, expect, it } from "vitest";
import { harvestBytes, javaEvent, pythonEvent } from "../../../test/openlineage-events.ts";

const java = javaEvent(1);
const python = pythonEvent(2);
const quoted = (text: string): string => JSON.stringify(text).slice(1, -1);
const ascii = (text: string): string =>
  text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

describe("one line", () => {
  it.each<[string, string, string]>([
    ["Spark 3.3 and later, Glue 4 and 5, Databricks", `26/11/21 10:05:58 INFO ConsoleTransport: ${java}`, java],
    [
      "log4j 1 of Glue 2 and 3",
      `2026-11-21 10:07:22,152 INFO [spark-listener-group-shared] transports.ConsoleTransport (ConsoleTransport.java:emit(45)): ${java}`,
      java,
    ],
    ["text after the event", `[2026-11-21T10:07:22,152Z] [INFO ] [main] c.T - ${java} {app=nightly-lake}`, java],
    ["Airflow 2", `[2026-11-21T10:15:48.105+0000] {console.py:30} INFO - ${python}`, python],
    ["MWAA 2", `[2026-11-21, 10:15:48 UTC] {{console.py:29}} INFO - ${python}`, python],
    [
      "Spark inside an Airflow task",
      `[2026-11-21T10:26:36.105+0000] {{subprocess.py:93}} INFO - 26/11/21 10:26:36 INFO ConsoleTransport: ${java}`,
      java,
    ],
    ["Airflow 3 scheduler", `2026-11-21T10:28:25.362357Z [info     ] ${python} [console] loc=console.py:30`, python],
    [
      "dbt behind a progress bar",
      `Emitting OpenLineage events:   0%|          | 0/12 [00:00<?, ?it/s]\r\u001b[0m[2026-11-21 10:20:53,184] [INFO] [console:30] - ${python}`,
      python,
    ],
    ["a JSON logger", JSON.stringify({ "@timestamp": "2026-11-21T10:12:06Z", message: java, level: "INFO" }), java],
    ["a JSON logger in ASCII", ascii(JSON.stringify({ event: java, logger: "x" })), java],
    ["a prefix inside a JSON logger", JSON.stringify({ event: `26/11/21 INFO ConsoleTransport: ${java}` }), java],
    [
      "a JSON logger around Airflow 3",
      JSON.stringify({ log: `${JSON.stringify({ event: python, level: "info" })}\n`, stream: "stderr" }),
      python,
    ],
    ["an object of a JSON logger", `{"level":"info","lineage":{"event":${java}},"n":1}`, java],
    ["logfmt", `level=info msg="${quoted(java)}" caller=x`, java],
    ["logfmt, twice escaped", `level=info msg="${quoted(`event="${quoted(java)}"`)}"`, java],
    ["a list of events", `posting [${java}]`, java],
    ["braces and quotes before it", `plan {a "b" {"c" {'d': 1} {} {{x}} "{" ${java} } " {`, java],
    ["a carriage return at the end", `INFO ConsoleTransport: ${java}\r`, java],
  ])("%s", (_form, line, event) => {
    for (const size of [1 << 16, 7]) {
      const { events, counts } = harvestBytes([`before\n${line}\nafter\n`], size);
      expect(events).toEqual([event]);
      expect(counts).toMatchObject({ lines: 3, events: 1, reassembled: 0, truncated: 0, invalid: 0 });
    }
  });

  it("two events of one line", () => {
    expect(harvestBytes([`a ${java} b ${python} c`]).events).toEqual([java, python]);
  });
});

describe("several lines", () => {
  it("a container runtime's parts, the streams one through another", () => {
    const parts = (stream: string, text: string): string[] =>
      [...text.matchAll(/.{1,40}/gsu)].map(
        ([part], n, all) => `2026-11-21T10:00:00.0${n}Z ${stream} ${n === all.length - 1 ? "F" : "P"} ${part}`,
      );
    const [out, err] = [parts("stdout", `INFO - ${java}`), parts("stderr", `x {y ${python}`)];
    const lines = out.flatMap((line, n) => [line, ...(err[n] === undefined ? [] : [err[n]])]);
    const { events, counts } = harvestBytes([[...lines, ...err.slice(out.length)].join("\n")]);
    expect(events.sort()).toEqual([java, python].sort());
    expect(counts).toMatchObject({ reassembled: 2, truncated: 0, invalid: 0 });
  });

  it("an export as CSV", () => {
    const row = (text: string): string => `2026-11-21 10:00:00.000,"${text.replaceAll('"', '""')}",stream`;
    const lines = ["@timestamp,@message,@logStream", row(`INFO ConsoleTransport: ${java}`), row(python)];
    expect(harvestBytes([lines.join("\n")])).toMatchObject({ events: [java, python], counts: { invalid: 0 } });
  });

  it("an event printed over several lines keeps its numbers and order, on one line", () => {
    const pretty = JSON.stringify(JSON.parse(java), null, 2);
    for (const text of [pretty, pretty.replaceAll("\n", "\r\n")]) {
      const { events, counts } = harvestBytes([`INFO ConsoleTransport: ${text}\nafter {\n`]);
      expect(events).toHaveLength(1);
      expect(JSON.stringify(JSON.parse(events[0] as string))).toBe(java);
      expect(events[0]).not.toContain("\n");
      expect(counts.reassembled).toBe(1);
    }
  });

  it("an event printed over several lines inside a JSON string", () => {
    const pretty = JSON.stringify(JSON.parse(java), null, 4);
    const { events } = harvestBytes([`${JSON.stringify({ msg: `emitting\n${pretty}\n` })}\n`]);
    expect(events.map((event) => JSON.stringify(JSON.parse(event)))).toEqual([java]);
  });

  it("a line that was cut within a character", () => {
    const bytes = Buffer.from(`INFO ConsoleTransport: ${java}`);
    const at = bytes.indexOf("東") + 1;
    const log = Buffer.concat([bytes.subarray(0, at), Buffer.from("\n"), bytes.subarray(at), Buffer.from("\n")]);
    expect(harvestBytes([log])).toMatchObject({ events: [java], counts: { reassembled: 1 } });
  });

  it("records of an export, each with its time", () => {
    const time = "2026-11-21T10:05:58.123Z ";
    const line = `26/11/21 10:05:58 INFO ConsoleTransport: ${java}`;
    const parts = [line.slice(0, 90), line.slice(90, 200), line.slice(200)];
    expect(harvestBytes([parts.map((part) => `${time}${part}\n`).join("")]).events).toEqual([java]);
  });

  it("streams of a tail, interleaved", () => {
    const [a, b] = [`INFO T: ${java}`, `[x] {console.py:30} INFO - ${python}`];
    const time = "2026-11-21T10:05:58.123000+00:00";
    const log = [
      `${time} one/driver ${a.slice(0, 150)}`,
      `${time} two/driver ${b.slice(0, 99)}`,
      `${time} one/driver ${a.slice(150)}`,
      `${time} two/driver ${b.slice(99)}`,
    ];
    expect(harvestBytes([log.join("\n")]).events).toEqual([java, python]);
  });

  it("JSON records that one message was cut into, between those of another container", () => {
    const part = (pod: string, log: string, second: number): string =>
      JSON.stringify({ log, stream: "stderr", pod, time: `2026-11-21T10:00:0${second}Z` });
    const log = [
      part("a", java.slice(0, 300), 1),
      part("b", python.slice(0, 200), 1),
      part("a", java.slice(300), 2),
      part("c", "nothing", 3),
      part("b", python.slice(200), 3),
    ];
    expect(harvestBytes([log.join("\n")])).toMatchObject({ events: [java, python], counts: { reassembled: 2 } });
  });
});

describe("what is no event, or no whole one", () => {
  it.each([
    '{"eventType": "order.created", "eventTime": "2026-01-01T00:00:00Z", "run": "not lineage"}',
    '{"eventType": "START", "eventTime": "2026-01-01T00:00:00Z", "run": {"runId": 7}, "job": {"name": "x"}}',
    'multi\nline {\n  "producer": "nobody"\n}',
    '{"message": "eventTime and producer and schemaURL are keys"}',
    '{"eventTime": "2026-01-01T00:00:00Z"} {"producer": "a"} {"schemaURL": "b"}',
  ])("passes over %s", (text) => {
    expect(harvestBytes([text])).toMatchObject({ events: [], counts: { invalid: 0, truncated: 0 } });
  });

  it("counts what claims to be an event and is none", () => {
    const noUuid = java.replace(/"runId":"[^"]*"/, '"runId":"7"');
    const noJson = java.replace('"outputs":[]', '"outputs":[NaN]');
    expect(harvestBytes([`${noUuid}\n${noJson}\n`])).toMatchObject({ events: [], counts: { invalid: 2 } });
  });

  it.each<[string, string]>([
    ["in a string", java.slice(0, java.indexOf("RunEvent"))],
    ["between tokens", java.slice(0, java.indexOf('"inputs"'))],
    ["in an escape", java.slice(0, java.indexOf("\\") + 1)],
    ["in a JSON logger", JSON.stringify({ message: java }).slice(0, 400)],
    ["in logfmt", `msg="${quoted(java).slice(0, 300)}`],
  ])("an event torn %s does not swallow what follows", (_where, torn) => {
    const noise = "26/11/21 10:05:59 INFO Executor: no quote here\n".repeat(50);
    const next = JSON.stringify({ message: python });
    const { events, counts } = harvestBytes([`a ${torn}\n${noise}b ${java}\n${next}\n`]);
    expect(events).toEqual([java, python]);
    expect(counts.truncated).toBe(1);
  });

  it("counts a torn last line, and finds the whole event in a torn JSON record", () => {
    expect(harvestBytes([`x ${java.slice(0, -1)}`]).counts).toMatchObject({ events: 0, truncated: 1 });
    const record = JSON.stringify({ message: `${java} and more`, thread: "main" });
    expect(harvestBytes([record.slice(0, -20)])).toMatchObject({ events: [java], counts: { truncated: 0 } });
  });

  it("keeps an event once, however often and in which form it is logged", () => {
    const log = `DEBUG OpenLineageClient: will emit ${java}\nINFO ConsoleTransport: ${java}\n`;
    const again = JSON.stringify({ event: java });
    expect(harvestBytes([log, again])).toMatchObject({ events: [java], counts: { duplicates: 2 } });
  });

  it("counts names that a secrets masker has changed", () => {
    const masked = javaEvent(3, { outputs: [{ namespace: "postgres://db", name: "shop.***.stores" }] });
    expect(harvestBytes([`${masked}\n${java}`]).counts).toMatchObject({ events: 2, masked: 1 });
  });

  it("takes events of jobs and datasets", () => {
    const head = '"eventTime":"2026-11-21T10:05:46Z","producer":"p","schemaURL":"https://openlineage.io/spec/2-0-2/';
    const job = `{${head}OpenLineage.json#/$defs/JobEvent","job":{"namespace":"n","name":"j"}}`;
    const dataset = `{${head}OpenLineage.json#/$defs/DatasetEvent","dataset":{"namespace":"n","name":"d"}}`;
    expect(harvestBytes([`${job}\n${dataset}`]).events).toEqual([job, dataset]);
  });
});

describe("CloudWatch", () => {
  const record = (stream: string, message: string, id: number, more: object = {}): object => ({
    logStreamName: stream,
    timestamp: 1795255552958,
    message,
    ingestionTime: 1795255553000,
    eventId: String(id),
    ...more,
  });
  const line = `26/11/21 10:05:58 INFO ConsoleTransport: ${java}`;
  const answer = {
    events: [
      record("a", line.slice(0, 120), 1),
      record("b", python.slice(0, 80), 2),
      record("a", line.slice(120, 240), 3),
      record("a", line.slice(120, 240), 3),
      record("b", python.slice(80), 4),
      record("a", line.slice(240), 5),
      record("a", line, 6),
    ],
    searchedLogStreams: [],
    nextToken: "x",
  };

  it.each<[string, string]>([
    ["one answer", JSON.stringify(answer)],
    ["as the AWS command line prints it", JSON.stringify(answer, null, 4)],
    ["a list of pages, one empty", JSON.stringify([{ events: [], nextToken: "y" }, answer], null, 1)],
    ["pages on lines, with a byte order mark", `\uFEFF${JSON.stringify(answer)}\n${JSON.stringify(answer)}\n`],
    ["a list of records", JSON.stringify(answer.events)],
    ["in ASCII", ascii(JSON.stringify(answer))],
  ])("%s", (_form, text) => {
    for (const size of [1 << 16, 5]) {
      const { events, counts } = harvestBytes([text], size);
      expect(events).toEqual([python, java]);
      expect(counts).toMatchObject({ reassembled: 2, duplicates: 1, truncated: 0 });
    }
  });

  it("answers of GetLogEvents and of a subscription, which name the stream once or never", () => {
    const events = [line.slice(0, 100), line.slice(100)].map((message) => ({ timestamp: 1, message }));
    expect(harvestBytes([JSON.stringify({ events, nextForwardToken: "f" })]).events).toEqual([java]);
    const sent = (logStream: string, message: string): string =>
      JSON.stringify({ messageType: "DATA_MESSAGE", logStream, logEvents: [{ id: message, timestamp: 1, message }] });
    const log = [sent("a", java.slice(0, 99)), sent("b", python.slice(0, 99)), sent("a", java.slice(99))];
    expect(harvestBytes([log.join("")]).events).toEqual([java]);
  });

  it("JSON records that one message was cut into", () => {
    const part = (event: string): string => JSON.stringify({ event, level: "info", logger: "console" });
    const events = [part(python.slice(0, 150)), part(python.slice(150))].map((message, id) => record("t", message, id));
    expect(harvestBytes([JSON.stringify({ events })])).toMatchObject({ events: [python], counts: { reassembled: 1 } });
  });

  it("does not join parts that lie far apart, and saves what a torn answer holds", () => {
    const late = record("a", java.slice(99), 2, { timestamp: 1795255592958 });
    const apart = JSON.stringify({ events: [record("a", java.slice(0, 99), 1), late] });
    expect(harvestBytes([apart]).counts).toMatchObject({ events: 0, truncated: 1 });
    expect(harvestBytes([JSON.stringify({ events: [record("a", line, 1)] }).slice(0, -30)]).events).toEqual([java]);
  });
});
