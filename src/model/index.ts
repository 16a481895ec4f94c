/** `headgate/model`: every noun, one file each. */
export type * from "./access-edge.ts";
export type * from "./cluster-use.ts";
export * from "./identity.ts";
export * from "./job.ts";
export * from "./plan.ts";
export * from "./problem.ts";
export * from "./reference.ts";
export * from "./run.ts";
export * from "./state.ts";
export type * from "./table-inventory.ts";
export * from "./view.ts";
export * from "./wave.ts";
