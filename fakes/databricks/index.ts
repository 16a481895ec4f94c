/** The fake Databricks workspace, for tests. */
export type { Control } from "./control/control.ts";
export type { JobView } from "./control/jobs.ts";
export type { ShownQuery } from "./control/queries.ts";
export type { StartRun } from "./control/runs.ts";
export type { Fault, FaultRule } from "./http/faults.ts";
export type { LoggedRequest } from "./http/request-log.ts";
export type { FakeDatabricksOptions, PrincipalOptions, TaskBehaviour } from "./options.ts";
export type { BehaviourRule, StartingTask } from "./runs/behaviours.ts";
export { type FakeDatabricks, startFakeDatabricks } from "./start.ts";
export type { AskedStatement, StatementAnswer, StatementHandler, StatementRule } from "./statements/answers.ts";
