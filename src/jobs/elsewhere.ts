/** Jobs that another tool deploys: which job is which, by what that tool keeps, and what its next deployment does. Pure. */
import type { DeclaredJob, JobSettings, RemoteJob } from "../model/job.ts";
import type { Change, FieldChange, OtherManager, Plan } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { DeployState, JobState } from "../model/state.ts";
import { ruleOf } from "../workspace/fields.ts";
import type { JobAnswer } from "../workspace/workspace.ts";
import { declaredAccess } from "./access-list.ts";
import { isDefault } from "./diff.ts";
import { fingerprint } from "./fingerprint.ts";
import { flatten, type Leaf } from "./leaves.ts";
import { summaryOf } from "./summary.ts";

/** What another tool keeps of its deployment. */
export interface Deployed {
  /** The jobs that it names; undefined where nothing of a deployment was found. */
  jobs: readonly { resource: string; jobId: string; from: string; settings?: JobSettings | undefined }[] | undefined;
  /** Ids of its other resources, by `pipelines.load`. */
  ids?: ReadonlyMap<string, string> | undefined;
  /** `deployment.metadata_file_path` of the jobs of this deployment. */
  metadataPath?: string | undefined;
  /** A plan of the tool's own, where that was read: it says what is wanted, and what becomes of each job. */
  plan?: OwnPlan | undefined;
}

/** A plan that the other tool made. */
export interface OwnPlan {
  declared: readonly DeclaredJob[];
  problems: readonly Problem[];
  /** What it does with the job of a resource. */
  actions: ReadonlyMap<string, "no-op" | "create" | "update" | "delete" | "replace" | "forget">;
  /** Values that it keeps from view, by the text that stands for each in the settings. */
  hidden: ReadonlyMap<string, string>;
}

/** Which job of the workspace each resource has. */
export interface Identified {
  /** Made of what the other tool keeps, so that a plan can be computed as if it were ours. Nobody saves it. */
  state: DeployState;
  /** Jobs that a resource may mean, where they are several. */
  unclear: Map<string, RemoteJob[]>;
  /** Jobs that have the name of a resource and are not the deployment's. */
  namesakes: Map<string, RemoteJob>;
}

/** Its digests never leave the process: any key will do. */
const KEY = Buffer.alloc(32);

/** True for a job that may be one of these: by its name, or because the deployment left its mark on it. */
export function mayBeDeployed(jobs: readonly DeclaredJob[], { metadataPath }: Deployed): (job: RemoteJob) => boolean {
  const names = new Set(jobs.map((job) => job.settings.name));
  return (job) =>
    names.has(job.settings.name) || (metadataPath !== undefined && metadataPathOf(job.settings) === metadataPath);
}

function metadataPathOf({ deployment }: JobSettings): string | undefined {
  const path = (deployment as { metadata_file_path?: unknown } | undefined)?.metadata_file_path;
  return typeof path === "string" ? path : undefined;
}

/**
 * Finds the job of each resource: by the other tool's state; without a state by the mark of the deployment and the name,
 * and at last by the name alone.
 */
export function identify(
  jobs: readonly DeclaredJob[],
  deployed: Deployed,
  answers: ReadonlyMap<string, JobAnswer>,
  about: Pick<DeployState, "project" | "target" | "workspaceId" | "headgate">,
): Identified {
  const rows: Record<string, JobState> = {};
  const found: Identified = {
    state: {
      formatVersion: 1,
      ...about,
      user: null,
      lineage: "",
      serial: 0,
      fence: 0,
      digestKey: KEY.toString("base64"),
      appliedBy: null,
      jobs: rows,
      pending: {},
    },
    unclear: new Map(),
    namesakes: new Map(),
  };
  const declared = new Map(jobs.map((job) => [job.resource, job]));
  for (const { resource, jobId, settings } of deployed.jobs ?? [])
    rows[resource] = rowOf(jobId, settings, declared.get(resource), jobOf(answers.get(jobId)));
  const taken = new Set((deployed.jobs ?? []).map((job) => job.jobId));
  const free = [...answers.values()].flatMap((answer) =>
    answer.kind === "found" && !taken.has(answer.job.jobId) ? [answer.job] : [],
  );
  for (const job of jobs) {
    if (rows[job.resource] !== undefined) continue;
    const named = free.filter((one) => one.settings.name === job.settings.name);
    const marked = named.filter(
      (one) => deployed.metadataPath !== undefined && metadataPathOf(one.settings) === deployed.metadataPath,
    );
    const [only, ...more] = marked.length > 0 ? marked : named;
    if (only === undefined) continue;
    if (deployed.jobs !== undefined) found.namesakes.set(job.resource, only);
    else if (more.length > 0) found.unclear.set(job.resource, [only, ...more]);
    else rows[job.resource] = rowOf(only.jobId, undefined, job, only);
  }
  return found;
}

