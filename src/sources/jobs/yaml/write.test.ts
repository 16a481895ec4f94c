import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seeded } from "../../../../test/seeded.ts";
import type { JobSettings } from "../../../model/job.ts";
import { allFields, type FieldShape } from "../../../model/job-fields.ts";
import { fillLate } from "../../../model/late-reference.ts";
import { parseJson } from "../../../util/int64-json.ts";
import type { Json, JsonObject } from "../../../util/json.ts";
import { parsePlacedYaml } from "../../../util/parse-yaml.ts";
import { declaredJobs } from "./map.ts";
import { writeJobsYaml } from "./write.ts";

/** The settings that our reader makes of a YAML text, as they are sent. */
function readBack(text: string): Record<string, Json> {
  const { root, faults } = parsePlacedYaml(text, "a.yml");
  expect(faults).toEqual([]);
  if (root?.kind !== "map") throw new Error(`no map:\n${text}`);
  const { jobs, problems } = declaredJobs([{ file: "a.yml", root, usesWorkspace: false }], {
    source: "yaml",
    project: "p",
    target: "t",
    profile: undefined,
    variables: new Map(),
    defaults: undefined,
    workspace: {},
  });
  expect(problems.filter((problem) => problem.severity === "error")).toEqual([]);
  return Object.fromEntries(jobs.map((job) => [job.resource, fillLate(job.settings, () => undefined)]));
}

describe("written jobs", () => {
  it("are tidy", () => {
    const settings: JobSettings = {
      tasks: [
        {
          job_cluster_key: "main",
          notebook_task: {
            source: "WORKSPACE",
            notebook_path: "/n",
            base_parameters: { num: "1", b: "true", d: "2024-01-01" },
          },
          run_if: "ALL_SUCCESS",
          depends_on: [{ task_key: "a" }],
          task_key: "b",
        },
      ],
      max_concurrent_runs: 1,
      email_notifications: { no_alert_for_skipped_runs: false },
      schedule: { timezone_id: "UTC", quartz_cron_expression: "0 0 5 * * ?" },
      name: "Nightly: load",
      tags: { on: "yes", "a:b": "" },
      health: {},
    };
    const defaults = new Map<string, Json>([
      ["max_concurrent_runs", 1],
      ["tasks[*].run_if", "ALL_SUCCESS"],
      ["tasks[*].notebook_task.source", "WORKSPACE"],
      ["email_notifications.no_alert_for_skipped_runs", false],
    ]);
    const text = writeJobsYaml([{ resource: "nightly", settings }], {
      leaveOut: (pattern, value) => defaults.get(pattern) === value,
      comment: "Adopted from the workspace.",
    });
    expect(text).toBe(`# Adopted from the workspace.

jobs:
  nightly:
    name: "Nightly: load"
    tags:
      a:b: ""
      "on": "yes"
    schedule:
      quartz_cron_expression: 0 0 5 * * ?
      timezone_id: UTC
    health: {}
    tasks:
      - task_key: b
        depends_on:
          - task_key: a
        notebook_task:
          base_parameters:
            b: "true"
            d: "2024-01-01"
            num: "1"
          notebook_path: /n
        job_cluster_key: main
`);
  });

  const D = "$";
  it.each([
    `${D}{var.x} and ${D}{env:TOKEN}, ${D}{other} {{job.id}}`,
    `${D}${D}{var.x}`,
    "line one\nline two\n",
    "  leading, trailing  ",
    "# no comment",
    "null",
    "~",
    "0x1F",
    "1_000",
    "12:30:45",
    "2024-01-01T00:00:00Z",
    "no",
    "- a",
    "*x",
    "&x",
    "!x",
    "a: b",
    "'\"\\",
    "\ttab\r\nreturn",
    "",
    "\u0007\u{1F600}",
    "x".repeat(500),
  ])("read back as they were: %j", (text) => {
    const settings = {
      name: text || "x",
      tags: { [text]: text, "<<": "merge", __proto__x: "" },
      parameters: [{ name: "p", default: text }],
    };
    expect(readBack(writeJobsYaml([{ resource: "j", settings }]))).toEqual({ j: settings });
  });

  it("read back as they were, for random settings of every field", () => {
    const random = seeded(20261121);
    const fields = [...allFields()].filter(({ shape }) => shape.kind !== "object" && shape.kind !== "list");
    expect(fields.length).toBeGreaterThan(600);
    for (let round = 0; round < 200; round++) {
      const settings: JsonObject = { name: randomText(random) || "x" };
      for (let i = 0; i < 12; i++) {
        const field = fields[Math.floor(random() * fields.length)];
        if (field) put(settings, field.path.split("."), randomValue(field.shape, random));
      }
      expect(readBack(writeJobsYaml([{ resource: "j", settings: settings as JobSettings }]))).toEqual({ j: settings });
    }
  });

  const folder = new URL("../../../../../shared/data/jobs/", import.meta.url);
  const present = existsSync(folder);
  if (!present) console.log("skipped: no shared/data/jobs beside the repository");
  it.skipIf(!present)("read back as they were, for every real job", () => {
    const files = readdirSync(folder).filter((name) => /^\d.*\.json$/.test(name));
    expect(files.length).toBe(105);
    for (const file of files) {
      const settings = parseJson(readFileSync(new URL(file, folder), "utf8")) as JobSettings;
      const back = readBack(writeJobsYaml([{ resource: "j", settings }]));
      expect(back, file).toEqual({ j: { ...settings, name: settings.name ?? "j" } });
    }
  });
});

const PIECES = [
  "a",
  "1",
  " ",
  ":",
  "#",
  "-",
  "{",
  "}",
  "[",
  "]",
  "$",
  "${",
  "${var.",
  "${env:",
  "{{",
  "}}",
  "'",
  '"',
  "\\",
  "\n",
  "\t",
  "é",
  "😀",
  "true",
  "null",
  "*",
  "&",
  "!",
  "%",
  "@",
  "`",
  "|",
  ">",
  "?",
  ",",
  "=",
  "<<",
  "~",
  "0x",
  ".",
];

function randomText(random: () => number): string {
  return Array.from({ length: Math.floor(random() * 8) }, () => PIECES[Math.floor(random() * PIECES.length)]).join("");
}

function randomValue(shape: FieldShape, random: () => number): Json {
  switch (shape.kind) {
    case "string":
      return randomText(random);
    case "enum":
      return shape.values[Math.floor(random() * shape.values.length)] ?? "";
    case "boolean":
      return random() < 0.5;
    case "int32":
      return Math.floor(random() * 2 ** 31);
    case "int64":
      return random() < 0.5 ? Math.floor(random() * 1_000) : 2n ** 60n + BigInt(Math.floor(random() * 1_000));
    case "double":
      return Math.round(random() * 1_000) / 8;
    case "map":
      return { [randomText(random)]: randomText(random), b: randomText(random) };
    default:
      return {};
  }
}

/** Puts a value at a path, making the maps and one-element lists on the way. */
function put(into: JsonObject, [step = "", ...rest]: string[], value: Json): void {
  const key = step.replace(/\[\*\]$/, "");
  if (key === "*") return;
  const isList = step !== key;
  if (rest.length === 0 && !isList) {
    into[key] = value;
    return;
  }
  const held = into[key];
  const inner: JsonObject = (isList ? (Array.isArray(held) ? held[0] : {}) : (held ?? {})) as JsonObject;
  if (rest.length === 0) into[key] = [value];
  else {
    into[key] = isList ? [inner] : inner;
    put(inner, rest, value);
  }
}
