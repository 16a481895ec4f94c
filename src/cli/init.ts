/** `headgate init`: makes a small working project in a folder, and touches nothing that is there. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { HeadgateError } from "../errors.ts";
import { answer, type CliContext } from "./context.ts";
import { convertedFiles, ORIGINS } from "./convert-project.ts";
import { initJson, initText } from "./print/init.ts";
import { PROJECT_NAME, projectFiles } from "./project-files.ts";

export interface InitFlags {
  name?: string;
  host?: string;
  profile?: string;
  from?: string;
}

/** A project name made of a folder's name: letters, digits, `_` and `-`. */
function nameOf(folder: string): string {
  const name = path
    .basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "");
  return name === "" ? "project" : name;
}

/** With `--from` the first word is the project that is converted, the second the new folder. */
export default async function init(context: CliContext, flags: InitFlags, ...words: string[]): Promise<number> {
  const origin = ORIGINS.find((one) => one === flags.from);
  const [from, dir] = origin === undefined ? [undefined, ...words] : words;
  if (origin !== undefined && from === undefined) {
    throw new HeadgateError("usage", "--from needs the path of the project that is to be converted", {
      hint: `headgate init --from ${origin} PATH [DIR]`,
    });
  }
  const folder = path.resolve(context.cwd, dir ?? context.globals.dir ?? ".");
  const name = flags.name ?? nameOf(folder);
  if (!PROJECT_NAME.test(name)) {
    throw new HeadgateError("usage", `"${name}" is no project name`, {
      hint: "letters, digits, _ and -, a letter first",
    });
  }
  if (existsSync(path.join(folder, "headgate.yaml"))) {
    throw new HeadgateError("input_invalid", `${path.join(folder, "headgate.yaml")} exists already`, {
      hint: "name another folder, or work with this one: headgate jobs plan",
      permanent: true,
    });
  }
  const written: string[] = [];
  const kept: string[] = [];
  const settings = { name, host: flags.host, profile: flags.profile };
  const files =
    origin === undefined || from === undefined
      ? projectFiles(settings)
      : convertedFiles(origin, path.resolve(context.cwd, from), settings);
  for (const file of files) {
    const target = path.join(folder, file.path);
    mkdirSync(path.dirname(target), { recursive: true });
    if (!existsSync(target)) {
      writeFileSync(target, file.text);
      written.push(file.path);
    } else if (file.append && !readFileSync(target, "utf8").split(/\r?\n/).includes(file.text.trim())) {
      const before = readFileSync(target, "utf8");
      writeFileSync(target, `${before}${before === "" || before.endsWith("\n") ? "" : "\n"}${file.text}`);
      written.push(file.path);
    } else kept.push(file.path);
  }
  const shown = path.relative(context.cwd, folder) || ".";
  const report = { project: name, folder, written, kept };
  answer(context, {
    text: () => initText(context.style, report, { shown, byEnv: flags.profile === undefined }),
    json: () => initJson(report),
  });
  return 0;
}
