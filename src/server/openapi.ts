/**
 * The OpenAPI 3.1 document of the API, made from the route table. The schema dialect of 3.1 is JSON Schema 2020-12,
 * which zod writes itself.
 */
import * as z from "zod";
import {
  Difference,
  HistoryItem,
  JobRow,
  JobVerdict,
  JobView,
  PlaceView,
  ProblemView,
  RunMark,
  ScheduleView,
  StatusView,
  TaskNodeView,
  UnmanagedJob,
} from "../model/view.ts";
import * as api from "./api.ts";
import { HTTP_REFUSALS, STATUS_OF_ERROR } from "./problem.ts";

type JsonSchema = { [key: string]: unknown };

/** Schemas that have a name in the document; all others stand where they are used. */
const NAMED: Record<string, z.ZodType> = {
  ApplyAnswer: api.ApplyAnswer,
  ApplyBody: api.ApplyBody,
  Difference,
  HistoryAnswer: api.HistoryAnswer,
  HistoryItem,
  JobRow,
  JobVerdict,
  JobView,
  JobsAnswer: api.JobsAnswer,
  Place: PlaceView,
  PlanBody: api.PlanBody,
  PlanView: api.PlanView,
  Problem: api.ProblemDocument,
  ProblemView,
  RunMark,
  ScheduleView,
  SessionBody: api.SessionBody,
  SessionView: api.SessionView,
  StatusView,
  TaskNode: TaskNodeView,
  UnmanagedJob,
};

const refTo = (name: string) => `#/components/schemas/${name}`;

function components(): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: refTo, io: "input" });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const { $schema: _dialect, $id: _id, ...rest } = schema;
      return [name, rest];
    }),
  );
}

function schemaOf(schema: z.ZodType): JsonSchema {
  for (const [name, known] of Object.entries(NAMED)) if (known === schema) return { $ref: refTo(name) };
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
}

function parameters(schema: z.ZodType, place: "path" | "query"): JsonSchema[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input" });
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: one,
  }));
}

// input_invalid: a query parameter that is none is refused by every route
const ALWAYS = ["host_not_allowed", "origin_not_allowed", "input_invalid", "internal"];

/** Codes that a route may answer with, by status. */
function problemsOf(route: (typeof api.ROUTES)[api.RouteName]): Map<number, string[]> {
  const codes = [...ALWAYS, ...route.problems];
  if (route.scope !== "public") codes.push("token_missing", "token_invalid", "scope_missing");
  if (route.method === "post") codes.push("unsupported_media_type", "body_too_large", "bad_request");
  if (route.method !== "get") codes.push("csrf_failed");
  const byStatus = new Map<number, string[]>();
  for (const code of new Set(codes)) {
    const refusals: Record<string, readonly [number, string]> = HTTP_REFUSALS;
    const errors: Record<string, number> = STATUS_OF_ERROR;
    const status = refusals[code]?.[0] ?? errors[code] ?? 500;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}

const problemContent = { "application/problem+json": { schema: { $ref: refTo("Problem") } } };

function operation(name: api.RouteName): JsonSchema {
  const route = api.ROUTES[name];
  const responses: JsonSchema = {
    [String(route.status)]: {
      description: "Done",
      content: { "application/json": { schema: schemaOf(route.answer) } },
    },
  };
  for (const [status, codes] of [...problemsOf(route)].sort(([a], [b]) => a - b)) {
    responses[String(status)] = { description: codes.sort().join(", "), content: problemContent };
  }
  return {
    operationId: name,
    summary: route.summary,
    tags: [route.tag],
    "x-scope": route.scope,
    parameters: [...parameters(route.params, "path"), ...parameters(route.query, "query")],
    ...(route.method === "post"
      ? { requestBody: { required: true, content: { "application/json": { schema: schemaOf(route.body) } } } }
      : {}),
    responses,
    security:
      route.scope === "public" ? [{}] : [{ bearer: [] }, { session: [] }, ...(route.scope === "read" ? [{}] : [])],
  };
}

function events(): JsonSchema {
  return {
    operationId: "getEvents",
    summary: "Server-sent events: hello, fleet, plan, apply, run, status, reset, bye",
    tags: ["live"],
    "x-scope": "read",
    parameters: [
      {
        name: "Last-Event-ID",
        in: "header",
        required: false,
        schema: { type: "string" },
        description: "Id of the last event seen: what was missed comes first, or `reset` where that is gone",
      },
    ],
    responses: {
      "200": {
        description: "A stream that stays open",
        content: { "text/event-stream": { schema: { type: "string" } } },
      },
      "401": { description: "token_invalid, token_missing", content: problemContent },
      "503": { description: "stopping, too_many_streams", content: problemContent },
    },
    security: [{ bearer: [] }, { session: [] }, {}],
  };
}

/** The document. */
export function openApiDocument(version: string): JsonSchema {
  const paths: Record<string, JsonSchema> = {};
  for (const name of Object.keys(api.ROUTES) as api.RouteName[]) {
    const { path, method } = api.ROUTES[name];
    const full = api.API_BASE + path;
    paths[full] = { ...paths[full], [method]: operation(name) };
  }
  paths[`${api.API_BASE}/events`] = { get: events() };
  return {
    openapi: "3.1.0",
    info: {
      title: "headgate",
      version,
      description: "Declares the jobs of a lakehouse, watches their runs, and traces the data they move.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: components(),
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "A token of `headgate token create`" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "headgate_session",
          description: "Of a browser that signed in; the cookie's name ends with the port",
        },
      },
    },
  };
}
