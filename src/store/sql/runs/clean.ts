/** Text as it can be kept by both databases, without secrets: what is decided upon must be what a replay will read. */
import type { Command } from "../../../model/step.ts";
import type { Json, JsonObject } from "../../../util/json.ts";
import { redact } from "../../../util/redact.ts";

const LONE_SURROGATE = /\p{Surrogate}/u;

/** The text with secrets masked, and NUL and halves of characters replaced, which no database keeps. */
export function cleanText(text: string): string {
  const masked = redact(text).replaceAll("\0", "\uFFFD");
  return LONE_SURROGATE.test(masked) ? Buffer.from(masked, "utf8").toString("utf8") : masked;
}

/** The same for every text in a value. */
export function cleanJson(value: Json): Json {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanJson);
  if (typeof value !== "object" || value === null) return value;
  const clean: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) if (inner !== undefined) clean[cleanText(key)] = cleanJson(inner);
  return clean;
}

/** A command as it is decided upon and kept. */
export function cleanCommand(command: Command): Command {
  const clean = Object.entries(command).map(([name, value]) => [name, cleanJson(value as Json)]);
  return Object.fromEntries(clean) as Command;
}
