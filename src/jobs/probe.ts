/** `doctor --probe`: makes one paused job in a real workspace, compares what comes back with what we know, deletes it. */
import { HeadgateError } from "../errors.ts";
import type { JobSettings } from "../model/job.ts";
import type { Json } from "../util/json.ts";
import { stableJson } from "../util/stable-json.ts";
import { defaultOf, FIELD_RULES, ruleOf } from "../workspace/fields.ts";
import type { JobsWorkspace } from "../workspace/workspace.ts";
import { diffJob } from "./diff.ts";
import { flatten } from "./leaves.ts";

/** One thing we hold true of the service, beside what it did. */
export interface ProbeFact {
  /** `tasks[*].run_if`, or a sentence. */
  what: string;
  /** Row of the table of field rules it belongs to, or why we believe it. */
  reason: string;
  /** `unseen`: this workspace returned nothing that would show it. */
  state: "holds" | "differs" | "unseen";
  expected?: Json | undefined;
  found?: Json | undefined;
}

/** What a probe found out. */
export interface ProbeReport {
  /** Id of the job that was made, and deleted again. */
  jobId: string;
  facts: ProbeFact[];
  summary: { holds: number; differs: number; unseen: number };
}

const NOTEBOOK = "/Workspace/Shared/headgate-probe";

/** A job that says as little as it may, never starts, and has a task of each kind that needs no compute of its own. */
export function probeSettings(name: string): JobSettings {
  return {
    name,
    schedule: { quartz_cron_expression: "0 0 0 1 1 ? 2099", timezone_id: "UTC", pause_status: "PAUSED" },
    tasks: [
      { task_key: "notebook", notebook_task: { notebook_path: NOTEBOOK } },
      { task_key: "condition", condition_task: { op: "EQUAL_TO", left: "1", right: "1" } },
      {
        task_key: "python",
        depends_on: [{ task_key: "notebook" }],
        environment_key: "probe",
        spark_python_task: { python_file: `${NOTEBOOK}.py` },
      },
      {
        task_key: "each",
        for_each_task: {
          inputs: "[1]",
          task: { task_key: "inner", notebook_task: { notebook_path: NOTEBOOK } },
        },
      },
    ],
    environments: [{ environment_key: "probe", spec: { environment_version: "2" } }],
  };
}

/** A fact for every default the table knows, from the values that came back. */
export function defaultFacts(actual: JobSettings): ProbeFact[] {
  const found = new Map<string, Json[]>();
  for (const leaf of flatten(actual).leaves.values()) {
    const rule = ruleOf(leaf.pattern);
    if (rule?.kind === "default") found.set(rule.path, [...(found.get(rule.path) ?? []), leaf.value]);
  }
  return FIELD_RULES.filter(({ kind }) => kind === "default").map((rule): ProbeFact => {
    const expected = defaultOf(rule, actual);
    const values = found.get(rule.path);
    // what we sent ourselves shows nothing of a default
    if (values === undefined || rule.path === "schedule.pause_status") {
      return { what: rule.path, reason: rule.reason, state: "unseen", expected };
    }
    const other = values.find((value) => stableJson(value) !== stableJson(expected));
    if (other === undefined) return { what: rule.path, reason: rule.reason, state: "holds", expected, found: expected };
    return { what: rule.path, reason: rule.reason, state: "differs", expected, found: other };
  });
}

/** What a plan would show of a job that was just made: each of these would be noise, but for defaults that are told as such. */
function noiseFacts(sent: JobSettings, actual: JobSettings, defaults: readonly ProbeFact[]): ProbeFact[] {
  const reason = "a job that was just made has nothing to change";
  const told = new Set(defaults.filter(({ state }) => state === "differs").map(({ what }) => what));
  const noise = diffJob({ desired: sent, actual }).filter(
    ({ path }) => !told.has(ruleOf(path.replace(/\[[^\]]*\]/g, "[*]"))?.path ?? ""),
  );
  if (noise.length === 0) return [{ what: "no noise", reason, state: "holds" }];
  return noise.map(({ path, after, actual: seen, before }) => {
    return { what: path, reason, state: "differs", expected: after, found: seen ?? before };
  });
}

async function read(workspace: JobsWorkspace, jobId: string): Promise<JobSettings> {
  const answer = await workspace.getJob(jobId);
  if (answer.kind === "found") return answer.job.settings;
  throw new HeadgateError("remote_error", `job ${jobId} was made, and cannot be read (${answer.kind})`, {
    hint: `delete it by hand: it is named after headgate's probe`,
  });
}

/**
 * Probes a workspace. The job is deleted whatever happens.
 * @param name of the job, so that a left-over can be told
 * @throws HeadgateError what the calls throw: `forbidden`, `unavailable`, `remote_error`
 */
export async function probeWorkspace(workspace: JobsWorkspace, name: string): Promise<ProbeReport> {
  const sent = probeSettings(name);
  const jobId = await workspace.createJob(sent);
  const facts: ProbeFact[] = [];
  try {
    const made = await read(workspace, jobId);
    const defaults = defaultFacts(made);
    facts.push(...noiseFacts(sent, made, defaults), ...defaults);
    await workspace.resetJob(jobId, sent);
    const again = await read(workspace, jobId);
    const same = stableJson(again) === stableJson(made);
    const reason = "our drift detection relies on it";
    facts.push({ what: "a reset with the same settings changes nothing", reason, state: same ? "holds" : "differs" });
  } finally {
    await workspace.deleteJob(jobId);
  }
  const gone = await workspace.getJob(jobId);
  facts.push({
    what: "a deleted job is gone at once",
    reason: "a job that cannot be read is made again",
    state: gone.kind === "missing" ? "holds" : "differs",
    found: gone.kind,
  });
  const number = (state: ProbeFact["state"]) => facts.filter((fact) => fact.state === state).length;
  return { jobId, facts, summary: { holds: number("holds"), differs: number("differs"), unseen: number("unseen") } };
}
