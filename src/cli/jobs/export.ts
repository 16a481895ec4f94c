/** `headgate jobs export`: writes the declared jobs as a Databricks bundle, with the commands that bind it to the jobs there are. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { HeadgateError } from "../../errors.ts";
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { problemLines } from "../print/problems.ts";
import { safe } from "../print/safe.ts";
import { count } from "../print/value.ts";
import { withProject } from "../project.ts";

/** Writes a new file. @throws HeadgateError `input_invalid` where one is there: nothing is overwritten */
function writeNew(folder: string, name: string, text: string): void {
  const file = path.join(folder, name);
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: "wx", mode: name.endsWith(".sh") ? 0o755 : 0o644 });
  } catch (cause) {
    const there = (cause as NodeJS.ErrnoException).code === "EEXIST";
    throw new HeadgateError("input_invalid", there ? `${file} is there already` : `${file} cannot be written`, {
      hint: "export into an empty folder: --out DIR",
      cause,
      permanent: true,
    });
  }
}

export default function exportJobs(context: CliContext, flags: { out: string }): Promise<number> {
  return withProject(context, async (project) => {
    const { files, notes, problems, jobs, bound } = await project.exportBundle();
    const faulty = problems.filter(({ severity }) => severity === "error");
    if (faulty.length > 0) context.log.warn(problemLines(context.style, faulty).join("\n"));
    const folder = path.resolve(context.cwd, flags.out);
    for (const [name, text] of files) writeNew(folder, name, text);
    answer(context, {
      text: () =>
        [
          `${count(jobs, "job")} written as a bundle to ${safe(flags.out)}, ${bound} of them bound by bind.sh`,
          ...notes.map((note) => `note: ${safe(note)}`),
          "next, in that folder: databricks bundle validate, sh bind.sh, databricks bundle plan",
          "",
        ].join("\n"),
      json: () => formatJson({ folder: flags.out, files: [...files.keys()], jobs, bound, notes }, 2),
    });
    return faulty.length > 0 ? 65 : 0;
  });
}
