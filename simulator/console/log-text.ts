/** Console logs around events: the driver's stderr of Spark, the task log of Airflow; nearly all of their lines are something else. */
import type { Random } from "../random.ts";

/** A line of a log, or an event in it. */
interface Timed {
  time: number;
  text: string;
}

const SPARK_NOISE: ((random: Random) => string)[] = [
  (random) =>
    `INFO TaskSetManager: Starting task ${random.int(400)}.0 in stage ${random.int(90)}.0 (TID ${random.int(9_000)})`,
  (random) =>
    `INFO TaskSetManager: Finished task ${random.int(400)}.0 in stage ${random.int(90)}.0 in ${random.int(900)} ms`,
  (random) =>
    `INFO BlockManagerInfo: Added broadcast_${random.int(300)}_piece0 in memory (size: ${random.int(90)}.1 KiB)`,
  (random) => `INFO FileSourceScanExec: Pushed Filters: IsNotNull(order_id), {partition: ${random.int(31)}}`,
  (random) => `INFO CodeGenerator: Code generated in ${random.int(60)}.4 ms`,
  () => `WARN package: Truncated the string representation of a plan since it was too large. {"plan": {"nodes": [`,
  (random) => `INFO DAGScheduler: Job ${random.int(200)} finished: save at NativeMethodAccessorImpl.java:0, took 1.2 s`,
];
const AIRFLOW_NOISE: ((random: Random) => string)[] = [
  () => "{{taskinstance.py:2870}} INFO - ::endgroup::",
  (random) =>
    `{{sql.py:515}} INFO - Running statement: insert into scores select '{"weight": ${random.int(9)}}', parameters: None`,
  (random) => `{{sql.py:524}} INFO - Rows affected: ${random.int(9_000)}`,
  () => `{{logging_mixin.py:190}} INFO - {"eventType": "order.created", "eventTime": "2026-01-01T00:00:00Z"}`,
];

const spark = (time: number, text: string): string =>
  `${new Date(time).toISOString().slice(2, 19).replaceAll("-", "/").replace("T", " ")} ${text}`;
const airflow = (time: number, text: string): string =>
  `[${new Date(time).toISOString().replace("Z", "+0000")}] ${text}`;

/** Lines of a log between `start` and `end`: noise, and the events where their time is. */
export function logLines(
  by: "spark" | "airflow",
  events: readonly Timed[],
  options: { start: number; end: number; noise: number; random: Random },
): Timed[] {
  const { start, end, noise, random } = options;
  const [kinds, write] = by === "spark" ? [SPARK_NOISE, spark] : [AIRFLOW_NOISE, airflow];
  const marker = by === "spark" ? "INFO ConsoleTransport: " : "{{console.py:30}} INFO - ";
  const lines = Array.from({ length: noise }, (_, index) => {
    const time = Math.round(start + ((end - start) * (index + random.next())) / noise);
    return { time, text: write(time, random.pick(kinds)(random)) };
  });
  const told = events.map(({ time, text }) => ({ time, text: write(time, marker + text) }));
  return [...lines, ...told].sort((a, b) => a.time - b.time);
}

/**
 * Lines as an answer of CloudWatch's FilterLogEvents: long ones cut into several events of one time, some events
 * twice.
 */
export function cloudWatchAnswer(
  stream: string,
  lines: readonly Timed[],
  cut: number,
  random: Random,
): { logStreamName: string; timestamp: number; message: string; ingestionTime: number; eventId: string }[] {
  const events = lines.flatMap(({ time, text }) => {
    const parts = Array.from({ length: Math.ceil(text.length / cut) }, (_, index) =>
      text.slice(index * cut, (index + 1) * cut),
    );
    return parts.map((message) => ({
      logStreamName: stream,
      timestamp: time,
      message,
      ingestionTime: time + random.between(200, 3_000),
      eventId: `${random.hex(24)}`,
    }));
  });
  // pages overlap: the tail of one comes again with the next
  const tail = events.slice(-Math.min(3, events.length));
  return [...events, ...tail];
}
