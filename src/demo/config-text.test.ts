import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { demoConfig, replaceSection } from "./config-text.ts";
import { inPackage } from "./package-files.ts";

const TEXT = `version: 1

# about a
a:
  # inside
  b: 1

  c: 2
# about d
d: { e: 3 }
`;

describe("replaceSection", () => {
  it("takes the section with the comment above it, and leaves the rest alone", () => {
    expect(replaceSection(TEXT, "a", "a: 9\n")).toBe("version: 1\n\na: 9\n\n# about d\nd: { e: 3 }\n");
  });

  it("takes the last section too", () => {
    expect(replaceSection(TEXT, "d", "d: 9")).toBe(TEXT.replace("# about d\nd: { e: 3 }", "d: 9"));
  });

  it("refuses a section that is not there", () => {
    expect(() => replaceSection(TEXT, "b", "b: 9")).toThrow("no section b");
  });
});

describe("demoConfig", () => {
  it("keeps everything of the example but its workspaces and targets", () => {
    const example = readFileSync(join(inPackage("examples/retail") ?? "", "headgate.yaml"), "utf8");
    const text = demoConfig(example, "http://127.0.0.1:1234");
    const tops = (yaml: string) => yaml.split("\n").flatMap((line) => /^(\w+):/.exec(line)?.[1] ?? []);
    expect(tops(text)).toEqual([...tops(example), "lineage", "server"]);
    expect(text).toContain("host: http://127.0.0.1:1234");
    expect(text).not.toContain("${env:");
    const sources = /^jobs:[\s\S]*?^runs:/m;
    expect(sources.exec(text)?.[0]).toBe(sources.exec(example)?.[0]);
  });
});
