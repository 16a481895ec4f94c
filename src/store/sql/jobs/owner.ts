/** Whose a row is. */
import type { Deployment } from "../../../model/identity.ts";

/** Columns that name a deployment. */
export function ownerOf(deployment: Deployment) {
  return {
    project: deployment.project,
    target: deployment.target,
    workspace_id: deployment.workspaceId,
    user_name: deployment.user ?? "",
  };
}

/** The same without the user: plans and applies name their actor instead. */
export function placeOf(deployment: Pick<Deployment, "project" | "target" | "workspaceId">) {
  return { project: deployment.project, target: deployment.target, workspace_id: deployment.workspaceId };
}
