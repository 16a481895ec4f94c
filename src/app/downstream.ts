/** Lets a plan of the jobs room ask the lineage whom its changes feed. */
import { existsSync } from "node:fs";
import type { AskDownstream } from "../jobs/downstream.ts";
import type { OpenQuestions } from "../lineage/questions.ts";
import type { storeTarget } from "./store.ts";

/**
 * @param target where the store lies; a plan makes none where there is none
 * @param questions to the lineage of that store
 * @param expected whether the project has sources of lineage, so that none in the store is worth a word
 */
export function downstreamFrom(
  target: () => ReturnType<typeof storeTarget>,
  questions: () => Pick<OpenQuestions, "at">,
  expected: boolean,
): AskDownstream {
  const none = expected ? "unknown" : undefined;
  return async (jobIds) => {
    const { kind, ...where } = target();
    if (kind === "sqlite" && "path" in where && !existsSync(where.path)) return none;
    const graph = await questions().at();
    if (graph.nodes.length === 0) return none;
    const { downstreamOf } = await import("../across/impact.ts");
    return { at: graph.at, of: downstreamOf(graph, jobIds) };
  };
}
