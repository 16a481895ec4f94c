/** The fakes, for `headgate/testing`. */
export * from "./databricks/index.ts";
