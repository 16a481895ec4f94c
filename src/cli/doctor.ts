/** `headgate doctor`: checks config, declarations, credentials, rights, clock and store, one after the other. */
import { HeadgateError } from "../errors.ts";
import { answer, type CliContext } from "./context.ts";
import { type Check, doctorExitCode, doctorJson, doctorText } from "./print/doctor.ts";
import { problemCount } from "./print/problems.ts";
import { count, valueText } from "./print/value.ts";
import { openProject, type Project } from "./project.ts";

/** A token is refused, and a lock is taken for expired, when clocks are further apart than minutes. */
const SKEW_WARN_MS = 10_000;
const SKEW_FAIL_MS = 300_000;

/** What a check found; a bare text is "ok". */
type Finding = string | Omit<Check, "name">;

function failed(name: string, thrown: unknown): Check {
  if (!(thrown instanceof HeadgateError)) throw thrown;
  const { code, message, hint, data } = thrown;
  return { name, state: "fail", message, hint, code, grant: typeof data?.grant === "string" ? data.grant : undefined };
}

async function check(name: string, look: () => Promise<Finding>): Promise<Check> {
  try {
    const found = await look();
    return typeof found === "string" ? { name, state: "ok", message: found } : { name, ...found };
  } catch (thrown) {
    return failed(name, thrown);
  }
}

async function declarations({ jobs }: Project): Promise<Finding> {
  const { jobs: number, problems } = await jobs.validate();
  if (problems.length === 0) return count(number, "job");
  const errors = problems.some(({ severity }) => severity === "error");
  return {
    state: errors ? "fail" : "warn",
    message: `${count(number, "job")}, ${problemCount(problems)}`,
    hint: "headgate jobs validate shows them",
    code: errors ? "declaration_invalid" : undefined,
  };
}

async function rights({ workspace }: Project): Promise<Finding> {
  for await (const _job of workspace.listJobs()) return "may list jobs";
  return {
    state: "warn",
    message: "may list jobs, but sees none",
    hint: "only jobs with CAN VIEW are listed: if there are jobs, ask for it, or adopt and apply as who made them",
  };
}

async function state(project: Project): Promise<Finding> {
  const { states } = await project.deployment();
  const found = await states.read();
  return found === undefined ? `${states.folder}, no state yet` : `${states.folder}, serial ${found.serial}`;
}

async function clock({ workspace }: Project): Promise<Finding> {
  const skew = workspace.clockSkew();
  const seconds = Math.abs(skew / 1_000).toFixed(1);
  const message = `this machine is ${seconds} s ${skew < 0 ? "ahead of" : "behind"} the workspace`;
  if (Math.abs(skew) < SKEW_WARN_MS) return message;
  return {
    state: Math.abs(skew) < SKEW_FAIL_MS ? "warn" : "fail",
    message,
    hint: "set the clock (NTP): locks and tokens go by it",
    code: "input_invalid",
  };
}

async function store(project: Project): Promise<Finding> {
  const opened = await project.store();
  await opened.ping();
  return `${opened.kind} at ${opened.place}`;
}

export interface DoctorFlags {
  probe: boolean;
}

/** The probe as checks: the noise and every contradiction by itself, what holds as a number. */
async function probe(project: Project): Promise<Check[]> {
  const { config } = project;
  if (config.target.confirm === true) {
    throw new HeadgateError(
      "confirm_needed",
      `target ${config.target.name} asks for confirmations: it is no scratch workspace`,
      {
        hint: "probe a target without confirm; the probe makes a job and deletes it",
        permanent: true,
      },
    );
  }
  const { facts, summary, jobId } = await project.probe();
  const rest = summary.unseen > 0 ? `, ${summary.unseen} not to be seen here` : "";
  const differing = facts.filter((fact) => fact.state === "differs");
  const sum = `${count(summary.holds, "fact")} of ${count(facts.length - summary.unseen, "fact")} hold${rest}; job ${jobId} was made and deleted`;
  return [
    { name: "probe", state: "ok", message: sum },
    ...differing.map(
      ({ what, reason, expected, found }): Check => ({
        name: "probe",
        state: "warn",
        message: `${what}: expected ${valueText(expected)}, found ${valueText(found)}`,
        hint: `${reason}; please report this`,
      }),
    ),
  ];
}

export default async function doctor(context: CliContext, flags: DoctorFlags): Promise<number> {
  const checks: Check[] = [];
  let project: Project | undefined;
  checks.push(
    await check("config", async () => {
      project = await openProject(context);
      const { config, workspace } = project;
      return `project ${config.project}, target ${config.target.name}, workspace ${workspace.host}`;
    }),
  );
  const open = project;
  if (open !== undefined) {
    try {
      checks.push(await check("declarations", () => declarations(open)));
      const credentials = await check("credentials", async () => (await open.workspace.me()).userName);
      checks.push(credentials);
      // without credentials the workspace answers nothing else
      if (credentials.state !== "fail") {
        checks.push(await check("rights", () => rights(open)));
        checks.push(await check("state", () => state(open)));
        checks.push(await check("clock", () => clock(open)));
      }
      checks.push(await check("store", () => store(open)));
      if (flags.probe && credentials.state !== "fail") {
        checks.push(...(await probe(open).catch((thrown: unknown) => [failed("probe", thrown)])));
      }
    } finally {
      await open.close();
    }
  }
  answer(context, { text: () => doctorText(context.style, checks), json: () => doctorJson(checks) });
  return doctorExitCode(checks);
}
