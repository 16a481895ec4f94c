import { describe, expect, it } from "vitest";
import { parseScript } from "../acceptance/harness/script.ts";
import { tokenizer } from "../acceptance/harness/tokens.ts";

describe("script", () => {
  it("keeps here-documents and continued lines together", () => {
    const steps = parseScript("# why\n\nheadgate a \\\n  b\ncat > x <<'END'\n# not a comment\n\nEND\nheadgate c\n");
    expect(steps).toEqual([
      { kind: "comment", text: "# why" },
      { kind: "command", text: "headgate a \\\n  b" },
      { kind: "command", text: "cat > x <<'END'\n# not a comment\n\nEND" },
      { kind: "command", text: "headgate c" },
    ]);
  });

  it("refuses a here-document without its end", () => {
    expect(() => parseScript("cat <<END\nx\n")).toThrow("does not end");
  });
});

describe("tokens", () => {
  const tokens = (more: Partial<Parameters<typeof tokenizer>[0]> = {}) =>
    tokenizer({ texts: [], jobIds: ["900719925474099301"], replace: [], keepTimes: false, ...more });

  it("names jobs by the order of their creation and other ids by the order they are seen in", () => {
    const replace = tokens();
    expect(replace("job 900719925474099301 run 900719925474099777, 900719925474099778")).toBe(
      "job [JOB_1] run [ID_1], [ID_2]",
    );
    expect(replace('"900719925474099778"')).toBe('"[ID_2]"');
  });

  it("replaces times, digests, ports and folders, the longest folder first", () => {
    const replace = tokens({
      texts: [
        ["/tmp/a", "[TMP]"],
        ["/tmp/a/project", "[DIR]"],
      ],
    });
    expect(replace("/tmp/a/project/x /tmp/a/y 2026-11-22T01:00:00.123Z Sun 2026-11-22 01:00 1763773200000")).toBe(
      "[DIR]/x [TMP]/y [TIME] [TIME] [MS]",
    );
    expect(replace(`http://127.0.0.1:40123/ ${"ab".repeat(32)} 6f1e0000-1111-4222-8333-444455556666`)).toBe(
      "http://127.0.0.1:[PORT]/ [DIGEST_1] [UUID_1]",
    );
  });

  it("keeps times where the case gives them", () => {
    expect(tokens({ keepTimes: true })("2026-11-22T01:00:00Z")).toBe("2026-11-22T01:00:00Z");
  });

  it("uses the case's own patterns", () => {
    expect(tokens({ replace: [["took \\d+ ms", "took [N] ms"]] })("took 12 ms\ntook 3 ms")).toBe(
      "took [N] ms\ntook [N] ms",
    );
  });
});
