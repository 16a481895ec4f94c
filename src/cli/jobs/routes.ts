/** The commands of the jobs room: what each takes, its help, and the file that carries it out. */
import { choice, text, time, wholeNumber } from "../values.ts";
import { room, verb } from "../verb.ts";
import { CONTROL_TABLE } from "./control-table-routes.ts";
import { onOff, select, writeBack } from "./flags.ts";
import { WATCH } from "./watch-verb.ts";

const resource = {
  brief: "resource id, the key of the job in its declaration",
  placeholder: "ID",
  parse: text,
} as const;
const params = {
  kind: "parsed",
  parse: text,
  optional: true,
  placeholder: "FILE",
  brief: "parameter file of db-dsc-jobs, instead of a headgate.yaml",
} as const;
/** `--select a b` reads as well as `--select a --select b`: words after the flags are resources too. */
const selected = {
  kind: "array",
  parameter: { brief: "same as --select", placeholder: "ID", parse: text },
} as const;
const exitCode = {
  kind: "boolean",
  default: false,
  withNegated: false,
  brief: "end with 2 when there are differences",
} as const;

/** `headgate jobs …`. */
export const JOBS = room("declares jobs, shows what differs in the workspace, and changes it", {
  validate: verb({
    brief: "checks all declarations, without a workspace or against it",
    description: "Every fault is shown at once as file:line:column path: what, with the nearest known name.",
    examples: [
      ["jobs validate", "all declarations of the project, as the default target has them"],
      ["jobs validate -t prod --json", "the faults of the prod target, for a program"],
      ["jobs validate --workspace", "also whether warehouses, clusters, notebooks and the like are there"],
    ],
    load: () => import("./validate.ts"),
    parameters: {
      flags: { workspace: { ...onOff, brief: "also look up in the workspace what the jobs refer to" } },
    },
  }),
  plan: verb({
    brief: "shows what applying would change, per field, and whom it hurts",
    description: [
      "~ a field we changed   ! a field that moved in the workspace (drift), or on both sides (conflict)",
      "+ a job or field that comes   - one that goes   ± a job made anew   ↻ a job found again by its marker",
      "Deletions are held back until apply is told --allow-delete.",
    ].join("\n"),
    examples: [
      ["jobs plan", "the difference in the default target"],
      ["jobs plan -t prod --out plan.json", "keeps the plan; headgate jobs apply plan.json does exactly this"],
      ["jobs plan --select nightly_sales --verbose", "one job, with every field of a new one"],
      ["jobs plan --exit-code --format markdown", "for a pull request: ends with 2 when something differs"],
      [
        "jobs plan --managed-by bundle --format markdown",
        "what databricks bundle deploy would do, for its pull request",
      ],
      ["jobs plan --terraform-plan plan.json", "what terraform apply would do, of terraform show -json tf.plan"],
    ],
    formats: ["text", "json", "markdown"],
    load: () => import("./plan.ts"),
    parameters: {
      flags: {
        out: {
          kind: "parsed",
          parse: text,
          optional: true,
          placeholder: "FILE",
          brief: "keep the plan in a file for apply",
        },
        select,
        exitCode,
        checkPermissions: { ...onOff, brief: "compare declared permissions too: one request a job that declares some" },
        managedBy: {
          kind: "parsed",
          parse: choice(["bundle", "terraform"] as const),
          optional: true,
          placeholder: "TOOL",
          brief: "another tool deploys these jobs: explain what it would do; never applied",
        },
        state: {
          kind: "parsed",
          parse: text,
          optional: true,
          placeholder: "PATH",
          brief: "that tool's state, where it is not found by itself: terraform state pull, a bundle's folder",
        },
        terraformPlan: {
          kind: "parsed",
          parse: text,
          optional: true,
          placeholder: "FILE",
          brief: "explain a plan of Terraform: what terraform show -json tf.plan writes; no jobs are declared here",
        },
      },
      positional: selected,
    },
  }),
  apply: verb({
    brief: "carries a plan out, after a question",
    description: [
      "Each job is read again just before its change and left alone if it moved. After a crash or an",
      "interruption the same command goes on where it stopped. Without a terminal nothing is asked:",
      "targets with confirm need --yes, a first deployment needs --first-deploy.",
    ].join("\n"),
    examples: [
      ["jobs apply", "plans, shows, asks, applies"],
      ["jobs apply plan.json --yes -t prod", "carries out a reviewed plan; refused when it is stale"],
      ["jobs apply --allow-delete 2", "also deletes, at most two jobs"],
      ["jobs apply --resolve nightly:schedule.pause_status=theirs", "a field that both sides changed stays as found"],
      ["jobs apply --params params.json", "db-dsc-jobs' whole program: its jobs/ and templates/ folders, its sign-in"],
    ],
    load: () => import("./apply.ts"),
    parameters: {
      flags: {
        yes: { ...onOff, brief: "do not ask" },
        allowDelete: {
          kind: "parsed",
          parse: wholeNumber(0),
          default: "0",
          placeholder: "N",
          brief: "delete too, at most so many jobs; refused when there are more",
        },
        firstDeploy: { ...onOff, brief: "there is no state yet, and that is right" },
        breakLock: { ...onOff, brief: "take the lock from whoever holds it" },
        allowBehind: { ...onOff, brief: "apply although the last applied commit is not part of this checkout" },
        run: { ...onOff, brief: "start each changed job afterwards" },
        runCreated: { ...onOff, brief: "start only jobs that are new" },
        conflicts: {
          kind: "parsed",
          parse: choice(["ours", "theirs"] as const),
          optional: true,
          placeholder: "WHOSE",
          brief: "fields that both sides changed: ours sends what is declared, theirs keeps what was found",
        },
        resolve: {
          kind: "parsed",
          parse: text,
          optional: true,
          variadic: true,
          placeholder: "ID:PATH=WHOSE",
          brief: "the same for one field",
        },
        params,
      },
      positional: {
        kind: "tuple",
        parameters: [{ brief: "file of jobs plan --out", placeholder: "PLAN", parse: text, optional: true }],
      },
    },
  }),
  drift: verb({
    brief: "shows what moved in the workspace behind our back",
    examples: [
      ["jobs drift", "jobs that were edited, deleted or lost their marker since the last apply"],
      ["jobs drift -t prod --exit-code", "for a schedule: ends with 2 when something moved"],
      ["jobs drift --write-back drift.patch", "also as a patch of the YAML; git apply drift.patch takes it over"],
    ],
    load: () => import("./drift.ts"),
    parameters: { flags: { select, exitCode, writeBack }, positional: selected },
  }),
  watch: WATCH,
  list: verb({
    brief: "lists the declared jobs with their last runs, worst first",
    examples: [
      ["jobs list", "verdict, schedule, next start and difference of each job"],
      ["jobs list -t prod --json", "the same for a program"],
    ],
    load: () => import("./list.ts"),
    parameters: {},
  }),
  explain: verb({
    brief: "shows one job: where it is declared, how it runs, its tasks, what differs",
    examples: [["jobs explain nightly_sales", "the page of the job nightly_sales"]],
    load: () => import("./explain.ts"),
    parameters: { positional: { kind: "tuple", parameters: [resource] } },
  }),
  run: verb({
    brief: "starts a job now",
    examples: [
      ["jobs run nightly_sales", "starts it and prints the run's id"],
      ["jobs run nightly_sales --wait", "waits for its end; a failed run ends with 1"],
    ],
    load: () => import("./run.ts"),
    parameters: {
      flags: { wait: { ...onOff, brief: "wait until the run is over" } },
      positional: { kind: "tuple", parameters: [resource] },
    },
  }),
  rollback: verb({
    brief: "makes a job what it was, after a question",
    description: [
      "Takes the definition before the last one, or that of --to; a deleted job is made again, with another id.",
      "Declarations are not touched: change them too, or the next plan shows the difference again.",
    ].join("\n"),
    examples: [
      ["jobs rollback nightly_sales", "back to the definition before the last apply"],
      ["jobs rollback nightly_sales --to 12 --yes", "back to #12 of jobs history, without a question"],
    ],
    load: () => import("./rollback.ts"),
    parameters: {
      flags: {
        to: {
          kind: "parsed",
          parse: wholeNumber(1),
          optional: true,
          placeholder: "N",
          brief: "number of a definition in jobs history",
        },
        yes: { ...onOff, brief: "do not ask" },
        breakLock: { ...onOff, brief: "take the lock from whoever holds it" },
      },
      positional: { kind: "tuple", parameters: [resource] },
    },
  }),
  diff: verb({
    brief: "shows what two targets declare differently, without a workspace",
    examples: [
      ["jobs diff dev prod", "each job and field that prod says otherwise than dev"],
      ["jobs diff dev prod --exit-code --json", "for a program: ends with 2 when they differ"],
    ],
    load: () => import("./diff.ts"),
    parameters: {
      flags: { exitCode },
      positional: {
        kind: "tuple",
        parameters: [
          { brief: "target that is compared", placeholder: "TARGET", parse: text },
          { brief: "target that it is compared with", placeholder: "TARGET", parse: text },
        ],
      },
    },
  }),
  export: verb({
    brief: "writes the declared jobs as a Databricks bundle, so that leaving is free",
    description:
      "Also writes bind.sh, by which the bundle goes on with the jobs that are there. What a bundle cannot say is noted.",
    examples: [["jobs export --out bundle -t prod", "databricks.yml, a file a job under resources/, bind.sh"]],
    load: () => import("./export.ts"),
    parameters: {
      flags: {
        out: {
          kind: "parsed",
          parse: text,
          placeholder: "DIR",
          brief: "folder for the bundle; nothing there is overwritten",
        },
      },
    },
  }),
  destroy: verb({
    brief: "deletes every job of this deployment, after a question",
    description: "Protected jobs are refused, others' jobs never touched. Definitions are kept for jobs rollback.",
    examples: [["jobs destroy -t dev --allow-delete 12", "refused when there are more than twelve"]],
    load: () => import("./destroy.ts"),
    parameters: {
      flags: {
        allowDelete: {
          kind: "parsed",
          parse: wholeNumber(1),
          placeholder: "N",
          brief: "at most so many jobs; refused when there are more",
        },
        yes: { ...onOff, brief: "do not ask" },
        breakLock: { ...onOff, brief: "take the lock from whoever holds it" },
        allowBehind: { ...onOff, brief: "although the last applied commit is not part of this checkout" },
      },
    },
  }),
  history: verb({
    brief: "shows who changed a job, when, and what",
    examples: [["jobs history nightly_sales", "every applied definition, newest first"]],
    load: () => import("./history.ts"),
    parameters: { positional: { kind: "tuple", parameters: [resource] } },
  }),
  adopt: verb({
    brief: "takes existing jobs under management and writes their YAML",
    description: "Nothing else changes in the workspace but the marker tag; the next plan is empty.",
    examples: [
      ['jobs adopt "Nightly sales" 481120933371', "two jobs, by name and by id"],
      ["jobs adopt --all --out jobs/adopted", "every job you may see that nobody else manages"],
      ["jobs adopt --from-bundle ../etl -t prod", "the jobs that a bundle deployed, under their keys there"],
      ["jobs adopt --from-terraform state.json", "those of a Terraform state, as terraform state pull writes it"],
    ],
    load: () => import("./adopt.ts"),
    parameters: {
      flags: {
        all: { ...onOff, brief: "every job you may see" },
        fromBundle: {
          kind: "parsed",
          parse: text,
          optional: true,
          placeholder: "PATH",
          brief: "the jobs of a bundle: its folder, or its state file",
        },
        fromTerraform: {
          kind: "parsed",
          parse: text,
          optional: true,
          placeholder: "FILE",
          brief: "the jobs of a Terraform state (format 4)",
        },
        out: { kind: "parsed", parse: text, optional: true, placeholder: "DIR", brief: "folder for the YAML files" },
      },
      positional: {
        kind: "array",
        parameter: { brief: "name or id of a job", placeholder: "NAME", parse: text },
      },
    },
  }),
  forget: verb({
    brief: "drops the marker of a copied job, so that it is nobody's",
    description: "Cloning a job in the workspace copies its tags: then two jobs carry one marker.",
    examples: [["jobs forget 481120933371", "the copy with this id is left alone from now on"]],
    load: () => import("./forget.ts"),
    parameters: {
      positional: { kind: "tuple", parameters: [{ brief: "id of the copy", placeholder: "JOB_ID", parse: text }] },
    },
  }),
  cron: verb({
    brief: "explains a Quartz schedule: in words, with its next starts",
    description: "Quartz expressions have six or seven fields: second minute hour day month weekday [year].",
    examples: [
      ['jobs cron "0 30 2 ? * MON-FRI" --timezone Europe/London', "weekdays at 02:30, London time"],
      ['jobs cron "0 0 6 L * ?" --count 12 --json', "the next twelve month ends, for a program"],
    ],
    load: () => import("./cron.ts"),
    parameters: {
      flags: {
        timezone: {
          kind: "parsed",
          parse: text,
          optional: true,
          placeholder: "Z",
          brief: "zone of the schedule (default UTC)",
        },
        after: {
          kind: "parsed",
          parse: time,
          optional: true,
          placeholder: "T",
          brief: "starts after this time (default now)",
        },
        count: { kind: "parsed", parse: wholeNumber(1), default: "5", placeholder: "N", brief: "how many starts" },
      },
      positional: {
        kind: "array",
        minimum: 1,
        parameter: { brief: "the expression", placeholder: "EXPR", parse: text },
      },
    },
  }),
  "control-table": CONTROL_TABLE,
});
