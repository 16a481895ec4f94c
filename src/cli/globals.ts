/** The global flags, taken out of the arguments wherever they stand before `--`. */
import { HeadgateError } from "../errors.ts";

/** One global flag, for parsing, help and completion. */
export interface GlobalFlag {
  name: string;
  alias?: string;
  /** Name of its value; a flag without one is a switch. */
  placeholder?: string;
  brief: string;
}

/** Every global flag, in the order of the help page. */
export const GLOBAL_FLAGS: readonly GlobalFlag[] = [
  {
    name: "dir",
    alias: "C",
    placeholder: "DIR",
    brief: "project folder (default: the nearest upward with a headgate.yaml)",
  },
  {
    name: "target",
    alias: "t",
    placeholder: "NAME",
    brief: "target to work on (default: HEADGATE_TARGET, else the default target)",
  },
  { name: "var", placeholder: "NAME=VALUE", brief: "value of a variable; may be repeated" },
  { name: "format", placeholder: "FORMAT", brief: "how the answer is written: text or json, where offered markdown" },
  { name: "json", brief: "same as --format json" },
  { name: "quiet", brief: "only warnings and errors on stderr" },
  { name: "verbose", brief: "more on stderr, stack traces with errors" },
  { name: "no-color", brief: "no colours (also NO_COLOR)" },
  { name: "help", alias: "h", brief: "the help page of a command" },
  { name: "version", brief: "the version of headgate" },
];

/** What the global flags said. */
export interface Globals {
  dir: string | undefined;
  target: string | undefined;
  vars: Record<string, string>;
  format: string | undefined;
  quiet: boolean;
  verbose: boolean;
  noColor: boolean;
  help: boolean;
  version: boolean;
}

/** Arguments split into global flags and the rest; `fault` is the first wrong use, so that what was understood still counts. */
export interface TakenGlobals {
  globals: Globals;
  rest: string[];
  fault: HeadgateError | undefined;
}

/** Splits `--name=value`, `-x=value`, `-xvalue` and bare flags; undefined for what is no global flag. */
function match(argument: string): { flag: GlobalFlag; value: string | undefined } | undefined {
  const long = /^--([a-z-]+)(?:=(.*))?$/s.exec(argument);
  if (long) {
    const flag = GLOBAL_FLAGS.find(({ name }) => name === long[1]);
    return flag && { flag, value: long[2] };
  }
  const short = /^-([A-Za-z])=?(.*)$/s.exec(argument);
  const flag = short && GLOBAL_FLAGS.find(({ alias }) => alias === short[1]);
  if (!flag || (flag.placeholder === undefined && short[2] !== "")) return undefined;
  return { flag, value: short[2] === "" ? undefined : short[2] };
}

/** Takes the global flags out of the arguments; everything from `--` on is left alone. */
export function takeGlobals(args: readonly string[]): TakenGlobals {
  const globals: Globals = {
    dir: undefined,
    target: undefined,
    vars: Object.create(null) as Record<string, string>,
    format: undefined,
    quiet: false,
    verbose: false,
    noColor: false,
    help: false,
    version: false,
  };
  const rest: string[] = [];
  let fault: HeadgateError | undefined;
  const wrong = (message: string, hint?: string) => {
    fault ??= new HeadgateError("usage", message, { hint });
  };
  const once = (name: "dir" | "target" | "format", value: string) => {
    if (globals[name] !== undefined && globals[name] !== value) wrong(`--${name} is given twice`, "give it once");
    globals[name] = value;
  };

  for (let i = 0; i < args.length; i++) {
    const argument = args[i] as string;
    if (argument === "--") {
      rest.push(...args.slice(i));
      break;
    }
    const found = match(argument);
    if (!found) {
      rest.push(argument);
      continue;
    }
    const { flag } = found;
    if (flag.placeholder === undefined) {
      if (found.value !== undefined) wrong(`--${flag.name} takes no value`, `write --${flag.name} alone`);
      if (flag.name === "json") once("format", "json");
      else if (flag.name === "no-color") globals.noColor = true;
      else globals[flag.name as "quiet" | "verbose" | "help" | "version"] = true;
      continue;
    }
    const next = args[i + 1];
    const value = found.value ?? (next === undefined || next.startsWith("-") ? undefined : args[++i]);
    if (value === undefined || value === "") {
      wrong(`--${flag.name} needs a value`, `write --${flag.name} ${flag.placeholder}`);
    } else if (flag.name === "var") {
      const parts = /^([A-Za-z_][\w.-]*)=(.*)$/s.exec(value);
      if (parts) globals.vars[parts[1] as string] = parts[2] as string;
      else wrong("--var needs a name and a value", "write --var name=value");
    } else {
      once(flag.name as "dir" | "target" | "format", value);
    }
  }
  return { globals, rest, fault };
}
