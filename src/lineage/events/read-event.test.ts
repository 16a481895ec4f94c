import { describe, expect, it } from "vitest";
import { javaEvent, pythonEvent } from "../../../test/openlineage-events.ts";
import { eventTime, readEvent } from "./read-event.ts";

const RUN = "01A1FD91-d866-706a-b6e7-000000000001";
const event = (more: Record<string, unknown> = {}) => ({
  eventTime: "2026-11-21T23:30:00+02:00",
  eventType: "START",
  run: { runId: RUN },
  job: { namespace: "lake", name: "nightly" },
  ...more,
});

describe("time of an event", () => {
  it.each([
    ["2026-11-21T10:05:46.9Z", "2026-11-21T10:05:46.900Z"],
    ["2026-11-21T10:15:28.393132+00:00", "2026-11-21T10:15:28.393Z"],
    ["2026-11-21T10:15:28.393132999Z", "2026-11-21T10:15:28.393Z"],
    ["2026-11-21t23:30:00+0200", "2026-11-21T21:30:00.000Z"],
    ["2026-11-21T00:10:00-05:30", "2026-11-21T05:40:00.000Z"],
    ["2026-11-21T10:15:28", "2026-11-21T10:15:28.000Z"],
    ["2026-11-21T10:15z", "2026-11-21T10:15:00.000Z"],
    ["no time", undefined],
  ])("%s", (text, expected) => {
    expect(eventTime(text)).toBe(expected);
  });
});

describe("what an event says", () => {
  it("in the words of Java and of Python clients", () => {
    expect(readEvent(JSON.parse(javaEvent(1)))).toMatchObject({
      type: "START",
      time: "2026-11-21T10:05:46.900Z",
      job: { kind: "job", namespace: "lake", name: "nightly_lake.Ventes été 2026_東京 😀" },
      inputs: [{ node: { kind: "dataset", namespace: "file", name: "/data/raw/odd names/東京" }, files: 0, bytes: 0 }],
      outputs: [],
    });
    expect(readEvent(JSON.parse(pythonEvent(1)))).toMatchObject({
      type: "COMPLETE",
      outputs: [{ node: { namespace: "postgres://db:5432", name: "shop.mart.city" } }],
    });
  });

  it("names paths of stores as one, whatever the client's version", () => {
    const inputs = [
      { namespace: "s3a://bucket", name: "/raw/orders/" },
      { namespace: "s3://bucket", name: "raw/orders" },
      { namespace: "wasbs://c@a.blob.core.windows.net", name: "/raw/orders" },
      { namespace: "unitycatalog://adb-111.11.azuredatabricks.net:443", name: "Main.Sales.Orders" },
      { namespace: "file", name: "/data/raw/" },
    ];
    expect(readEvent(event({ inputs }))?.inputs.map(({ node }) => `${node.namespace} ${node.name}`)).toEqual([
      "s3://bucket raw/orders",
      "abfss://c@a.dfs.core.windows.net raw/orders",
      "databricks://111 main.sales.orders",
      "file /data/raw/",
    ]);
  });

  it("takes figures of outputs, a dataset that is listed twice once", () => {
    const out = (size: number, fileCount: number) => ({
      namespace: "file",
      name: "/t",
      outputFacets: { outputStatistics: { size, fileCount, rowCount: 1 } },
    });
    expect(readEvent(event({ outputs: [out(10, 3), out(20, 2), out(-1, 1.5)] }))?.outputs).toMatchObject([
      { files: 3, bytes: 20 },
    ]);
  });

  it("knows the run that started this one, but no run as its own parent", () => {
    const parent = (name: string) => ({
      run: { runId: RUN, facets: { parent: { run: { runId: "P" }, job: { namespace: "lake", name } } } },
    });
    expect(readEvent(event(parent("app")))?.parent).toEqual({
      job: { kind: "job", namespace: "lake", name: "app" },
      runId: "P",
    });
    expect(readEvent(event(parent("nightly")))?.parent).toBeUndefined();
    expect(readEvent(event())?.parent).toBeUndefined();
  });

  it("tells runs, jobs and datasets apart", () => {
    expect(readEvent(event())).toMatchObject({ type: "START", runId: RUN.toLowerCase() });
    expect(readEvent(event({ eventType: undefined }))?.type).toBe("OTHER");
    expect(readEvent(event({ run: undefined }))).toMatchObject({ type: "JOB", runId: undefined });
    const dataset = { namespace: "file", name: "/t" };
    expect(readEvent({ eventTime: "2026-11-21T10:00:00Z", dataset })).toMatchObject({ type: "DATASET", inputs: [] });
    expect(readEvent({ eventTime: "2026-11-21T10:00:00Z" })).toBeUndefined();
    expect(readEvent(7)).toBeUndefined();
  });

  it("leaves out what breaks the specification, however it does", () => {
    const odd = [null, 7, [], {}, { namespace: 1, name: "x" }, { namespace: "n" }, { namespace: "n", name: "" }];
    const facets = { symlinks: { identifiers: odd }, columnLineage: { fields: { a: { inputFields: odd }, b: 7 } } };
    const read = readEvent(event({ inputs: odd, outputs: [{ namespace: "n", name: "x", facets }] }));
    expect(read).toMatchObject({ inputs: [], columns: [], symlinks: [] });
    expect(readEvent(event({ inputs: "x", outputs: null }))).toMatchObject({ inputs: [], outputs: [] });
  });
});

describe("columns", () => {
  const input = (field: string, ...transformations: { type: string; subtype?: string }[]) => ({
    namespace: "n",
    name: "in",
    field,
    transformations,
  });
  const columnsOf = (facet: Record<string, unknown>) =>
    readEvent(event({ outputs: [{ namespace: "n", name: "out", facets: { columnLineage: facet } }] }))?.columns.map(
      ({ from, to, fromColumn, toColumn, kind }) => `${from.name}.${fromColumn} → ${to.name}.${toColumn} ${kind}`,
    );
  const direct = { type: "DIRECT", subtype: "IDENTITY" };
  const join = { type: "INDIRECT", subtype: "JOIN" };
  const filter = { type: "INDIRECT", subtype: "FILTER" };

  it("come with their kind, of every version of the facet", () => {
    const fields = {
      a: { inputFields: [input("x", direct), input("y", { type: "DIRECT", subtype: "AGGREGATION" }, filter)] },
      b: { inputFields: [input("x")], transformationType: "MASKED" },
      c: { inputFields: [{ namespace: "n", name: "in", field: "z" }] },
      d: { inputFields: [input("z", { type: "INDIRECT" })] },
    };
    expect(columnsOf({ fields })).toEqual([
      "in.x → out.a IDENTITY",
      "in.y → out.a AGGREGATION",
      "in.y → out.a FILTER",
      "in.x → out.b MASKED",
      "in.z → out.c DIRECT",
      "in.z → out.d INDIRECT",
    ]);
  });

  it("keep what all columns depend on once, for the table", () => {
    const fields = {
      a: { inputFields: [input("x", direct, join), input("k", filter)] },
      b: { inputFields: [input("y", direct), input("x", join)] },
    };
    const dataset = [input("w", { type: "INDIRECT", subtype: "SORT" })];
    expect(columnsOf({ fields, dataset })).toEqual([
      "in.x → out.a IDENTITY",
      "in.x → out.* JOIN",
      "in.k → out.a FILTER",
      "in.y → out.b IDENTITY",
      "in.w → out.* SORT",
    ]);
  });
});
