/** Turns what the argument parser refuses into a usage error that names the nearest known thing. */
import {
  AliasNotFoundError,
  ArgumentParseError,
  EnumValidationError,
  FlagNotFoundError,
  type RouteMap,
  UnexpectedFlagError,
  UnexpectedPositionalError,
  UnsatisfiedFlagError,
  UnsatisfiedPositionalError,
} from "@stricli/core";
import { HeadgateError } from "../errors.ts";
import { nearest } from "../util/nearest.ts";
import { GLOBAL_FLAGS } from "./globals.ts";
import { unknownValue } from "./values.ts";
import { type Choosing, entriesOf, type Verb } from "./verb.ts";

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The error for a command that does not exist in a room. `prefix` is the way to the room, `headgate` first. */
export function unknownCommand(input: string, prefix: readonly string[], map: RouteMap<Choosing>): HeadgateError {
  const names = entriesOf(map).map(({ word }) => word);
  const near = nearest(input, names);
  const way = prefix.join(" ");
  return new HeadgateError("usage", `unknown command "${[...prefix.slice(1), input].join(" ")}"`, {
    hint: near === undefined ? `see ${way} --help` : `did you mean "${way} ${near}"?`,
    data: { input, known: names },
  });
}

/** The error for a flag that neither the command nor headgate has. */
export function unknownFlag(input: string, prefix: readonly string[], flags: readonly string[]): HeadgateError {
  const bare = input.replace(/^--?/, "");
  const near = nearest(bare, [...flags.map(kebab), ...GLOBAL_FLAGS.map(({ name }) => name)]);
  return new HeadgateError("usage", `unknown flag ${bare.length === 1 ? "-" : "--"}${bare}`, {
    hint: near === undefined ? `see ${prefix.join(" ")} --help` : `did you mean --${near}?`,
    data: { input: bare },
  });
}

/** The usage error for anything the parser threw while it read the arguments of a command. */
export function usageError(thrown: unknown, prefix: readonly string[], verb: Verb): HeadgateError {
  const help = `see ${prefix.join(" ")} --help`;
  if (thrown instanceof FlagNotFoundError) {
    return unknownFlag(thrown.input, prefix, Object.keys(verb.parameters.flags ?? {}));
  }
  if (thrown instanceof AliasNotFoundError) {
    return new HeadgateError("usage", `unknown flag -${thrown.input}`, { hint: help });
  }
  if (thrown instanceof EnumValidationError) {
    const { message, hint } = unknownValue(thrown.input, thrown.values);
    return new HeadgateError("usage", `--${thrown.externalFlagName}: ${message}`, { hint: hint ?? help });
  }
  if (thrown instanceof ArgumentParseError) {
    const { exception, externalFlagNameOrPlaceholder: name } = thrown;
    const inner = exception instanceof Error ? exception.message : String(exception);
    const place = name in (verb.parameters.flags ?? {}) || name.includes("-") ? `--${kebab(name)}` : name;
    const hint = exception instanceof HeadgateError ? exception.hint : undefined;
    return new HeadgateError("usage", `${place}: ${inner}`, { hint: hint ?? help });
  }
  if (thrown instanceof UnsatisfiedFlagError) {
    return new HeadgateError("usage", `--${thrown.externalFlagName} needs a value`, { hint: help });
  }
  if (thrown instanceof UnsatisfiedPositionalError) {
    return new HeadgateError("usage", `${thrown.placeholder} is missing`, { hint: help });
  }
  if (thrown instanceof UnexpectedPositionalError) {
    return new HeadgateError("usage", `unexpected argument "${thrown.input}"`, { hint: help });
  }
  if (thrown instanceof UnexpectedFlagError) {
    return new HeadgateError("usage", `--${thrown.externalFlagName} is given twice`, { hint: "give it once" });
  }
  return new HeadgateError("usage", thrown instanceof Error ? thrown.message : String(thrown), { hint: help });
}
