/** The shape of headgate.yaml, composed of the connectors' own. */
import * as z from "zod";
import { SmtpChannelConfig } from "../channels/smtp/config.ts";
import { WebhookChannelConfig } from "../channels/webhook/config.ts";
import { WorkspaceAuth } from "../model/auth.ts";
import { duration } from "../model/duration-text.ts";
import { kinds } from "../model/kinds.ts";
import { DatabricksSinkConfig } from "../sinks/databricks/config.ts";
import { DatazoneSinkConfig } from "../sinks/datazone/config.ts";
import { FileSinkConfig } from "../sinks/file/config.ts";
import { OpenLineageSinkConfig } from "../sinks/openlineage/config.ts";
import { InventoryConfig, JobSourceConfig, LineageSourceConfig, RunSourceConfig } from "../sources/registry.ts";

const text = z.string().min(1);

/** Where headgate keeps what it knows. */
const StoreConfig = kinds("kind", [
  z.strictObject({ kind: z.literal("sqlite"), path: text.default(".headgate/state.db") }),
  z.strictObject({ kind: z.literal("postgres"), url: text }),
]);

/** A Databricks workspace. */
const WorkspaceConfig = z.strictObject({
  host: text.describe("https://…"),
  auth: WorkspaceAuth,
  warehouse: text.optional().describe("SQL warehouse for control tables, lineage and publishing"),
  rootPath: text.optional().describe("`${workspace.root_path}` of bundle files"),
});

const fieldPolicy = z.enum(["ours", "theirs", "fail"], { error: "expected ours | theirs | fail" });

const DriftConfig = z
  .strictObject({
    policy: fieldPolicy
      .optional()
      .describe(
        "of every field that is not named: ours puts it back, theirs leaves it, fail leaves the job to a person",
      ),
    fields: z
      .record(text, fieldPolicy)
      .optional()
      .describe("by path of a field or of what is around it: schedule.pause_status, tasks[*].max_retries"),
  })
  .describe("what is done about fields that somebody changed in the workspace");

const WatchConfig = z
  .strictObject({
    every: duration.default("60s").describe("pause between two passes"),
    heal: z.boolean().default(false).describe("put back what somebody changed in the workspace, as jobs.drift says"),
    run: z
      .enum(["all", "created", "none"], { error: "expected all | created | none" })
      .default("none")
      .describe("which jobs are started after their change"),
  })
  .describe(
    "headgate serve applies what is declared for as long as it leads; without it only headgate jobs watch does",
  );

const JobsConfig = z.strictObject({
  defaults: z.record(z.string(), z.unknown()).optional().describe("settings of every job that does not say otherwise"),
  state: kinds("kind", [
    z.strictObject({ kind: z.literal("workspace"), path: text.optional().describe("folder of the state file") }),
    z.strictObject({ kind: z.literal("store") }),
  ]).default({ kind: "workspace" }),
  markerTag: text.max(127).default("headgate").describe("name of the job tag that marks our jobs"),
  drift: DriftConfig.optional(),
  watch: WatchConfig.optional(),
  sources: z.array(JobSourceConfig).default([]),
});

const RunsConfig = z.strictObject({
  timezone: text.default("UTC"),
  catalogue: z
    .union([text, z.strictObject({ kind: z.literal("table") })], {
      error: "expected a pattern of files, or { kind: table }",
    })
    .optional(),
  sources: z.array(RunSourceConfig).default([]),
  lease: duration.optional(),
  retention: duration.optional(),
  publish: z.strictObject({ catalog: text, schema: text, every: duration.optional() }).optional(),
  notify: z.array(kinds("kind", [WebhookChannelConfig, SmtpChannelConfig])).default([]),
});

const LineageConfig = z.strictObject({
  sources: z.array(LineageSourceConfig).default([]),
  inventory: z.array(InventoryConfig).default([]),
  runs: z
    .union([text, z.array(text)], { error: "expected a pattern of files, or a list of them" })
    .optional()
    .describe("dumps of runs and clusters, where they do not come from the workspace"),
  sinks: z
    .array(kinds("kind", [DatazoneSinkConfig, OpenLineageSinkConfig, FileSinkConfig, DatabricksSinkConfig]))
    .default([]),
});

const ServerConfig = z.strictObject({
  listen: text.default("127.0.0.1:4600"),
  allowedHosts: z.array(text).default(["localhost"]),
  auth: kinds("kind", [
    z.strictObject({ kind: z.literal("token") }),
    z.strictObject({
      kind: z.literal("proxy-header"),
      header: text.optional(),
      trusted: z.array(text).optional().describe("addresses of the proxy"),
    }),
    z.strictObject({
      kind: z.literal("oidc"),
      issuer: text.describe("whose tokens are taken, as they have it: https://login.microsoftonline.com/TENANT/v2.0"),
      audience: text.describe("for whom they are: the id or URI of the app registration"),
      scopes: z
        .array(z.enum(["read", "write", "apply", "admin"]))
        .optional()
        .describe(
          "what a caller may do whose token has no role `read`, `write`, `apply` or `admin`; nothing if absent",
        ),
    }),
  ]).optional(),
  apply: z.boolean().default(false).describe("whether jobs may be applied over HTTP"),
});

/** What everything but targets and variables looks like; a target may lie over any of it. */
const sections = {
  store: StoreConfig.default({ kind: "sqlite", path: ".headgate/state.db" }),
  workspaces: z.record(text, WorkspaceConfig).default({}),
  jobs: JobsConfig.prefault({}),
  runs: RunsConfig.prefault({}),
  lineage: LineageConfig.prefault({}),
  server: ServerConfig.prefault({}),
};

const variables = z.record(z.string(), z.unknown());

/** What a target says beside what it lies over. */
export const TARGET_KEYS = {
  default: z.boolean().optional().describe("taken when no target is named"),
  workspace: text.optional().describe("one of the workspaces"),
  mode: z
    .enum(["development", "production"], { error: "expected development | production" })
    .optional()
    .describe("development: everybody's own copy, names prefixed, nothing starts by itself"),
  variables: variables.optional(),
  confirm: z.boolean().optional().describe("ask before anything is sent"),
  allowedBranches: z.array(text).optional().describe("branches that may be applied"),
};

/** The config of one target: variables filled in, the target's own keys laid over the rest. */
export const EffectiveConfig = z.strictObject({
  version: z.literal(1, { error: "expected 1: this headgate reads version 1 of the config" }).default(1),
  project: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, { error: "use letters, digits, . - and _" })
    .describe("name of the project; part of the identity of its jobs"),
  variables: variables.optional(),
  ...sections,
});
export type EffectiveConfig = z.infer<typeof EffectiveConfig>;

/** One target, what it lies over left out. */
export const TargetSection = z.strictObject(TARGET_KEYS);
export type TargetSection = z.infer<typeof TargetSection>;

/** Keys that a target may lie over. */
export const OVERLAY_KEYS = Object.keys(sections);

/** The file as it is written: for the JSON Schema. */
export const ConfigFile = EffectiveConfig.extend({
  targets: z.record(text, z.looseObject(TARGET_KEYS).describe(`may also give ${OVERLAY_KEYS.join(", ")}`)).optional(),
}).describe("headgate.yaml");
