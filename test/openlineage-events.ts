/** Small OpenLineage events in the manner of Java and Python clients, and what a harvest of bytes gives. */
import type { HarvestCounts } from "../src/lineage/harvest/counts.ts";
import { createHarvest } from "../src/lineage/harvest/harvest.ts";

const runId = (number: number): string => `01a1fd91-d866-706a-b6e7-${String(number).padStart(12, "0")}`;

/** As a Java client writes it: no blanks, time first, trailing zeros of the milliseconds cut. */
export function javaEvent(number: number, more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    eventTime: "2026-11-21T10:05:46.9Z",
    producer: "https://github.com/OpenLineage/OpenLineage/tree/1.53.0/integration/spark",
    schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    eventType: "START",
    run: { runId: runId(number), facets: { note: { text: 'a "quoted" {brace} \\ and\ta tab' } } },
    job: { namespace: "lake", name: "nightly_lake.Ventes été 2026_東京 😀", facets: {} },
    inputs: [{ namespace: "file", name: "/data/raw/odd names/東京", facets: {} }],
    outputs: [],
    ...more,
  });
}

/** As a Python client writes it: keys sorted, blanks after commas and colons, only ASCII. */
export function pythonEvent(number: number): string {
  const facet = '{"_producer": "airflow", "value": "caf\\u00e9 \\ud83d\\ude00 \\"x\\" {1}"}';
  return (
    `{"eventTime": "2026-11-21T10:15:28.393132+00:00", "eventType": "COMPLETE", "inputs": [], ` +
    `"job": {"facets": {"doc": ${facet}}, "name": "orders_daily.load", "namespace": "airflow"}, ` +
    `"outputs": [{"name": "shop.mart.city", "namespace": "postgres://db:5432"}], "producer": "https://github.com/apache/airflow", ` +
    `"run": {"facets": {"rows": {"count": 1.50, "ratio": 1E-7, "id": 12345678901234567890}}, "runId": "${runId(number)}"}, ` +
    `"schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"}`
  );
}

/** Harvests logs, each given in chunks of `size` bytes. */
export function harvestBytes(
  logs: readonly (string | Uint8Array)[],
  size = 1 << 16,
): { events: string[]; counts: HarvestCounts } {
  const events: string[] = [];
  const harvest = createHarvest((event) => events.push(event));
  for (const log of logs) {
    const bytes = Buffer.from(log as Uint8Array);
    const reader = harvest.open("bytes");
    for (let at = 0; at < bytes.length; at += size) reader.chunk(bytes.subarray(at, at + size).toString("latin1"));
    reader.end();
  }
  return { events, counts: { ...harvest.counts } };
}
