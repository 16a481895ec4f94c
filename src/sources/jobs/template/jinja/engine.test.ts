/** Jinja as we render it, beside what Jinja 3.1.6 renders (`fixtures/jinja-3.1.json`, made with StrictUndefined). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseJson } from "../../../../util/int64-json.ts";
import type { Json, JsonObject } from "../../../../util/json.ts";
import { openJinja } from "./engine.ts";

const truth = parseJson(readFileSync(new URL("../fixtures/jinja-3.1.json", import.meta.url), "utf8")) as {
  values: JsonObject;
  renders: [template: string, text: string][];
};

/** What is printed otherwise on purpose: JSON's words, or only in another order or with other spaces. */
const OTHERWISE: Record<string, string> = {
  "{{ job.none is none }}{{ job.workers is defined }}{{ job.zz is defined }}": "truetruefalse",
  "{{ 'a' in job.tags }}": "true",
  "{{ job.libs | tojson }}": '["one","two"]',
  "{% for k, v in job.tags.items() %}{{ k }}={{ v }};{% endfor %}": "a=y;b=x;",
};

const render = (text: string, values: Record<string, Json> = truth.values as Record<string, Json>) =>
  openJinja(new Map([["t", text]])).render("t", values);

describe("the same as Jinja", () => {
  it.each(truth.renders)("%s", (template, text) => {
    expect(render(template)).toEqual({ text: OTHERWISE[template] ?? text });
  });
});

describe("methods that the engine lacks", () => {
  const values = { job: { a: { x: "q" }, xs: [{ k: 1 }] } };
  it.each([
    ["{{ job.a.get('x').upper() }}", "Q"],
    ["{{ job.a.get('y', {}).get('z', 'd') }}", "d"],
    ["{{ (job.a.get('x') or 'z').upper() }}", "Q"],
    ["{{ job.xs[0].get('k') + 1 }}", "2"],
    ["{% if job.a.get('q', 'a.get(') == 'a.get(' %}{{ {'a': 'b'}.get('a').upper() }}{% endif %}", "B"],
    ["{{ '%s' % job.a.get('x') }}", "q"],
    ["{{ '{} {a}'.format(job.a.get('x'), a=1).upper() }}", "Q 1"],
    ["{{ 'x'.zfill(3) }}{{ '-5'.zfill(4) }}|{{ 'ab'.ljust(4, '.') }}|{{ 'ab'.rjust(3) }}", "00x-005|ab..| ab"],
    ["{{ 'a/b/c'.rsplit('/', 1)[0] }}|{{ 'a.b'.partition('.')[2] }}|{{ 'a.b.c'.rpartition('.')[0] }}", "a/b|b|a.b"],
    ["{{ 'dev_x'.removeprefix('dev_') }}{{ 'x.py'.removesuffix('.py') }}{{ 'aB'.swapcase() }}", "xxAb"],
    ["{{ 'a b/c?' | urlencode }}", "a%20b/c%3F"],
  ])("%s", (template, text) => {
    expect(render(template, values)).toEqual({ text });
  });
});

describe("what fails is said with line, column and name", () => {
  it.each([
    ["{{ job.mails | map('upper') | join }}", 1, 16, "job.mails | map('upper') meets something undefined"],
    ["a\n  {{ job.nope }}", 2, 6, "job.nope is undefined"],
    ["{{ nope }}", 1, 4, "nope is undefined"],
    ["{{ job.workers.x.y }}", 1, 15, "job.workers.x.y is undefined"],
    ["x\n{% for a in missing %}\n{% endfor %}", 2, 13, "missing is undefined"],
    ["a\n{% if %}", 2, 7, "syntax error"],
    ["{{ job.name", 1, 8, "syntax error"],
    ["a\nb\n{{ 1 | nofilter }}", 3, 8, "nofilter"],
    ["{% include 'none' %}", 1, 4, '"none"'],
    ["x\n{{ '%s %s' % (1,) }}", 2, undefined, "not enough values"],
    ["x\n\n{{ job.none | center(3) }}", 3, undefined, "center of an undefined or empty value"],
    ["{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}", 1, undefined, "out of fuel"],
  ])("%j", (template, line, column, message) => {
    const rendered = render(template);
    expect(rendered).toMatchObject({ fault: { template: "t", line, message: expect.stringContaining(message) } });
    if (column !== undefined) expect(rendered).toMatchObject({ fault: { column } });
  });

  it("in the template that was included", () => {
    const jinja = openJinja(
      new Map([
        ["outer.j2", 'x {% include "inner.j2" %}'],
        ["inner.j2", "a\nb {{ job.nope }}"],
      ]),
    );
    expect(jinja.render("outer.j2", { job: {} })).toMatchObject({
      fault: { template: "inner.j2", line: 2, message: "job.nope is undefined" },
    });
  });
});

it("leaves what is the platform's and what is raw", () => {
  expect(render("${var.x} {% raw %}{{job.run_id}}{% endraw %} {# %(1) #}")).toEqual({
    text: "${var.x} {{job.run_id}} ",
  });
});

it("does not escape by the name of a template", () => {
  const jinja = openJinja(
    new Map([
      ["a.json.j2", '{"n": "{{ n }}", {% include "b.html" %}}'],
      ["b.html", "{{ m }}"],
    ]),
  );
  expect(jinja.render("a.json.j2", { n: "x'y", m: "<b>" })).toEqual({ text: `{"n": "x'y", <b>}` });
});

it("keeps the other templates where one is not Jinja", () => {
  const jinja = openJinja(
    new Map([
      ["bad", "{% if %}"],
      ["good", "{{ 1 + 1 }}"],
    ]),
  );
  expect([...jinja.faults.keys()]).toEqual(["bad"]);
  expect(jinja.render("good", {})).toEqual({ text: "2" });
  expect(jinja.render("bad", {})).toMatchObject({ fault: { template: "bad", line: 1 } });
});
