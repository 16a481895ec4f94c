/** POST and GET /runs/…: hands each checked call to the runs room, with who calls and the key of a repeat. */
import { HeadgateError } from "../../errors.ts";
import { explainRuns } from "../../model/explained-runs.ts";
import { stageOf } from "../../model/run-ref.ts";
import { nearest } from "../../util/nearest.ts";
import { maskSecrets } from "../../util/secret-patterns.ts";
import type { RUNS_ROUTES } from "../api/runs.ts";
import type { RouteName } from "../api.ts";
import type { Call, Handlers } from "../handler.ts";
import type { ServerDeps } from "../server-deps.ts";
import type { ServerRuns } from "../server-runs.ts";

/** Several things as the API answers them. */
function listOf<Item>(items: Item[]) {
  return { value: { count: items.length, items, next: null } };
}

const contextOf = ({ principal, idempotencyKey }: Pick<Call<RouteName>, "principal" | "idempotencyKey">) => ({
  actor: principal.actor,
  idempotencyKey,
});

/** Messages of Spark, JDBC and the clouds quote tokens and connection strings: those stay out of the store. */
function unspoken<Body extends { logMessage?: string | undefined }>(body: Body): Body {
  return body.logMessage === undefined ? body : { ...body, logMessage: maskSecrets(body.logMessage) };
}

const UNEXPLAINED = async () => [];

/**
 * Handlers of the runs room.
 * @param onWrite called after each change, so that whoever follows looks at once
 * @param causes why a run is red or waits, where somebody can say
 */
export function runsRoutes(
  runs: ServerRuns,
  onWrite: () => void,
  causes: NonNullable<ServerDeps["causes"]> = UNEXPLAINED,
): Pick<Handlers, keyof typeof RUNS_ROUTES> {
  /** A verb that takes one request. */
  const verb =
    <Body, Answer>(run: (body: Body, context: ReturnType<typeof contextOf>) => Promise<Answer>) =>
    async (call: { body: Body } & Pick<Call<RouteName>, "principal" | "idempotencyKey">) => {
      const value = await run(call.body, contextOf(call));
      onWrite();
      return { value };
    };

  function viewOf(name: string) {
    const known = Object.keys(runs.views);
    const found = known.find((one) => one === name) as keyof typeof runs.views | undefined;
    if (found !== undefined) return runs.views[found];
    const near = nearest(name, known);
    throw new HeadgateError("not_found", `There is no view ${name}`, {
      hint: near === undefined ? `Views are ${known.join(", ")}.` : `Did you mean ${near}?`,
      permanent: true,
    });
  }

  return {
    setupRuns: async (call) => listOf(await runs.setup(contextOf(call))),
    registerSequence: verb((details, { actor }) => runs.registerSequence(details, { actor })),
    registerProcess: verb(({ projectCode, processLoad, insertOnly, ...details }, { actor }) =>
      runs.registerProcess(projectCode, processLoad, details, { actor, insertOnly }),
    ),
    registerTask: verb(({ projectCode, processLoad, insertOnly, ...details }, { actor }) =>
      runs.registerTask(projectCode, processLoad, details, { actor, insertOnly }),
    ),
    registerParameter: verb(({ projectCode, processLoad, insertOnly, ...details }, { actor }) =>
      runs.registerParameter(projectCode, processLoad, details, { actor, insertOnly }),
    ),
    generateRun: verb(({ executionId, projectCode, processLoad, processingDate, ...options }, context) =>
      runs.generateExecutionSteps(executionId, projectCode, processLoad, processingDate, options, context),
    ),
    startTask: verb((body, context) => runs.startTask(body, context)),
    heartbeat: verb((body, context) => runs.heartbeat(body, context)),
    reportProgress: verb((body, context) => runs.progress(body, context)),
    endTask: verb((body, context) => runs.endTask(unspoken(body), context)),
    failTask: verb((body, context) => runs.failTask(unspoken(body), context)),
    skipTask: verb((body, context) => runs.skip(body, context)),
    unskipTask: verb((body, context) => runs.unskip(body, context)),
    cancelRun: verb((body, context) => runs.cancel(body, context)),
    amendTask: verb((body, context) => runs.amend(unspoken(body), context)),
    resetTasks: verb((body, context) => runs.statusReset(body, context)),
    setMode: verb((body, context) => runs.setProcessingMode(body, context)),
    setWatermark: verb((body, context) => runs.setWatermark(body, context)),
    advanceWatermark: verb((body, context) => runs.advanceWatermark(body, context)),
    rollbackWatermark: verb((body, context) => runs.rollbackWatermark(body, context)),

    newExecutionId: async () => ({ value: { executionId: runs.generateExecutionId() } }),
    async getPendingTasks(call) {
      const value = await runs.getPendingTasks(call.query, { actor: call.principal.actor });
      onWrite();
      return { value };
    },
    async getRunStatus({ query }) {
      const { value } = listOf(await runs.getStatus(query));
      return { value: { ...value, causes: query.summaryMode ? [] : await explainRuns(value.items, causes) } };
    },
    async getBlockers({ query }) {
      const { items, sentences } = await runs.getBlockers(query);
      return { value: { ...listOf(items).value, sentences, causes: await explainRuns(items, causes) } };
    },
    canAdvance: async ({ query }) => ({
      value: await runs.canAdvance({ ...query, ...stageOf(query.workflowId, query.sequenceId) }),
    }),
    getWatermark: async ({ query }) => ({ value: await runs.getActiveWatermark(query) }),
    getWatermarkHistory: async ({ query }) => listOf(await runs.watermarkHistory(query)),
    getMode: async ({ query }) => ({ value: await runs.getMode(query) }),
    listProcesses: async ({ query }) => listOf(await runs.processes(query)),
    getRunLogs: async ({ query }) => listOf((await runs.logs(query)).map(({ key: _key, ...line }) => line)),
    getRunView: async ({ params, query }) => listOf(await viewOf(params.view)(query)),
  };
}
