/** Choices in config files, with messages that name what can be written. */
import * as z from "zod";
import { isObject } from "../util/json.ts";
import { nearest } from "../util/nearest.ts";

type Option = z.core.$ZodTypeDiscriminable;

function literalsOf(option: Option, key: string): string[] {
  const shape = (option as unknown as z.ZodObject).shape;
  const field = shape[key];
  return field instanceof z.ZodLiteral ? [...field.values].map(String) : [];
}

/**
 * One of several maps, told apart by a member. The message for a wrong one names all, and the nearest:
 * `expected pat | oauth-m2m, found 'pta': did you mean pat?`.
 */
export function kinds<const Options extends readonly [Option, ...Option[]]>(key: string, options: Options) {
  const names = options.flatMap((option) => literalsOf(option, key));
  return z.discriminatedUnion(key, options, {
    error: (issue) => {
      if (issue.code !== "invalid_union") return undefined;
      const given = isObject(issue.input) ? issue.input[key] : undefined;
      if (given === undefined) return `${key} is missing: expected ${names.join(" | ")}`;
      const near = typeof given === "string" ? nearest(given, names) : undefined;
      return `expected ${names.join(" | ")}, found '${String(given)}'${near ? `: did you mean ${near}?` : ""}`;
    },
  });
}
