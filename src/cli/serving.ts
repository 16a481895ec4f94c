/** The end of commands that serve until they are told to stop. */
import { HeadgateError } from "../errors.ts";

/** Resolves when the user wants an end. */
export function untilStopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** 130 for an interruption; 0 for SIGTERM: a service manager ends a service with it, and that is no failure. */
export function exitCodeAfterServing(signal: AbortSignal): number {
  const reason: unknown = signal.reason;
  return reason instanceof HeadgateError && reason.data?.signal === "SIGTERM" ? 0 : 130;
}
