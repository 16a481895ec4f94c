import { expect, test } from "vitest";
import { cli } from "../../test/run-cli.ts";
import { VERSION } from "../util/version.ts";
import { allVerbs } from "./help.ts";
import { ROUTES } from "./routes.ts";

const VERBS = allVerbs(ROUTES).map(({ way, verb }) => ({ name: way.join(" "), way, verb }));

test("--version, alone and with --json", async () => {
  expect(await cli(["--version"])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: "" });
  expect((await cli(["--version", "--json"])).stdout).toBe(`{"headgate":"${VERSION}"}\n`);
});

test("no arguments, --help and help show every command", async () => {
  const { code, stdout, stderr } = await cli([]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const { verb } of VERBS) expect(stdout).toContain(verb.brief);
  expect((await cli(["--help"])).stdout).toBe(stdout);
  expect((await cli(["help"])).stdout).toBe(stdout);
});

test("a room alone shows its commands", async () => {
  const { code, stdout } = await cli(["jobs"]);
  expect(code).toBe(0);
  expect(stdout).toContain("headgate jobs COMMAND");
  expect(stdout).not.toContain("completion");
});

test.each(VERBS)("$name has a help page with examples, its own and the global flags", async ({ way, verb }) => {
  const { code, stdout, stderr } = await cli([...way, "--help"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.startsWith(`headgate ${way.join(" ")}: ${verb.brief}\n`)).toBe(true);
  expect(verb.examples.length).toBeGreaterThan(0);
  for (const [command, effect] of verb.examples) {
    expect(command.split(" ").slice(0, way.length)).toEqual(way);
    expect(stdout).toContain(`  headgate ${command}\n      ${effect}\n`);
  }
  expect(stdout).toContain("--target NAME");
  expect((await cli(["help", ...way])).stdout).toBe(stdout);
});

test.each([
  [["jbos"], 'error: unknown command "jbos"\nhint: did you mean "headgate jobs"?\n'],
  [["jobs", "corn"], 'error: unknown command "jobs corn"\nhint: did you mean "headgate jobs cron"?\n'],
  [["jobs", "frobnicate"], 'error: unknown command "jobs frobnicate"\nhint: see headgate jobs --help\n'],
  [["jobs", "corn", "--help"], 'error: unknown command "jobs corn"\nhint: did you mean "headgate jobs cron"?\n'],
  [["constructor"], 'error: unknown command "constructor"\nhint: see headgate --help\n'],
  [["--verson"], "error: unknown flag --verson\nhint: did you mean --version?\n"],
  [["jobs", "cron", "x", "--cuont", "3"], "error: unknown flag --cuont\nhint: did you mean --count?\n"],
  [["jobs", "cron", "x", "--taget", "3"], "error: unknown flag --taget\nhint: did you mean --target?\n"],
  [["jobs", "cron", "x", "--constructor"], "error: unknown flag --constructor\nhint: see headgate jobs cron --help\n"],
  [["jobs", "cron", "x", "-z"], "error: unknown flag -z\nhint: see headgate jobs cron --help\n"],
  [["jobs", "cron"], "error: EXPR is missing\nhint: see headgate jobs cron --help\n"],
  [["jobs", "cron", "x", "--count"], "error: --count needs a value\nhint: see headgate jobs cron --help\n"],
  [
    ["jobs", "cron", "x", "--count", "0"],
    'error: --count: "0" is no whole number of at least 1\nhint: see headgate jobs cron --help\n',
  ],
  [
    ["jobs", "cron", "x", "--after", "soon"],
    'error: --after: "soon" is no time\nhint: write it like 2026-11-21T06:30:00Z\n',
  ],
  [["completion", "bsh"], 'error: SHELL: "bsh" is none of bash, zsh, fish\nhint: did you mean "bash"?\n'],
  [["completion", "bash", "zsh"], 'error: unexpected argument "zsh"\nhint: see headgate completion --help\n'],
  [
    ["jobs", "cron", "x", "--format", "jsno"],
    'error: --format: "jsno" is none of text, json\nhint: did you mean "json"?\n',
  ],
])("%j is answered with the nearest known word, exit 64", async (args, stderr) => {
  expect(await cli(args)).toEqual({ code: 64, stdout: "", stderr });
});

test("with --json an error is one object on stdout", async () => {
  const { code, stdout, stderr } = await cli(["jobs", "corn", "--json"]);
  expect(code).toBe(64);
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({
    error: {
      code: "usage",
      message: 'unknown command "jobs corn"',
      hint: 'did you mean "headgate jobs cron"?',
      data: { input: "corn", known: expect.arrayContaining(["cron"]) },
    },
  });
});

test("a stack trace is shown only with --verbose", async () => {
  const args = ["jobs", "cron", "0 0 0 ? * MOO"];
  expect((await cli(args)).stderr).not.toContain("    at ");
  expect((await cli([...args, "--verbose"])).stderr).toContain("caused by: QuartzError");
});

test("terminal text from arguments is made harmless", async () => {
  const { stderr } = await cli(["jobs", "\u001b[2Jx"]);
  expect(stderr).not.toContain("\u001b");
  expect(stderr).toContain("\\u001b[2Jx");
});

test("colours on a terminal, none with NO_COLOR, --no-color, TERM=dumb or in a pipe", async () => {
  const colour = "\u001b[";
  expect((await cli(["--help"], { tty: true })).stdout).toContain(colour);
  expect((await cli(["--help"])).stdout).not.toContain(colour);
  expect((await cli(["--help"], { tty: true, env: { NO_COLOR: "1" } })).stdout).not.toContain(colour);
  expect((await cli(["--help"], { tty: true, env: { TERM: "dumb" } })).stdout).not.toContain(colour);
  expect((await cli(["--help", "--no-color"], { tty: true })).stdout).not.toContain(colour);
  expect((await cli(["jbos"], { tty: true })).stderr).toContain("\u001b[31merror:");
});

test("jobs cron: in words, next starts in its zone and in UTC", async () => {
  const args = ["jobs", "cron", "0 30 2 ? * MON-FRI", "--timezone", "America/New_York", "--count", "2"];
  expect((await cli(args)).stdout).toBe(
    [
      "0 30 2 ? * MON-FRI  weekdays 02:30, America/New_York",
      "  Mon 2026-11-23 02:30  2026-11-23T07:30:00Z",
      "  Tue 2026-11-24 02:30  2026-11-24T07:30:00Z",
      "",
    ].join("\n"),
  );
  expect(JSON.parse((await cli([...args, "--json"])).stdout)).toEqual({
    expression: "0 30 2 ? * MON-FRI",
    timezone: "America/New_York",
    words: "weekdays 02:30",
    after: "2026-11-20T09:00:00.000Z",
    starts: ["2026-11-23T07:30:00.000Z", "2026-11-24T07:30:00.000Z"],
  });
});

test("jobs cron: a bad expression or zone is invalid input, exit 65", async () => {
  const bad = await cli(["jobs", "cron", "0", "30", "2", "?", "*", "MON-FRX"]);
  expect(bad.code).toBe(65);
  expect(bad.stderr).toContain('error: character 16 of "0 30 2 ? * MON-FRX": ');
  const zone = await cli(["jobs", "cron", "0 30 2 ? * MON", "--timezone", "Europe/Lodon"]);
  expect(zone).toMatchObject({
    code: 65,
    stderr: 'error: unknown time zone "Europe/Lodon"\nhint: did you mean Europe/London?\n',
  });
});
