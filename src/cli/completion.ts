/** `headgate completion`: prints the completion script of a shell, made of the command map. */

import { completionTree } from "./completion-tree.ts";
import type { CliContext } from "./context.ts";
import { bashCompletion, fishCompletion, zshCompletion } from "./print/completion.ts";

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

export default async function completion(
  context: CliContext,
  _flags: object,
  shell: keyof typeof SCRIPTS,
): Promise<number> {
  context.stdout.write(SCRIPTS[shell](completionTree()));
  return 0;
}
