/** The help pages: of a command, of a room, and of headgate as a whole. */
import type { RouteMap } from "@stricli/core";
import { VERSION } from "../util/version.ts";
import { GLOBAL_FLAGS } from "./globals.ts";
import { paint, type Style } from "./print/style.ts";
import { type Choosing, entriesOf, isVerb, type Verb } from "./verb.ts";

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** One flag of a command as help and completion show it. */
export interface FlagPage {
  name: string;
  placeholder: string | undefined;
  brief: string;
  optional: boolean;
  repeatable: boolean;
  values: readonly string[];
  default: string | undefined;
}

/** One argument of a command. */
export interface ArgumentPage {
  placeholder: string;
  brief: string;
  optional: boolean;
  repeatable: boolean;
}

/** The flags of a command, in defined order. */
export function flagsOf(verb: Verb): FlagPage[] {
  return Object.entries(verb.parameters.flags ?? {}).map(([name, flag]) => {
    const preset = "default" in flag && flag.default !== undefined && flag.default !== false;
    return {
      name: kebab(name),
      placeholder: flag.kind === "boolean" || flag.kind === "counter" ? undefined : (flag.placeholder ?? "VALUE"),
      brief: flag.brief,
      optional: flag.optional === true || flag.kind === "boolean" || preset,
      repeatable: "variadic" in flag && flag.variadic !== undefined && flag.variadic !== false,
      values: flag.kind === "enum" ? flag.values : [],
      default: preset ? String(flag.default) : undefined,
    };
  });
}

/** The arguments of a command, in order. */
export function argumentsOf(verb: Verb): ArgumentPage[] {
  const positional = verb.parameters.positional;
  if (positional === undefined) return [];
  if (positional.kind === "array") {
    const { placeholder = "ARG", brief } = positional.parameter;
    return [{ placeholder, brief, optional: (positional.minimum ?? 0) === 0, repeatable: true }];
  }
  return positional.parameters.map(({ placeholder = "ARG", brief, optional }) => ({
    placeholder,
    brief,
    optional: optional === true,
    repeatable: false,
  }));
}

/** Every command below a room with its way there (`["jobs", "plan"]`), in defined order. */
export function allVerbs(map: RouteMap<Choosing>, way: readonly string[] = []): { way: string[]; verb: Verb }[] {
  return entriesOf(map).flatMap(({ word, target }) => {
    const here = [...way, word];
    return isVerb(target) ? [{ way: here, verb: target }] : allVerbs(target, here);
  });
}

function rows(style: Style, cells: readonly (readonly [left: string, right: string])[]): string[] {
  const width = Math.min(34, Math.max(0, ...cells.map(([left]) => left.length)));
  return cells.map(([left, right]) => {
    const gap = left.length > width ? `\n${" ".repeat(width + 4)}` : " ".repeat(width - left.length + 2);
    return `  ${paint(style, "strong", left)}${gap}${right}`;
  });
}

function globalRows(formats: readonly string[]): [string, string][] {
  return GLOBAL_FLAGS.map((flag) => {
    const value = flag.placeholder === undefined ? "" : ` ${flag.placeholder}`;
    const alias = flag.alias === undefined ? "    " : `-${flag.alias}, `;
    const brief = flag.name === "format" ? `how the answer is written: ${formats.join(", ")}` : flag.brief;
    return [`${alias}--${flag.name}${value}`, brief];
  });
}

/** The usage line of a command without `headgate`: `jobs run ID [--wait]`. */
export function usageLine(way: readonly string[], verb: Verb): string {
  const args = argumentsOf(verb).map(({ placeholder, optional, repeatable }) => {
    const name = repeatable ? `${placeholder}…` : placeholder;
    return optional ? `[${name}]` : name;
  });
  const flags = flagsOf(verb).map(({ name, placeholder, optional, repeatable }) => {
    const flag = `--${name}${placeholder === undefined ? "" : ` ${placeholder}`}`;
    return `${optional ? `[${flag}]` : flag}${repeatable ? "…" : ""}`;
  });
  return [...way, ...args, ...flags].join(" ");
}

/** The help page of one command. */
export function verbHelp(style: Style, way: readonly string[], verb: Verb): string {
  const head = (title: string) => paint(style, "strong", title);
  const lines = [`headgate ${way.join(" ")}: ${verb.brief}`, "", head("Usage")];
  lines.push(`  headgate ${usageLine(way, verb)} [global flags]`);
  if (verb.description !== undefined) lines.push("", verb.description);
  const args = argumentsOf(verb);
  if (args.length > 0) {
    lines.push("", head("Arguments"));
    lines.push(
      ...rows(
        style,
        args.map(({ placeholder, brief }) => [placeholder, brief] as const),
      ),
    );
  }
  const flags = flagsOf(verb);
  if (flags.length > 0) {
    lines.push("", head("Flags"));
    lines.push(
      ...rows(
        style,
        flags.map(({ name, placeholder, brief, repeatable, values, default: preset }) => {
          const notes = [
            values.length > 0 ? values.join(" | ") : "",
            preset === undefined ? "" : `default ${preset}`,
            repeatable ? "may be repeated" : "",
          ].filter((note) => note !== "");
          const left = `--${name}${placeholder === undefined ? "" : ` ${placeholder}`}`;
          return [left, notes.length > 0 ? `${brief} (${notes.join("; ")})` : brief] as const;
        }),
      ),
    );
  }
  lines.push("", head("Global flags"), ...rows(style, globalRows(verb.formats)), "", head("Examples"));
  for (const [command, effect] of verb.examples) {
    lines.push(`  ${paint(style, "change", `headgate ${command}`)}`, `      ${effect}`);
  }
  return `${lines.join("\n")}\n`;
}

/** The help page of a room, or of headgate as a whole where `way` is empty. */
export function roomHelp(style: Style, way: readonly string[], map: RouteMap<Choosing>): string {
  const head = (title: string) => paint(style, "strong", title);
  const name = ["headgate", ...way].join(" ");
  const lines = [way.length === 0 ? `headgate ${VERSION}: ${map.brief}` : `${name}: ${map.brief}`, "", head("Usage")];
  lines.push(`  ${name} COMMAND [arguments] [flags]`, "", head("Commands"));
  const verbs = allVerbs(map, way);
  lines.push(
    ...rows(
      style,
      verbs.map(({ way: to, verb }) => [to.join(" "), verb.brief] as const),
    ),
  );
  if (way.length === 0) lines.push("", head("Global flags"), ...rows(style, globalRows(["text", "json"])));
  lines.push("", head("Examples"));
  const shown = way.length === 0 ? FIRST_STEPS : verbs.flatMap(({ verb }) => verb.examples.slice(0, 1)).slice(0, 6);
  for (const [command, effect] of shown) {
    lines.push(`  ${paint(style, "change", `headgate ${command}`)}`, `      ${effect}`);
  }
  lines.push("", `Every command has its own page: ${[name, "COMMAND"].join(" ")} --help`);
  return `${lines.join("\n")}\n`;
}

const FIRST_STEPS: readonly (readonly [string, string])[] = [
  ["demo", "a whole lakehouse on this machine, to look around"],
  ["look --profile DEFAULT", "what runs in a workspace, read-only, without a project"],
  ["init sales", "a small working project in the folder sales"],
  ["jobs plan -t prod", "what applying would change, per field, and whom it hurts"],
  ["jobs apply -t prod", "carries it out after a question"],
];
