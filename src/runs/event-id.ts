/** Ids of commands: a repeat of one is answered with the first answer. */
import { createHash } from "node:crypto";

function digest(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** What an idempotency key is scoped to: as the caller gave it, so that a date that is filled in does not matter. */
export interface KeyScope {
  projectCode: string;
  processLoad: string;
  executionId?: string | null | undefined;
  workflowId?: number | null | undefined;
  taskId?: number | null | undefined;
}

/** The event id of a caller's idempotency key: the same key for another verb or task is another event. */
export function keyedEventId(type: string, of: KeyScope, key: string): string {
  const { projectCode, processLoad, executionId = null, workflowId = null, taskId = null } = of;
  return `key-${digest([type, projectCode, processLoad, executionId, workflowId, taskId, key])}`;
}

/** The event id with which a lease is told to be over: two servers that see it tell one event. */
export function lostEventId(lease: {
  projectCode: string;
  processLoad: string;
  processingDate: string;
  executionId: string;
  workflowId: number;
  taskId: number;
  attempt: number;
  number: number;
}): string {
  const { projectCode, processLoad, processingDate, executionId, workflowId, taskId, attempt, number } = lease;
  return `lost-${digest([projectCode, processLoad, processingDate, executionId, workflowId, taskId, attempt, number])}`;
}
