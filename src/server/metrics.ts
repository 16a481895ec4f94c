/** Counts for Prometheus. The only file that loads its client, and only `serve` loads this. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Numbers that are asked for when somebody scrapes. */
export interface MetricSources {
  streams: () => number;
  dropped: () => number;
  /** Jobs of the last reading by state of their verdict. */
  verdicts: () => Record<string, number>;
  /** Jobs of the last reading by kind of difference. */
  differences: () => Record<string, number>;
  /** Seconds since 1970 of the last good reading, 0 before the first. */
  lastRead: () => number;
  version: string;
}

/** The counts of one server. */
export interface Metrics {
  /** One request was answered. `route` is the pattern, never the path: paths have no end. */
  request(method: string, route: string, status: number, seconds: number): void;
  /** A request was refused with this code. */
  refused(code: string): void;
  /** The workspace was read. */
  fleetRead(ok: boolean, seconds: number): void;
  /** An apply ended. */
  applied(state: string): void;
  /** Text of all numbers, and its content type. */
  text(): Promise<{ body: string; contentType: string }>;
}

/** Numbers of the process (memory, CPU, event loop) belong to no server: made once. */
let processNumbers: Registry | undefined;
function processRegistry(): Registry {
  if (processNumbers === undefined) {
    processNumbers = new Registry();
    collectDefaultMetrics({ register: processNumbers });
  }
  return processNumbers;
}

/** Makes the counts of one server. */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: "headgate_http_requests_total",
    help: "Requests answered",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const seconds = new Histogram({
    name: "headgate_http_request_duration_seconds",
    help: "Time from request to answer",
    labelNames: ["method", "route"],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers,
  });
  const refusals = new Counter({
    name: "headgate_http_refused_total",
    help: "Requests answered with a problem, by its code",
    labelNames: ["code"],
    registers,
  });
  const reads = new Counter({
    name: "headgate_fleet_reads_total",
    help: "Readings of the workspace",
    labelNames: ["result"],
    registers,
  });
  const readSeconds = new Histogram({
    name: "headgate_fleet_read_duration_seconds",
    help: "Time to read the workspace",
    buckets: [0.1, 0.5, 1, 3, 10, 30, 120],
    registers,
  });
  const applies = new Counter({
    name: "headgate_applies_total",
    help: "Applies that ended, by state",
    labelNames: ["state"],
    registers,
  });
  new Gauge({
    name: "headgate_live_streams",
    help: "Open event streams",
    registers,
    collect() {
      this.set(sources.streams());
    },
  });
  new Gauge({
    name: "headgate_live_dropped",
    help: "Event streams dropped because they did not read, since the start",
    registers,
    collect() {
      this.set(sources.dropped());
    },
  });
  new Gauge({
    name: "headgate_fleet_last_read_timestamp_seconds",
    help: "When the workspace was last read, 0 before the first time",
    registers,
    collect() {
      this.set(sources.lastRead());
    },
  });
  function byLabel(name: string, help: string, label: string, read: () => Record<string, number>): void {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers,
      collect() {
        this.reset();
        for (const [value, count] of Object.entries(read())) this.set({ [label]: value }, count);
      },
    });
  }
  byLabel("headgate_jobs", "Declared jobs by verdict", "verdict", sources.verdicts);
  byLabel(
    "headgate_jobs_difference",
    "Declared jobs by difference to the workspace",
    "difference",
    sources.differences,
  );
  new Gauge({
    name: "headgate_info",
    help: "Version of headgate",
    labelNames: ["version"],
    registers,
    collect() {
      this.set({ version: sources.version }, 1);
    },
  });

  return {
    request(method, route, status, time) {
      requests.inc({ method, route, status: String(status) });
      seconds.observe({ method, route }, time);
    },
    refused: (code) => refusals.inc({ code }),
    fleetRead(ok, time) {
      reads.inc({ result: ok ? "ok" : "failed" });
      readSeconds.observe(time);
    },
    applied: (state) => applies.inc({ state }),
    async text() {
      const parts = [await registry.metrics(), await processRegistry().metrics()];
      return { body: parts.join("\n"), contentType: registry.contentType };
    },
  };
}
