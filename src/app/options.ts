/** What opening a project takes, and the config that it means. */
import { requireConfig } from "../config/load.ts";
import type { Clock } from "../util/clock.ts";

/** Variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What `openHeadgate` takes; all of it has a default. */
export interface OpenHeadgateOptions {
  /** Project folder, or one below it. Default: the current folder. */
  dir?: string | undefined;
  /** headgate.yaml must lie in `dir` itself. */
  exact?: boolean | undefined;
  target?: string | undefined;
  /** Of `--var name=value`. */
  vars?: Readonly<Record<string, string>> | undefined;
  /** Default: the environment of the process. */
  env?: Environment | undefined;
  /** A config that is in no headgate.yaml: its text, and the file it stands for (absolute). */
  given?: { path: string; name: string; text: string } | undefined;
  clock?: Clock | undefined;
  /** Told of what is odd but no fault: a secret in clear, a call that is repeated. */
  onWarning?: ((message: string) => void) | undefined;
}

/** The config that the options mean, and the environment it is read in. */
export async function configFor(options: OpenHeadgateOptions) {
  const { dir = process.cwd(), exact, target, vars, given, env = process.env } = options;
  return { env, ...(await requireConfig({ dir, exact, target, vars, given, env })) };
}
