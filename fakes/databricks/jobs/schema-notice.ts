/** Fields that a job and each of its tasks have alike: who is told, and health. */
import type { Fields } from "./field.ts";

/** Who gets mail, and when. */
export const EMAIL: Fields = {
  no_alert_for_skipped_runs: "boolean",
  on_duration_warning_threshold_exceeded: "strings",
  on_failure: "strings",
  on_start: "strings",
  on_streaming_backlog_exceeded: "strings",
  on_success: "strings",
};

/** Which destinations are called, and when. */
export const WEBHOOK: Fields = {
  on_duration_warning_threshold_exceeded: [{ id: "string" }],
  on_failure: [{ id: "string" }],
  on_start: [{ id: "string" }],
  on_streaming_backlog_exceeded: [{ id: "string" }],
  on_success: [{ id: "string" }],
};

/** Rules of a job's or a task's health. */
export const HEALTH: Fields = {
  rules: [
    {
      metric:
        "RUN_DURATION_SECONDS|STREAMING_BACKLOG_BYTES|STREAMING_BACKLOG_FILES|STREAMING_BACKLOG_RECORDS|STREAMING_BACKLOG_SECONDS",
      op: "GREATER_THAN|",
      value: "int64",
    },
  ],
};
