import { afterEach, expect, test } from "vitest";
import { API_BASE, ROUTES } from "./api.ts";
import { openApiDocument } from "./openapi.ts";
import { ask, start, stopAll } from "./testing/start.ts";

afterEach(stopAll);

type Node = { [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null;

/** Every object in a document with its path. */
function* walk(value: unknown, path = "#"): Generator<[string, Node]> {
  if (!isNode(value)) return;
  yield [path, value];
  for (const [key, inner] of Object.entries(value)) yield* walk(inner, `${path}/${key}`);
}

const document = openApiDocument("0.1.0");
const operations = Object.entries(document.paths as Record<string, Node>).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation: operation as Node })),
);

test("is served as 3.1 and equals what the table says", async () => {
  const server = await start();
  const answer = await ask(server, "/api/openapi.json");
  expect(answer.headers["content-type"]).toContain("application/json");
  expect(answer.json()).toEqual(JSON.parse(JSON.stringify(document)));
  expect(answer.json().openapi).toBe("3.1.0");
});

test("has every route of the table, and the events", () => {
  const found = operations.map(({ path, method, operation }) => `${operation.operationId} ${method} ${path}`).sort();
  const wanted = Object.entries(ROUTES).map(([name, { method, path }]) => `${name} ${method} ${API_BASE}${path}`);
  expect(found).toEqual([...wanted, `getEvents get ${API_BASE}/events`].sort());
});

test("every reference leads somewhere, every named schema is used", () => {
  const schemas = (document.components as { schemas: Node }).schemas;
  const used = new Set<string>();
  for (const [path, node] of walk(document)) {
    if (typeof node.$ref !== "string") continue;
    const name = node.$ref.replace("#/components/schemas/", "");
    expect(schemas, `${path} → ${node.$ref}`).toHaveProperty([name]);
    used.add(name);
  }
  expect(Object.keys(schemas).filter((name) => !used.has(name))).toEqual([]);
});

test("is what the 3.1 specification asks of operations, parameters and answers", () => {
  for (const { path, operation } of operations) {
    const parameters = operation.parameters as { name: string; in: string; required: boolean; schema: Node }[];
    const inPath = parameters.filter((one) => one.in === "path");
    const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    expect(inPath.map((one) => one.name)).toEqual(names);
    expect(inPath.every((one) => one.required)).toBe(true);
    expect(new Set(parameters.map((one) => `${one.in} ${one.name}`)).size).toBe(parameters.length);
    const responses = operation.responses as Record<string, { description?: string }>;
    expect(Object.keys(responses).some((status) => status.startsWith("2"))).toBe(true);
    for (const [status, response] of Object.entries(responses)) {
      expect(status).toMatch(/^[2345]\d\d$/);
      expect(response.description).toBeTruthy();
    }
  }
  // JSON Schema 2020-12 has neither of these OpenAPI 3.0 words, and $schema or $id inside would move references.
  for (const [path, node] of walk(document.components)) {
    if (path.endsWith("/properties")) continue;
    for (const word of ["nullable", "$schema", "$id"]) expect(node, path).not.toHaveProperty([word]);
  }
});

test("what is sent is described as sent: filters are text, defaults are not asked for", () => {
  const list = operations.find(({ operation }) => operation.operationId === "listJobs")?.operation;
  const parameters = list?.parameters as { name: string; required: boolean; schema: Node }[];
  expect(parameters.find((one) => one.name === "verdict")).toMatchObject({
    required: false,
    schema: { type: "string" },
  });
  expect(parameters.find((one) => one.name === "limit")).toMatchObject({
    required: false,
    schema: { type: "integer", minimum: 1, maximum: 500, default: 100 },
  });
});
