import { describe, expect, it } from "vitest";
import type { Json } from "../util/json.ts";
import { fillLate } from "./late-reference.ts";
import { escapeReferences, parseReferences, type ReferenceScope, substitute, type Variable } from "./reference.ts";

const D = "$";

function scope(values: Record<string, Json>, more: Partial<ReferenceScope> = {}): ReferenceScope {
  const entries = Object.entries(values).map(([name, value]): [string, Variable] => [name, { value, origin: "file" }]);
  return { variables: new Map(entries), ...more };
}

describe("parsing", () => {
  it("tells ours from the platform's", () => {
    const text = `a ${D}{var.x.y[2]} ${D}{threshold} {{job.id}} ${D}{env:TOKEN} ${D}{file:/run/s} ${D}{resources.jobs.k-1.id}`;
    expect(parseReferences(text)).toEqual([
      { kind: "text", text: "a " },
      { kind: "var", name: "x", path: ["y", 2], raw: `${D}{var.x.y[2]}`, at: 2 },
      { kind: "text", text: ` ${D}{threshold} {{job.id}} ` },
      { kind: "env", name: "TOKEN", raw: `${D}{env:TOKEN}`, at: 40 },
      { kind: "text", text: " " },
      { kind: "file", path: "/run/s", raw: `${D}{file:/run/s}`, at: 53 },
      { kind: "text", text: " " },
      { kind: "job", key: "k-1", field: "id", raw: `${D}{resources.jobs.k-1.id}`, at: 68 },
    ]);
  });

  it.each([
    [`${D}{var.}`, "is no reference"],
    [`${D}{var.x`, "no closing brace"],
    [`${D}{env:}`, "names no environment variable"],
    [`${D}{file: }`, "names no file"],
    [`${D}{resources.jobs.k.url}`, "is no reference"],
    [`${D}{workspace.curent_user.userName}`, "is not known"],
    [`${D}{bundle.nmae}`, "is not known"],
  ])("refuses %s", (text, message) => {
    expect(parseReferences(text)).toMatchObject([{ kind: "bad", message: expect.stringContaining(message) }]);
  });

  it("takes what another resource says, and keeps the reference with a hint where nobody knows", () => {
    const text = `${D}{resources.pipelines.p.name} ${D}{resources.pipelines.p.id}`;
    const resource = (type: string, key: string, path: readonly (string | number)[]) =>
      key !== "p" ? null : [type, ...path].join() === "pipelines,name" ? `P ${D}{var.x}` : undefined;
    expect(substitute(text, { ...scope({ x: 1 }), resource })).toMatchObject({
      value: `P 1 ${D}{resources.pipelines.p.id}`,
      faults: [{ severity: "warning", code: "other_resource" }],
    });
    const other = `${D}{resources.pipelines.q.id}`;
    expect(substitute(other, { ...scope({}), resource })).toMatchObject({
      value: other,
      faults: [{ severity: "warning", code: "doubtful_reference" }],
    });
    const ring = `${D}{resources.a.b.c}`;
    expect(substitute(ring, { ...scope({}), resource: () => ring })).toMatchObject({ value: ring, faults: [{}] });
  });

  it.each([`${D}{env.HOME}`, `${D}{resources.pipelines}`])("keeps %s with a hint", (text) => {
    expect(parseReferences(text)).toMatchObject([{ kind: "doubtful", raw: text }]);
    expect(substitute(text, scope({}))).toMatchObject({ value: text, faults: [{ severity: "warning" }] });
  });

  it.each([
    `${D}{var.x}`,
    `${D}${D}{var.x}`,
    `${D}${D}${D}{any}`,
    `${D}{any} ${D}{env.X} ${D}{env:Y}`,
    `${D}{var.x`,
    `a${D}b${D}{`,
    `${D}${D}`,
    `{{x}} ${D}{resources.schemas.a.name} ${D}{workspace.x}`,
  ])("reads %s back when it is escaped", (text) => {
    expect(parseReferences(escapeReferences(text))).toEqual([{ kind: "text", text }]);
  });

  it("escapes only what would be misread", () => {
    expect(escapeReferences(`${D}{threshold} {{job.id}} ${D}5`)).toBe(`${D}{threshold} {{job.id}} ${D}5`);
  });
});

describe("substitution", () => {
  it("keeps types where a value is exactly one variable", () => {
    const values = { n: 3, flag: false, list: [1, "a"], map: { a: { b: 2n ** 60n } }, text: "x" };
    const of = (text: string) => substitute(text, scope(values)).value;
    expect(of(`${D}{var.n}`)).toBe(3);
    expect(of(`${D}{var.flag}`)).toBe(false);
    expect(of(`${D}{var.list}`)).toEqual([1, "a"]);
    expect(of(`${D}{var.map.a.b}`)).toBe(2n ** 60n);
    expect(of(`${D}{var.list[1]}`)).toBe("a");
    expect(of(`${D}{var.n}${D}{var.text}`)).toBe("3x");
    expect(of(` ${D}{var.n}`)).toBe(" 3");
  });

  it("follows variables in variables, and names a cycle", () => {
    const values = {
      a: `${D}{var.b}/x`,
      b: `${D}{var.c}`,
      c: "end",
      p: `${D}{var.q}`,
      q: [`${D}{var.r}`],
      r: `${D}{var.p}`,
    };
    expect(substitute(`${D}{var.a}`, scope(values)).value).toBe("end/x");
    expect(substitute(`${D}{var.p}`, scope(values)).faults).toEqual([
      { severity: "error", code: "variable_cycle", message: "variables refer to each other: p → q → r → p" },
    ]);
  });

  it("names what is defined, and the nearest", () => {
    expect(substitute(`${D}{var.catalgo}`, scope({ catalog: 1, env: 2 })).faults).toEqual([
      {
        severity: "error",
        code: "undefined_variable",
        message: "variable 'catalgo' has no value",
        hint: "did you mean 'catalog'? defined are catalog, env",
      },
    ]);
    expect(substitute(`${D}{var.m.x}`, scope({ m: { y: 1 } })).faults[0]).toMatchObject({ hint: "it has y" });
    expect(substitute(`${D}{var.x}`, scope({})).faults[0]?.hint).toBe("no variables are defined");
  });

  it("refuses a map in the middle of a text", () => {
    expect(substitute(`a ${D}{var.m}`, scope({ m: {} })).faults[0]?.message).toContain("is a map");
  });

  it("does not look for references in literal values", () => {
    const variables = new Map<string, Variable>([
      ["x", { value: `${D}{env:SECRET} ${D}{var.x}`, origin: "--var", literal: true }],
    ]);
    const { value, secrets } = substitute(`${D}{var.x}`, { variables });
    expect(secrets).toEqual([]);
    expect(fillLate(value, () => "leaked")).toBe(`${D}{env:SECRET} ${D}{var.x}`);
  });

  it("leaves secrets, jobs and unknown workspace values as written", () => {
    const text = `${D}{env:A} ${D}{resources.jobs.j.id} ${D}{workspace.root_path} ${D}{bundle.name}`;
    const { value, secrets } = substitute(text, scope({}, { bundle: { name: "shop" }, workspace: {} }));
    expect(value).toBe(`${D}{env:A} ${D}{resources.jobs.j.id} ${D}{workspace.root_path} shop`);
    expect(secrets).toEqual([`${D}{env:A}`]);
  });
});
