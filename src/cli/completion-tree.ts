/** What a shell can complete, as data: for every room and command its words and flags. */

import { GLOBAL_FLAGS } from "./globals.ts";
import { flagsOf } from "./help.ts";
import { ROUTES } from "./routes.ts";
import { entriesOf, isVerb, type Target, type Verb } from "./verb.ts";

/** A word that may come next, with what it means. */
export interface CompletionWord {
  word: string;
  brief: string;
}

/** A flag that may come next. `values` is empty where anything goes; `takesValue` is false for switches. */
export interface CompletionFlag extends CompletionWord {
  takesValue: boolean;
  values: readonly string[];
}

/** What may follow one way through the commands. */
export interface CompletionNode {
  /** `""`, `"jobs"`, `"jobs plan"`. */
  way: string;
  words: CompletionWord[];
  flags: CompletionFlag[];
}

/** Words that a command's first argument may be, where they are few. */
function argumentWords(verb: Verb): CompletionWord[] {
  const positional = verb.parameters.positional;
  if (positional?.kind !== "tuple") return [];
  const words = positional.parameters[0]?.proposeCompletions?.call({ process }, "") ?? [];
  return Array.isArray(words) ? words.map((word: string) => ({ word, brief: "" })) : [];
}

function globalFlags(formats: readonly string[]): CompletionFlag[] {
  return GLOBAL_FLAGS.map(({ name, placeholder, brief }) => ({
    word: `--${name}`,
    brief,
    takesValue: placeholder !== undefined,
    values: name === "format" ? formats : [],
  }));
}

function nodes(way: string, target: Target): CompletionNode[] {
  if (isVerb(target)) {
    const own = flagsOf(target).map(({ name, brief, placeholder, values }) => ({
      word: `--${name}`,
      brief,
      takesValue: placeholder !== undefined,
      values,
    }));
    return [{ way, words: argumentWords(target), flags: [...own, ...globalFlags(target.formats)] }];
  }
  const entries = entriesOf(target);
  return [
    {
      way,
      words: entries.map(({ word, target: inner }) => ({ word, brief: inner.brief })),
      flags: globalFlags(["text", "json"]),
    },
    ...entries.flatMap(({ word, target: inner }) => nodes(way === "" ? word : `${way} ${word}`, inner)),
  ];
}

/** Every room and command of this version, headgate itself first. */
export function completionTree(): CompletionNode[] {
  return nodes("", ROUTES);
}
