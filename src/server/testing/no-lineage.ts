/** Lineage for tests of the server that have none: every question to it is a fault of the test. */
import type { LineageQuestions } from "../../model/lineage-question.ts";

export const noLineage = new Proxy({} as LineageQuestions, {
  get: (_target, name) => async () => {
    throw new Error(`this test has no lineage, but ${String(name)} was asked`);
  },
});
