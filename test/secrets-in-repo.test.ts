/** Nothing private is committed: no path of a machine, no package host, nothing that looks like a real secret. */
import { describe, expect, it } from "vitest";
import { read, repositoryFiles } from "./tree/files.ts";

const BINARY = /\.(png|jpe?g|gif|ico|woff2?|gz|zip|db|parquet)$/;
const texts = repositoryFiles()
  .filter((name) => !BINARY.test(name))
  .map((name) => ({ name, text: read(name) }));

/** Written in pieces, so that this file does not find itself. */
const PATTERNS: [what: string, pattern: RegExp][] = [
  ["a path of one machine", new RegExp(`(^|[^\\w.-])/(${["work", "root"].join("|")})/[a-z]`, "m")],
  [
    "a package host",
    new RegExp(
      [
        ["registry", "npmjs"],
        ["registry", "yarnpkg"],
        ["repo1", "maven"],
        ["deb", "debian", "org"],
      ]
        .map((host) => host.join("\\."))
        .join("|"),
    ),
  ],
  ["a Databricks token", /\bdapi[0-9a-f]{32}\b/],
  ["an AWS access key", new RegExp(`\\b(AKIA|ASIA)${"(?!IOSFODNN7EXAMPLE)"}[A-Z0-9]{16}\\b`)],
  ["a private key", new RegExp(`-----BEGIN ${"(RSA |EC )?"}PRIVATE KEY-----`)],
];

const findings = (name: string, text: string): string[] =>
  PATTERNS.flatMap(([what, pattern]) => {
    const match = pattern.exec(text);
    return match
      ? [`${name}:${text.slice(0, match.index + 1).split("\n").length} ${what}: ${match[0].slice(0, 12)}…`]
      : [];
  });

describe("the repository", () => {
  it("holds nothing private", () => {
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.flatMap(({ name, text }) => findings(name, text))).toEqual([]);
  });

  it.each([
    ["a path", `see /${"work"}/main/x`],
    ["a host", `https://${"registry"}.npmjs.org/zod`],
    ["a token", `token: ${"dapi"}${"0123456789abcdef".repeat(2)}`],
    ["a key id", `${"AKIA"}ABCDEFGHIJKLMNOP`],
    ["a private key", `-----BEGIN ${"PRIVATE"} KEY-----`],
  ])("would be caught with %s in it", (_what, text) => {
    expect(findings("x", text)).toHaveLength(1);
  });
});
