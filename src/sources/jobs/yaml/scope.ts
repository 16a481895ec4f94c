/** What references in the files of a source are filled from, for one target. */
import type { Problem } from "../../../model/problem.ts";
import { type ReferenceScope, substitute } from "../../../model/reference.ts";
import { fillTree } from "../fill-references.ts";
import { type Presets, presetsOf } from "./additions.ts";
import { type BundleFacts, bundleFacts, bundleScope, type ParsedFile, workspaceScope } from "./bundle.ts";
import { type Given, isOverrides, mergeVariables } from "./bundle-variables.ts";
import { otherResources, resourceKeys } from "./other-resources.ts";

/** See {@link openScope}. */
export interface BundleScope {
  facts: BundleFacts;
  presets: Presets;
  scope: ReferenceScope;
}

/** What bundle files say beside their jobs, and the references that follow from it. Faults are added to `problems`. */
export function openScope(
  files: readonly ParsedFile[],
  context: Given & { project: string; target: string },
  problems: Problem[],
): BundleScope {
  const facts = bundleFacts(files, context.target, context);
  problems.push(...facts.problems);
  const variables = mergeVariables(context.variables, facts.variables);
  const scope: ReferenceScope = {
    variables,
    bundle: bundleScope(facts, context.workspace, context),
    workspace: workspaceScope(facts, context.workspace, { ...context, variables }),
  };
  facts.presets = facts.presets.map((node) => fillTree("presets", node, scope, problems));
  facts.permissions = facts.permissions.map((node) => fillTree("permissions", node, scope, problems));
  const user = context.workspace["current_user.short_name"] ?? `\${workspace.current_user.short_name}`;
  const presets = presetsOf(facts, user);
  scope.resource = otherResources(
    files.filter((file) => !isOverrides(file)),
    context.target,
    { prefix: presets.prefix, known: context.workspace, fill: filling(scope) },
  );
  if (facts.clusterId !== undefined) facts.clusterId = filling(scope)(facts.clusterId);
  return { facts, presets, scope };
}

const filling = (scope: ReferenceScope) => (text: string) => String(substitute(text, scope).value);

/** Keys of other resources whose ids jobs refer to, as `askAll` takes them: found by the names they are deployed with. */
export function otherResourceKeys(
  files: readonly ParsedFile[],
  context: Given & { project: string; target: string },
): string[] {
  const { scope } = openScope(files, context, []);
  return scope.resource === undefined ? [] : resourceKeys(files, scope.resource, filling(scope));
}
