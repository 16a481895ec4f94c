/** The state file: what we last applied, without a single value in it. */
import * as z from "zod";

/** What is remembered of one applied job. */
export const JobState = z.object({
  jobId: z.string(),
  name: z.string(),
  /** Keyed digests of the leaves we sent: sorted `pathHash:valueHash` pairs, packed (see jobs/fingerprint.ts). */
  applied: z.string(),
  /** The same of the leaves the service added by itself, as read right after the change. */
  added: z.string().default(""),
  /** One keyed digest of everything we sent: tells in one comparison whether `applied` is what is declared now. */
  sent: z.string().optional(),
  /** One keyed digest of the job as we left it, without what changes by itself. */
  left: z.string().optional(),
  /** Declared permissions as last set: level by principal (`user_name:anna@example.com`); absent when none were declared. */
  permissions: z.record(z.string(), z.string()).optional(),
  /** Saved queries of its tasks, by task key: id and name, keyed digests of the text and of what belongs to it. */
  queries: z
    .record(
      z.string(),
      z.object({
        id: z.string(),
        name: z.string(),
        text: z.string(),
        rest: z.string(),
        secret: z.boolean().optional(),
      }),
    )
    .optional(),
  /** Path hashes of leaves that held a secret. */
  secret: z.array(z.string()).default([]),
  /** References of its former definitions, oldest first (see workspace/definitions.ts). */
  history: z.array(z.string()).optional(),
  /** False for a job that has no room for the marker tag (25 tags of its own). */
  marked: z.boolean().default(true),
  protect: z.boolean().default(false),
  /** Serial of the state at this job's last change. */
  serial: z.number().int(),
  /** UTC text. */
  at: z.string(),
});
export type JobState = z.infer<typeof JobState>;

/** A creation that was announced before it was sent: whoever finds it looks for its marker before creating again. */
export const PendingCreate = z.object({
  /** UTC text of the service's clock. */
  at: z.string(),
  marker: z.string(),
  /** User name of who announced it: others may not be able to see the job. */
  by: z.string().optional(),
});
export type PendingCreate = z.infer<typeof PendingCreate>;

/** The state file of one deployment (`state.json`). */
export const DeployState = z.object({
  formatVersion: z.literal(1),
  project: z.string(),
  target: z.string(),
  workspaceId: z.string(),
  user: z.string().nullable().default(null),
  /** Random, made with the first state: tells a lost and re-made state from a continued one. */
  lineage: z.string(),
  serial: z.number().int(),
  /** Fencing number of the lock under which it was written. */
  fence: z.number().int(),
  headgate: z.string(),
  /** Random key of the digests, base64. */
  digestKey: z.string(),
  appliedBy: z
    .object({
      actor: z.string(),
      host: z.string(),
      at: z.string(),
      commit: z.string().nullable(),
      branch: z.string().nullable(),
      dirty: z.boolean(),
    })
    .nullable(),
  jobs: z.record(z.string(), JobState),
  pending: z.record(z.string(), PendingCreate).default({}),
  /** References of former definitions of resources that have no job now. */
  former: z.record(z.string(), z.array(z.string())).optional(),
});
export type DeployState = z.infer<typeof DeployState>;

/** One former definition of a job, kept beside the state for `history` and `rollback`; secrets stand as references. */
export const HistoryEntry = z.object({
  resource: z.string(),
  serial: z.number().int(),
  at: z.string(),
  actor: z.string(),
  commit: z.string().nullable(),
  action: z.string(),
  jobId: z.string(),
  settings: z.record(z.string(), z.any()).nullable(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;
