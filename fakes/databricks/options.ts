/** What a fake workspace may be started with; each option has a default. */
import type { ClockOptions } from "./clock.ts";

/** A user or service principal of the workspace. */
export interface PrincipalOptions {
  /** User name; for a service principal its application id (a UUID). */
  userName: string;
  kind?: "user" | "service_principal";
  displayName?: string;
  /** Admins see and may do everything. Default false. */
  admin?: boolean;
  /** Names of groups beside `users` (and `admins`). */
  groups?: string[];
  /** Personal access tokens. */
  tokens?: string[];
  /** Secrets of the OAuth client whose id is the user name. */
  secrets?: string[];
}

export interface FakeDatabricksOptions {
  /** Port on 127.0.0.1; 0 = any free one (default). */
  port?: number;
  /** Decides defaults of clusters and which tags are legal. Default `azure`. */
  cloud?: "azure" | "aws" | "gcp";
  /** Sent as `x-databricks-org-id`. Default `7405610922468161`. */
  workspaceId?: string;
  /** Default: one admin `admin@example.com` with the token `fake-admin-token`. */
  principals?: PrincipalOptions[];
  clock?: ClockOptions;
  /** `large` (default): ids beyond 2^53. */
  ids?: "large" | "small";
  seed?: number;
  /** How long (on the workspace's clock, in ms) `jobs/list` lags behind; `jobs/get` never does. Default 0. */
  listLagMs?: number;
  /** How a missing job is answered: 400 (default) or 404. */
  missingJob?: 400 | 404;
  /** Fields of job settings that are not in the reference: kept (default), dropped silently, or refused. */
  unknownFields?: "keep" | "drop" | "reject";
  /** `limits` (default): sizes and counts; `strict`: also types, enumerations, one task type a task, references between tasks. */
  validation?: "limits" | "strict";
  /** Whether `settings.run_as` is returned when nobody set it: `declared` (default: no) or `always`. */
  runAs?: "declared" | "always";
  /** Seconds an OAuth access token lives, in real time. Default 3600. */
  tokenLifetimeSeconds?: number;
  /** Status for an unknown token. Default 401. */
  invalidTokenStatus?: 401 | 403;
  /** Real rate limiting: a bucket for each principal, answered 429 with `Retry-After` when it is empty. Default: none. */
  rateLimit?: { perSecond: number; burst?: number };
  /** Requests kept in the log; the oldest are forgotten. Default 10,000. */
  logSize?: number;
  /** Effective policy ids, returned outside the settings. */
  policies?: { budget?: string; usage?: string };
  /** Ways of a task for which nothing else is programmed. */
  defaultBehaviour?: TaskBehaviour;
  /** Milliseconds (workspace's clock) until a fresh cluster is up, until serverless compute is, and that a cancellation takes. */
  startup?: { clusterMs?: number; serverlessMs?: number; cancelMs?: number };
  /** Finished runs kept; the oldest are forgotten. Default 200,000. */
  maxRuns?: number;
}

/** How a task behaves when it runs. Times in milliseconds of the workspace's clock. */
export interface TaskBehaviour {
  /** Default 60,000. */
  durationMs?: number;
  /** Time until compute is there; default by kind of compute. */
  setupMs?: number;
  /** `hang` never ends by itself; `cancel` ends as if somebody had cancelled it. Default `success`. */
  outcome?: "success" | "fail" | "hang" | "cancel" | "timeout" | "internal_error";
  /** State message of a task that did not succeed. */
  message?: string;
  /** Termination code instead of the usual one (`CLUSTER_ERROR`, …). */
  code?: string;
  /** For `runs/get-output`. */
  error?: string;
  errorTrace?: string;
  logs?: string;
  notebookResult?: string;
  /** Outcome of a condition task, instead of computing it. */
  conditionOutcome?: "true" | "false";
  /** Task values, readable as `{{tasks.KEY.values.NAME}}`. */
  values?: Record<string, string>;
}

/** Options with their defaults filled in. */
export type Settled = Required<Omit<FakeDatabricksOptions, "rateLimit" | "policies" | "clock" | "startup">> & {
  rateLimit: { perSecond: number; burst: number } | undefined;
  policies: { budget?: string; usage?: string };
  startup: { clusterMs: number; serverlessMs: number; cancelMs: number };
};

export const ADMIN: PrincipalOptions = {
  userName: "admin@example.com",
  displayName: "Admin",
  admin: true,
  tokens: ["fake-admin-token"],
};

/** Fills in the defaults. */
export function settle(options: FakeDatabricksOptions): Settled {
  const limit = options.rateLimit;
  return {
    port: options.port ?? 0,
    cloud: options.cloud ?? "azure",
    workspaceId: options.workspaceId ?? "7405610922468161",
    principals: options.principals ?? [ADMIN],
    ids: options.ids ?? "large",
    seed: options.seed ?? 1,
    listLagMs: options.listLagMs ?? 0,
    missingJob: options.missingJob ?? 400,
    unknownFields: options.unknownFields ?? "keep",
    validation: options.validation ?? "limits",
    runAs: options.runAs ?? "declared",
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 3600,
    invalidTokenStatus: options.invalidTokenStatus ?? 401,
    rateLimit: limit && { perSecond: limit.perSecond, burst: limit.burst ?? Math.max(1, limit.perSecond) },
    logSize: options.logSize ?? 10_000,
    policies: options.policies ?? {},
    defaultBehaviour: options.defaultBehaviour ?? {},
    startup: { clusterMs: 120_000, serverlessMs: 5_000, cancelMs: 1_000, ...options.startup },
    maxRuns: options.maxRuns ?? 200_000,
  };
}
