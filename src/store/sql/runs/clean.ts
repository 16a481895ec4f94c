/** Text as it can be kept by both databases, without secrets: what is decided upon must be what a replay will read. */
import type { Command } from "../../../model/step.ts";
import { formatWireJson } from "../../../util/int64-json.ts";
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

function holdsBigint(value: Json | undefined): boolean {
  if (typeof value === "bigint") return true;
  if (typeof value !== "object" || value === null) return false;
  for (const inner of Object.values(value)) if (holdsBigint(inner)) return true;
  return false;
}

/** JSON text without loss; the lossless writer is several times slower and rarely needed. */
export function jsonText(value: Json): string {
  return holdsBigint(value) ? formatWireJson(value) : JSON.stringify(value);
}

/** A command as it is decided upon and kept. */
export function cleanCommand(command: Command): Command {
  const text = (value: string | null) => (value === null ? null : cleanText(value));
  return {
    eventId: cleanText(command.eventId),
    project: cleanText(command.project),
    projectCode: cleanText(command.projectCode),
    processLoad: cleanText(command.processLoad),
    processingDate: text(command.processingDate),
    executionId: text(command.executionId),
    workflowId: command.workflowId,
    taskId: command.taskId,
    attempt: command.attempt,
    type: cleanText(command.type),
    occurredAt: cleanText(command.occurredAt),
    actor: cleanText(command.actor),
    sourceRunId: text(command.sourceRunId),
    sourceUrl: text(command.sourceUrl),
    spooled: command.spooled,
    payload: cleanJson(command.payload) as JsonObject,
  };
}
