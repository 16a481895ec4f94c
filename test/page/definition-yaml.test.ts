import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { yamlLines, yamlText } from "../../web/fields/yaml.ts";

const settings = {
  name: "nightly sales: all",
  max_concurrent_runs: 1,
  empty: [],
  none: {},
  tags: { tier: "1", yes: "no", team: "retail" },
  tasks: [
    {
      task_key: "load",
      depends_on: [{ task_key: "a" }, { task_key: "b" }],
      notebook_task: {
        notebook_path: "/etl/load",
        base_parameters: { full: "false", date: "{{job.start_time.iso_date}}" },
      },
      libraries: [{ pypi: { package: "x==1.0" } }],
      enabled: true,
      nothing: null,
    },
  ],
  list: ["a", "- b", "#c", " d "],
  sql: "select 1\nfrom x",
};

describe("settings as lines", () => {
  it("are YAML that reads back as the same settings", () => {
    expect(parse(yamlText(yamlLines(settings)))).toEqual({ ...settings, sql: "select 1\nfrom x\n" });
  });

  it("know their task", () => {
    const lines = yamlLines(settings);
    expect(lines.filter((line) => line.task === "load").length).toBeGreaterThan(8);
    expect(lines.find((line) => line.key === "name")?.task).toBeUndefined();
  });

  it("keep every digit of long ids", () => {
    expect(yamlText(yamlLines({ job_id: 1125899906842624123n }))).toBe("job_id: 1125899906842624123");
  });
});
