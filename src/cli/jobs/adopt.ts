/** `headgate jobs adopt`: takes existing jobs under management and writes their YAML, those of other tools by their state. */
import type { readDeployedJobs } from "../../app.ts";
import { ERROR_CODES, HeadgateError } from "../../errors.ts";
import type { Problem } from "../../model/problem.ts";
import { answer, type CliContext } from "../context.ts";
import { adoptJson, adoptText } from "../print/adopt.ts";
import { type Project, withProject } from "../project.ts";

export interface AdoptFlags {
  all: boolean;
  out?: string;
  fromBundle?: string;
  fromTerraform?: string;
}

type Deployed = Awaited<ReturnType<typeof readDeployedJobs>>;

/** What the other tool is to forget, so that it does not undo what is changed here from now on. */
const LEAVE = {
  bundle: "the bundle still deploys them: databricks bundle deployment unbind KEY, one a job, or delete its state",
  terraform: "Terraform still deploys them: terraform state rm ADDRESS, one a job, and take their blocks out",
};

/** The jobs that a state names; they must be in this workspace. @throws HeadgateError `input_invalid` */
async function deployedIn(
  context: CliContext,
  state: { kind: "bundle" | "terraform"; path: string },
  project: Project,
): Promise<Deployed> {
  const { readDeployedJobs } = await import("../../app.ts");
  const jobs = await readDeployedJobs({ ...state, cwd: context.cwd, target: project.config.target.name });
  // An address that cannot be resolved is told by the first call.
  if (!URL.canParse(project.workspace.host)) return jobs;
  const host = new URL(project.workspace.host).host;
  const elsewhere = jobs.find((job) => job.host !== undefined && job.host !== host);
  if (elsewhere === undefined) return jobs;
  throw new HeadgateError("input_invalid", `${elsewhere.from} is in ${elsewhere.host}, the target in ${host}`, {
    hint: "choose the target of that workspace with --target",
    permanent: true,
  });
}

/** 77 where something was not allowed, else what the first error leads to. */
function exitCodeOf(problems: readonly Problem[]): number {
  const codes = problems.flatMap(({ severity, code }) =>
    severity === "error" ? ((ERROR_CODES as Record<string, number>)[code] ?? ERROR_CODES.input_invalid) : [],
  );
  return codes.includes(ERROR_CODES.forbidden) ? ERROR_CODES.forbidden : (codes[0] ?? 0);
}

/** The one thing that says which jobs. @throws HeadgateError `usage` for none or several */
function stateOf(
  flags: AdoptFlags,
  names: readonly string[],
): { kind: "bundle" | "terraform"; path: string } | undefined {
  const { all, fromBundle, fromTerraform } = flags;
  const given = [all, names.length > 0, fromBundle !== undefined, fromTerraform !== undefined].filter(Boolean).length;
  if (given !== 1) {
    throw new HeadgateError(
      "usage",
      given === 0 ? "which jobs?" : "names, --all, --from-bundle and --from-terraform exclude one another",
      {
        hint: "name jobs by their name or id, take every job you may see with --all, or those of a bundle or of Terraform",
      },
    );
  }
  if (fromBundle !== undefined) return { kind: "bundle", path: fromBundle };
  return fromTerraform === undefined ? undefined : { kind: "terraform", path: fromTerraform };
}

export default async function adopt(context: CliContext, flags: AdoptFlags, ...names: string[]): Promise<number> {
  const state = stateOf(flags, names);
  return withProject(context, async (project) => {
    const { jobs, style } = project;
    const named = state && (await deployedIn(context, state, project));
    const report = await jobs.adopt({
      all: flags.all,
      names,
      named,
      ...(flags.out === undefined ? {} : { out: flags.out }),
    });
    answer(context, { text: () => adoptText(style, report), json: () => adoptJson(report) });
    if (state && report.adopted.length > 0) context.log.info(LEAVE[state.kind]);
    return exitCodeOf(report.problems);
  });
}
