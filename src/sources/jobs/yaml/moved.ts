/** Former resource ids: `moved:` at the top of a file. */
import type { Problem } from "../../../model/problem.ts";
import { nearest } from "../../../util/nearest.ts";
import { memberText } from "../../../util/placed-yaml.ts";
import { problemAt } from "../problems.ts";
import type { ParsedFile } from "./bundle.ts";

/** `moved:` at the top of a file: `{ old: new }`, or a list of `{ from, to }`. */
export function movedIn(file: ParsedFile, into: Map<string, string[]>, problems: Problem[]): void {
  const member = file.root.members.get("moved");
  if (!member) return;
  const pairs: [string | undefined, string | undefined][] = [];
  if (member.value.kind === "map") {
    for (const key of member.value.members.keys()) pairs.push([key, memberText(member.value, key)]);
  } else if (member.value.kind === "list") {
    for (const item of member.value.items) pairs.push([memberText(item, "from"), memberText(item, "to")]);
  }
  for (const [from, to] of pairs) {
    if (from && to) into.set(to, [...(into.get(to) ?? []), from]);
    else {
      const hint = "write `moved: { old_id: new_id }`";
      problems.push(problemAt(member, "moved", { code: "wrong_type", message: "a move needs a from and a to", hint }));
    }
  }
}

/** Warns of moves to a job that is not declared. */
export function checkMoves(
  moved: Map<string, string[]>,
  known: Set<string>,
  problems: Problem[],
  files: readonly ParsedFile[],
) {
  for (const [to] of moved) {
    if (known.has(to)) continue;
    const file = files.find((one) => one.root.members.has("moved"));
    const near = nearest(to, known);
    problems.push(
      problemAt(file?.root.members.get("moved"), "moved", {
        severity: "warning",
        code: "unknown_resource",
        message: `'${to}' is no declared job`,
        hint: near && `did you mean ${near}?`,
      }),
    );
  }
}
