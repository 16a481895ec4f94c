/** Which grant each call to the workspace needs, and what we make the call for: the table behind the reference page. */

/** One call. */
export interface Permission {
  /** Method and path; `{name}` stands for a part of the path. */
  call: string;
  /** What a workspace administrator (or the owner of the object) grants. */
  grant: string;
  /** What headgate does with it. */
  purpose: string;
}

const ACCESS = "workspace access (entitlement `workspace-access`)";
const STATE = "the folder of the state files (`jobs.state`)";

/**
 * Every call headgate makes. Sources: the access control sections of the Databricks Jobs, Permissions, Workspace, SCIM
 * and Statement Execution API references.
 */
export const PERMISSIONS: readonly Permission[] = [
  {
    call: "GET /api/2.0/fs/directories/{path}",
    grant: "`READ VOLUME` on the volume",
    purpose: "lists YAML files that are declared in a volume",
  },
  {
    call: "GET /api/2.0/fs/files/{path}",
    grant: "`READ VOLUME` on the volume",
    purpose: "reads YAML files that are declared in a volume",
  },
  {
    call: "GET /api/2.0/sql/warehouses",
    grant: "`CAN_VIEW` on the warehouse",
    purpose: "validate --workspace: SQL warehouses",
  },
  {
    call: "GET /api/2.0/sql/queries",
    grant: "`CAN_VIEW` on the query",
    purpose: "saved queries: plan, apply and validate --workspace",
  },
  {
    call: "GET /api/2.1/clusters/list",
    grant: "`CAN_ATTACH_TO` on the cluster",
    purpose: "validate --workspace: clusters",
  },
  {
    call: "GET /api/2.0/policies/clusters/list",
    grant: "`CAN_USE` on the policy",
    purpose: "validate --workspace: cluster policies",
  },
  {
    call: "GET /api/2.0/instance-pools/list",
    grant: "`CAN_ATTACH_TO` on the pool",
    purpose: "validate --workspace: instance pools",
  },
  {
    call: "GET /api/2.0/pipelines",
    grant: "`CAN_VIEW` on the pipeline",
    purpose: "validate --workspace: pipelines",
  },
  {
    call: "GET /api/2.0/notification-destinations",
    grant: "workspace admin",
    purpose: "variables of a bundle that look up a notification destination by its name",
  },
  {
    call: "GET /api/2.0/preview/scim/v2/ServicePrincipals",
    grant: "workspace admin",
    purpose: "validate --workspace: service principals of `run_as`",
  },
  { call: "GET /api/2.0/preview/scim/v2/Me", grant: ACCESS, purpose: "says who we are" },
  {
    call: "GET /api/2.2/jobs/list",
    grant: `${ACCESS}; only jobs with \`CAN_VIEW\` are listed`,
    purpose: "reads all jobs for plan, apply, drift, adopt, list and look",
  },
  {
    call: "GET /api/2.2/jobs/get",
    grant: "`CAN_VIEW` on the job",
    purpose: "reads a job again just before its change",
  },
  { call: "POST /api/2.2/jobs/create", grant: ACCESS, purpose: "apply: creates a job; we become its owner" },
  {
    call: "POST /api/2.2/jobs/reset",
    grant: "`CAN_MANAGE` on the job",
    purpose: "apply: replaces all settings of a job",
  },
  {
    call: "POST /api/2.2/jobs/update",
    grant: "`CAN_MANAGE` on the job",
    purpose: "changes single fields of a job: its marker on adopt and forget, a pause",
  },
  { call: "POST /api/2.2/jobs/delete", grant: "`CAN_MANAGE` on the job", purpose: "apply --allow-delete, destroy" },
  { call: "POST /api/2.2/jobs/run-now", grant: "`CAN_MANAGE_RUN` on the job", purpose: "jobs run, apply --run" },
  {
    call: "GET /api/2.2/jobs/runs/list",
    grant: "`CAN_VIEW` on the jobs",
    purpose: "reads runs for list, look and the page",
  },
  {
    call: "GET /api/2.2/jobs/runs/get",
    grant: "`CAN_VIEW` on the job of the run",
    purpose: "reads one run with its tasks",
  },
  {
    call: "GET /api/2.2/jobs/runs/get-output",
    grant: "`CAN_VIEW` on the job of the run",
    purpose: "reads why a task failed",
  },
  {
    call: "POST /api/2.2/jobs/runs/cancel",
    grant: "`CAN_MANAGE_RUN` on the job of the run",
    purpose: "stops a run that was started with jobs run --wait and interrupted",
  },
  {
    call: "GET /api/2.0/permissions/jobs/{job_id}",
    grant: "`CAN_MANAGE` on the job",
    purpose: "compares declared permissions with those of the job",
  },
  {
    call: "PUT /api/2.0/permissions/jobs/{job_id}",
    grant: "`CAN_MANAGE` on the job, `IS_OWNER` to change its owner",
    purpose: "apply: sets declared permissions",
  },
  {
    call: "GET /api/2.0/workspace/export",
    grant: `\`CAN_READ\` on ${STATE}`,
    purpose: "reads state, history and lock",
  },
  {
    call: "GET /api/2.0/workspace/list",
    grant: `\`CAN_READ\` on ${STATE}`,
    purpose:
      "finds locks and history; with CAN_READ on them, folders of YAML files and of what validate --workspace looks up",
  },
  {
    call: "POST /api/2.0/workspace/import",
    grant: `\`CAN_EDIT\` on ${STATE}`,
    purpose: "writes state, history and lock",
  },
  {
    call: "POST /api/2.0/workspace-files/import-file/{path}",
    grant: `\`CAN_EDIT\` on ${STATE}`,
    purpose: "writes a state file that is too big for workspace/import",
  },
  { call: "POST /api/2.0/workspace/mkdirs", grant: `\`CAN_EDIT\` on ${STATE}`, purpose: "makes that folder" },
  { call: "POST /api/2.0/workspace/delete", grant: `\`CAN_EDIT\` on ${STATE}`, purpose: "removes a lock" },
  {
    call: "POST /api/2.0/sql/queries",
    grant: "`CAN_EDIT` on the folder of the queries, and `CAN_USE` on the SQL warehouse",
    purpose: "keeps an inline SQL text as a saved query",
  },
  {
    call: "GET /api/2.0/sql/queries/{id}",
    grant: "`CAN_VIEW` on the query, which its maker has",
    purpose: "reads a saved query just before it is changed",
  },
  {
    call: "PATCH /api/2.0/sql/queries/{id}",
    grant: "`CAN_MANAGE` on the query, which its maker has",
    purpose: "changes a saved query whose text is declared otherwise",
  },
  {
    call: "DELETE /api/2.0/sql/queries/{id}",
    grant: "`CAN_MANAGE` on the query, which its maker has",
    purpose: "moves a saved query to the trash that no job runs any more",
  },
  {
    call: "POST /api/2.0/sql/statements",
    grant: "`CAN_USE` on the SQL warehouse, and what the statement itself needs",
    purpose: "runs statements where a warehouse is configured",
  },
  {
    call: "GET /api/2.0/sql/statements/{id}",
    grant: "as the statement was sent by us: none",
    purpose: "reads the result of a statement, in chunks",
  },
  {
    call: "POST /api/2.0/sql/statements/{id}/cancel",
    grant: "as the statement was sent by us: none",
    purpose: "stops a statement that takes too long",
  },
  {
    call: "GET /oidc/.well-known/oauth-authorization-server",
    grant: "none",
    purpose: "finds where tokens are issued (auth kind `oauth-m2m`)",
  },
  {
    call: "POST /oidc/v1/token",
    grant: "a client secret of the service principal",
    purpose: "exchanges the client secret for a token (auth kind `oauth-m2m`)",
  },
];

/**
 * The row a request belongs to.
 *
 * @param path without query
 */
export function permissionFor(method: string, path: string): Permission | undefined {
  return PERMISSIONS.find(({ call }) => {
    const pattern = call
      .replace(/[.*+?^$()|[\]\\]/g, "\\$&")
      .replace(/\{path\}/g, ".+")
      .replace(/\{\w+\}/g, "[^/]+(?:/result/chunks/\\d+)?");
    return new RegExp(`^${pattern}$`).test(`${method} ${path}`);
  });
}
