/** The fakes, for `headgate/testing`. */

export * from "./azure/index.ts";
export * from "./databricks/index.ts";