/** A row as our own state would have it, as far as the other tool tells what it last sent. */
function rowOf(
  jobId: string,
  settings: JobSettings | undefined,
  job: DeclaredJob | undefined,
  actual: RemoteJob | undefined,
): JobState {
  const leaves = settings && flatten(settings).leaves;
  return {
    jobId,
    name: job?.settings.name ?? actual?.settings.name ?? settings?.name ?? jobId,
    ...(leaves ? fingerprint(KEY, leaves, withDefaults(leaves, actual)) : { applied: "", added: "" }),
    // What it last set beside the settings it does not tell: what is declared is taken for that.
    permissions: job?.permissions && Object.fromEntries(declaredAccess(job.permissions)),
    secret: [],
    marked: false,
    protect: job?.protect ?? false,
    serial: 0,
    at: "",
  };
}

const jobOf = (answer: JobAnswer | undefined) => (answer?.kind === "found" ? answer.job : undefined);

/** What was sent, with what the service filled in by itself: somebody's own values are not among that. */
function withDefaults(sent: ReadonlyMap<string, Leaf>, actual: RemoteJob | undefined): ReadonlyMap<string, Leaf> {
  if (actual === undefined) return sent;
  const { settings } = actual;
  const filled = [...flatten(settings).leaves].filter(
    ([path, leaf]) => !sent.has(path) && (isDefault(leaf, settings) || ruleOf(leaf.pattern)?.kind === "computed"),
  );
  return new Map([...sent, ...filled]);
}

/** How each tool is spoken of, and what it does about a job. */
const WORDS: Record<OtherManager, { deletes: string; keeps: (from: string, to: string, id: string) => string }> = {
  bundle: {
    deletes: "databricks bundle deploy deletes it without a question; declare it again to keep it",
    keeps: (from, to, id) =>
      `the bundle deletes job ${id} of ${from} and makes a new one; to keep it: databricks bundle deployment unbind ${from}, then bind ${to} ${id}`,
  },
  terraform: {
    deletes: "terraform apply deletes it; declare it again to keep it",
    keeps: (from, to, id) =>
      `Terraform deletes job ${id} of ${from} and makes a new one; to keep it: moved { from = databricks_job.${from}, to = databricks_job.${to} }`,
  },
};

/** A zero that the provider keeps for what nobody gave, where the service has no value. */
const isProvidersZero = ({ kind, before, actual, after }: FieldChange): boolean =>
  kind === "drift" && (after === false || after === 0) && before === after && actual === undefined;

/** A row as the other tool's own plan has it: what it leaves alone does not change, whatever else differs. */
function asPlanned(given: Change, { actions }: OwnPlan): Change[] {
  const fields = given.fields.filter((field) => !isProvidersZero(field));
  const zeros = given.action === "update" && given.fields.length > 0 && fields.length === 0;
  const change: Change = zeros ? { ...given, action: "noop", fields, reason: "nothing differs" } : { ...given, fields };
  const action = actions.get(change.resource);
  const { desired: _desired, ...rest } = change;
  switch (action) {
    case "no-op":
      if (change.action !== "update") return [change];
      return [{ ...rest, action: "noop", fields: [], reason: "Terraform plans no change of it" }];
    case "update":
      if (change.action !== "noop") return [change];
      return [{ ...change, action: "update", reason: "only what the provider keeps to itself changes" }];
    case "replace":
      if (change.jobId === null) return [change];
      return [
        {
          ...change,
          action: "recreate",
          reason: "Terraform deletes it and makes a new one: id, runs and permissions go",
        },
      ];
    case "forget":
      return [{ ...rest, action: "noop", fields: [], reason: "Terraform lets go of it and leaves it as it is" }];
    default:
      return [change];
  }
}

/** The plan in the words of what the other tool will do; what only an apply of ours needs is taken out of it. */
export function explainElsewhere(
  given: Plan,
  kind: OtherManager,
  { namesakes, own }: Pick<Identified, "namesakes"> & { own?: OwnPlan | undefined },
): Plan {
  const plan = own ? { ...given, changes: given.changes.flatMap((change) => asPlanned(change, own)) } : given;
  const words = WORDS[kind];
  const gone = new Map(
    plan.changes.flatMap((change) =>
      change.action === "delete" && change.code === undefined ? [[change.name, change] as const] : [],
    ),
  );
  const made = new Set(plan.changes.flatMap((change) => (change.action === "create" ? [change.name] : [])));
  const changes = plan.changes.map((change): Change => {
    const { refresh: _refresh, base: _base, ...row } = change;
    switch (change.action) {
      case "delete": {
        const hint = change.code === "unreadable" ? change.hint : made.has(change.name) ? undefined : words.deletes;
        return { ...row, held: undefined, hint };
      }
      case "create": {
        const former = gone.get(change.name);
        const other = namesakes.get(change.resource);
        const hint = former
          ? words.keeps(former.resource, change.resource, former.jobId ?? "")
          : other && `job ${other.jobId} has this name already and is not of this deployment: there will be two`;
        return { ...row, ...(hint === undefined ? {} : { hint }) };
      }
      default:
        return row;
    }
  });
  return { ...plan, state: null, changes, summary: summaryOf(changes) };
}
