/** One run of the command line: arguments in, answer on stdout, talk on stderr, exit code out. */
import { buildApplication, run, text_en } from "@stricli/core";
import { HeadgateError } from "../errors.ts";
import { createLog, logLevel } from "../util/log.ts";
import { redact } from "../util/redact.ts";
import { VERSION } from "../util/version.ts";
import type { CliContext, CliProcess, Format, Output } from "./context.ts";
import { takeGlobals } from "./globals.ts";
import { roomHelp, verbHelp } from "./help.ts";
import { ROUTES } from "./routes.ts";
import { unknownCommand, unknownFlag, usageError } from "./usage-error.ts";
import { unknownValue } from "./values.ts";
import { type Choosing, type Chosen, entriesOf, isVerb, type Target, type Verb } from "./verb.ts";

function masked(output: Output): Output {
  return {
    write: (text) => output.write(redact(text)),
    ...(output.pass === undefined ? {} : { pass: (bytes: Uint8Array) => output.pass?.(bytes) }),
    drained: async () => (await output.drained?.()) ?? true,
    get isTTY() {
      return output.isTTY;
    },
    get columns() {
      return output.columns;
    },
  };
}

function colorOn(output: Output, env: CliProcess["env"], noColor: boolean): boolean {
  return output.isTTY && !noColor && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
}

/** The command or room that the arguments lead to. @throws usage for a command that does not exist */
function find(rest: readonly string[]): { target: Target; way: string[] } {
  let target: Target = ROUTES;
  const way: string[] = [];
  for (const word of rest) {
    if (isVerb(target) || word === "--") break;
    if (word.startsWith("-")) throw unknownFlag(word.split("=")[0] ?? word, ["headgate", ...way], []);
    const next: { target: Target } | undefined = entriesOf(target).find((entry) => entry.word === word);
    if (next === undefined) throw unknownCommand(word, ["headgate", ...way], target);
    target = next.target;
    way.push(word);
  }
  return { target, way };
}

/** Lets the parser read a command's flags and arguments. @throws usage */
async function understand(rest: string[], way: string[], verb: Verb): Promise<Chosen> {
  let chosen: Chosen | undefined;
  const faults: HeadgateError[] = [];
  const app = buildApplication<Choosing>(
    ROUTES,
    {
      name: "headgate",
      scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
      localization: {
        text: {
          ...text_en,
          exceptionWhileParsingArguments: (thrown) => {
            faults.push(usageError(thrown, ["headgate", ...way], verb));
            return "";
          },
        },
      },
    },
    {},
  );
  const silent = { write: () => undefined };
  await run(app, rest, {
    process: { stdout: silent, stderr: silent },
    choose: (understood) => {
      chosen = understood;
    },
  });
  const [first, ...others] = faults;
  if (first !== undefined) {
    if (others.length === 0) throw first;
    const message = faults.map((fault) => fault.message).join("; ");
    throw new HeadgateError("usage", message, { hint: first.hint });
  }
  if (chosen === undefined) throw new Error(`the parser chose nothing for ${way.join(" ")}`);
  return chosen;
}

/**
 * Runs one command line. Never exits and never throws.
 * @param args the arguments after the program's name
 * @returns the exit code of surface "Exit codes"
 */
export async function runCli(args: readonly string[], outer: CliProcess): Promise<number> {
  const { globals, rest, fault } = takeGlobals(args);
  const stdout = masked(outer.stdout);
  const stderr = masked(outer.stderr);
  const color = colorOn(stdout, outer.env, globals.noColor);
  const style = { color, width: stdout.isTTY ? stdout.columns : undefined, timezone: "UTC" };
  const log = createLog({ level: logLevel(globals), write: (line) => stderr.write(line) });
  try {
    if (fault) throw fault;
    if (globals.version) {
      stdout.write(globals.format === "json" ? `${JSON.stringify({ headgate: VERSION })}\n` : `${VERSION}\n`);
      return 0;
    }
    const asked = rest[0] === "help" ? rest.slice(1) : rest;
    const { target, way } = find(asked);
    if (!isVerb(target)) {
      stdout.write(roomHelp(style, way, target));
      return 0;
    }
    if (globals.help || rest[0] === "help") {
      stdout.write(verbHelp(style, way, target));
      return 0;
    }
    const format = target.formats.find((known) => known === (globals.format ?? "text"));
    if (format === undefined) throw unknownFormat(globals.format ?? "text", target.formats);
    const chosen = await understand(rest, way, target);
    const context: CliContext = { ...outer, stdout, stderr, globals, format, log, style };
    return await chosen(context);
  } catch (thrown) {
    const { failureJson, failureOf, failureText } = await import("./fail.ts");
    const failure = failureOf(thrown, outer.signal.aborted);
    if (globals.format === "json") {
      stdout.write(failureJson(failure));
      if (globals.verbose) stderr.write(`${failure.trace}\n`);
    } else {
      const onTerminal = colorOn(stderr, outer.env, globals.noColor);
      stderr.write(failureText(failure, { color: onTerminal, trace: globals.verbose }));
    }
    return failure.exitCode;
  }
}

function unknownFormat(format: string, formats: readonly Format[]): HeadgateError {
  const { message, hint } = unknownValue(format, formats);
  return new HeadgateError("usage", `--format: ${message}`, { hint });
}
