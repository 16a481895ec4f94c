/** Opens the questions to the lineage of a project; the store is opened with the first of them. */
import type { OpenQuestions } from "../lineage/questions.ts";
import type { Store } from "../store/transaction.ts";
import type { Clock } from "../util/clock.ts";

/** @param jobIdOf job id of a declared resource, where the state knows it */
export function lazyQuestions(
  store: () => Promise<Store>,
  clock: Clock,
  jobIdOf: (resource: string) => Promise<string | undefined>,
): OpenQuestions {
  let opened: Promise<OpenQuestions> | undefined;
  const open = (): Promise<OpenQuestions> => {
    opened ??= (async () => {
      const { openQuestions } = await import("../lineage/questions.ts");
      return openQuestions({ store: (await store()).lineage, now: () => clock.now(), jobIdOf });
    })();
    // A store that could not be opened is tried again by the next question.
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };
  return {
    at: async (...question) => (await open()).at(...question),
    graph: async (...question) => (await open()).graph(...question),
    trace: async (...question) => (await open()).trace(...question),
    evidence: async (...question) => (await open()).evidence(...question),
    explain: async (...question) => (await open()).explain(...question),
    search: async (...question) => (await open()).search(...question),
    overview: async (...question) => (await open()).overview(...question),
    datasets: async (...question) => (await open()).datasets(...question),
    jobs: async (...question) => (await open()).jobs(...question),
    edges: async (...question) => (await open()).edges(...question),
    diff: async (...question) => (await open()).diff(...question),
    coverage: async (...question) => (await open()).coverage(...question),
    waves: async (...question) => (await open()).waves(...question),
  };
}
