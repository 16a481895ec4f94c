/** What `headgate jobs watch` takes, and its help. */
import { choice, text } from "../values.ts";
import { verb } from "../verb.ts";
import { onOff, select, writeBack } from "./flags.ts";

export const WATCH = verb({
  brief: "applies what is declared for as long as it runs, and tells what others changed",
  description: [
    "Each pass reads declarations and workspace anew. What is declared is applied; what somebody changed in the",
    "workspace is told and left, with --heal put back as jobs.drift of the config says. Nothing is ever deleted.",
    "A pass that fails is told, and the next one begins anew. Ctrl-C or SIGTERM ends it with 0, after the change",
    "under way. With --json each event is a line.",
  ].join("\n"),
  examples: [
    ["jobs watch", "a look every minute"],
    ["jobs watch --interval 5m --heal", "also puts back what was changed in the workspace"],
    ["jobs watch --max-iterations 1 --json", "one pass, for a scheduler; ends with the code of its apply"],
    ["jobs watch --volume-path /Volumes/main/etl/metadata", "without a project: the YAML files of a volume"],
    ["jobs watch control_table=main.etl.jobs check_interval_seconds=60", "job parameters of lakeflow_jobs_meta"],
  ],
  load: () => import("./watch.ts"),
  parameters: {
    flags: {
      interval: {
        kind: "parsed",
        parse: text,
        optional: true,
        placeholder: "T",
        brief: "pause between two passes (default 60s)",
      },
      maxIterations: {
        kind: "parsed",
        parse: text,
        optional: true,
        placeholder: "N",
        brief: "end after so many passes",
      },
      heal: { ...onOff, brief: "put back what somebody changed in the workspace" },
      writeBack,
      select,
      run: {
        kind: "parsed",
        parse: choice(["all", "created", "none"] as const),
        default: "none",
        placeholder: "WHICH",
        brief: "start jobs after their change: all, created or none",
      },
      firstDeploy: { ...onOff, brief: "there is no state yet, and that is right" },
      yes: { ...onOff, brief: "the target asks for a confirmation, and this is it" },
      controlTable: {
        kind: "parsed",
        parse: text,
        optional: true,
        placeholder: "TABLE",
        brief: "without a project: jobs of this control table",
      },
      volumePath: {
        kind: "parsed",
        parse: text,
        optional: true,
        placeholder: "PATH",
        brief: "without a project: YAML files in this volume or folder",
      },
      warehouse: {
        kind: "parsed",
        parse: text,
        optional: true,
        placeholder: "ID",
        brief: "SQL warehouse of a watch without a project (default DATABRICKS_WAREHOUSE_ID)",
      },
      checkIntervalSeconds: {
        kind: "parsed",
        parse: text,
        optional: true,
        placeholder: "N",
        brief: "--interval in seconds, as lakeflow_jobs_meta has it",
      },
    },
    positional: {
      kind: "array",
      parameter: { brief: "job parameter: control_table=main.etl.jobs", placeholder: "NAME=VALUE", parse: text },
    },
  },
});
