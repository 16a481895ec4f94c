/** `headgate jobs adopt`: takes existing jobs under management and writes their YAML. */
import { ERROR_CODES, HeadgateError } from "../../errors.ts";
import type { Problem } from "../../model/problem.ts";
import { answer, type CliContext } from "../context.ts";
import { adoptJson, adoptText } from "../print/adopt.ts";
import { withProject } from "../project.ts";

export interface AdoptFlags {
  all: boolean;
  out?: string;
}

/** 77 where something was not allowed, else what the first error leads to. */
function exitCodeOf(problems: readonly Problem[]): number {
  const codes = problems.flatMap(({ severity, code }) =>
    severity === "error" ? ((ERROR_CODES as Record<string, number>)[code] ?? ERROR_CODES.input_invalid) : [],
  );
  return codes.includes(ERROR_CODES.forbidden) ? ERROR_CODES.forbidden : (codes[0] ?? 0);
}

export default async function adopt(context: CliContext, flags: AdoptFlags, ...names: string[]): Promise<number> {
  if (flags.all === names.length > 0) {
    throw new HeadgateError("usage", flags.all ? "--all and names exclude each other" : "which jobs?", {
      hint: "name jobs by their name or id, or take every job you may see with --all",
    });
  }
  return withProject(context, async ({ jobs, style }) => {
    const report = await jobs.adopt({ all: flags.all, names, ...(flags.out === undefined ? {} : { out: flags.out }) });
    answer(context, { text: () => adoptText(style, report), json: () => adoptJson(report) });
    return exitCodeOf(report.problems);
  });
}
