/** Sends the saved queries of one change, before its job, and trashes those that it leaves behind, after it. */
import { HeadgateError } from "../errors.ts";
import { fillLate } from "../model/late-reference.ts";
import type { Change, PlannedQuery } from "../model/plan.ts";
import type { JobState } from "../model/state.ts";
import type { QueryDefinition, SavedQuery } from "../workspace/workspace.ts";
import type { ApplySession } from "./apply-session.ts";
import { queryMemory, queryRevision, queryTag } from "./queries.ts";

/** How often a lost creation is looked for. Milliseconds. */
const POLL_MS = 1_000;

/** Queries of a change as they are in the workspace now, by task key. */
export type SentQueries = Map<string, NonNullable<JobState["queries"]>[string]>;

/** The text with secrets filled in. */
function openText(text: string, session: ApplySession): { sent: string; secret: boolean } {
  let secret = false;
  const sent = fillLate(text, (reference) => {
    if (reference.kind !== "env" && reference.kind !== "file") return undefined;
    const value = session.deps.secretOf(reference);
    if (value === undefined)
      throw new HeadgateError("declaration_invalid", `${reference.raw} cannot be resolved here`, { permanent: true });
    secret = true;
    return value;
  });
  return { sent: String(sent), secret };
}

/**
 * Makes and changes the saved queries of a change. One that is there is never made again.
 * @throws HeadgateError `plan_stale` where one moved since the plan was made
 */
export async function sendQueries(change: Change, session: ApplySession): Promise<SentQueries> {
  const sent: SentQueries = new Map();
  for (const query of change.queries ?? []) {
    const { sent: text, secret } = openText(query.text, session);
    const { name, warehouse, parameters, folder } = query;
    const tag = queryTag(session.deps.deployment, change.resource, query.key);
    const definition: QueryDefinition = { name, text, warehouse, parameters, folder, tags: [tag] };
    if (query.id !== null && query.send) await changeQuery(query, query.id, definition, session);
    const id = query.id ?? (await makeQuery(definition, tag, session));
    sent.set(query.key, queryMemory(session.digestKey, query, { id, sent: text, secret }));
  }
  return sent;
}

async function changeQuery(
  query: PlannedQuery,
  id: string,
  definition: QueryDefinition,
  session: ApplySession,
): Promise<void> {
  const { workspace } = session.deps;
  const found = await workspace.getQuery(id, { signal: session.stop });
  if (found === undefined || queryRevision(found.text) !== query.base) {
    const what = found === undefined ? "is gone" : "was changed";
    throw new HeadgateError("plan_stale", `saved query '${query.name}' ${what} since the plan was made`, {
      hint: "plan again, read it, then apply",
      permanent: false,
    });
  }
  await session.checkLock();
  await workspace.updateQuery(id, definition, { signal: session.stop });
}

/** Makes a query; where the answer is lost it is looked for by its tag until it must be there. */
async function makeQuery(definition: QueryDefinition, tag: string, session: ApplySession): Promise<string> {
  const { workspace, clock, settleMs } = session.deps;
  await session.checkLock();
  try {
    return await workspace.createQuery(definition, { signal: session.stop });
  } catch (error) {
    if (!(error instanceof HeadgateError) || error.data?.sent !== true) throw error;
    for (const until = clock.now() + settleMs; ; ) {
      const found = await taggedQuery(tag, session);
      if (found) return found.id;
      if (clock.now() >= until || session.stop.aborted) {
        throw new HeadgateError("retry", `the answer to making the saved query '${definition.name}' was lost`, {
          hint: "run again: it is looked for before it is made",
          permanent: false,
          cause: error,
        });
      }
      await clock.sleep(POLL_MS, session.stop).catch((reason: unknown) => {
        if (!session.stop.aborted) throw reason;
      });
    }
  }
}

async function taggedQuery(tag: string, session: ApplySession): Promise<SavedQuery | undefined> {
  for await (const query of session.deps.workspace.listQueries()) if (query.tags.includes(tag)) return query;
  return undefined;
}

/** What the state is to remember of a change's queries; those that are still to be trashed among them. */
export function queryRows(change: Change, sent: SentQueries, before: JobState | undefined): Pick<JobState, "queries"> {
  const left = (change.trash ?? []).flatMap(({ key }): [string, NonNullable<JobState["queries"]>[string]][] => {
    const row = before?.queries?.[key];
    return row === undefined || sent.has(key) ? [] : [[key, row]];
  });
  const rows = Object.fromEntries([...left, ...sent]);
  return Object.keys(rows).length === 0 ? {} : { queries: rows };
}

/** Trashes what no job runs any more. What was trashed before is not there any more, which is no error. */
export async function trashQueries(change: Change, session: ApplySession): Promise<void> {
  for (const { id } of change.trash ?? []) {
    await session.checkLock();
    await session.deps.workspace.trashQuery(id, { signal: session.stop });
  }
}
