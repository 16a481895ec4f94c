/** A server store in memory, for tests of the server alone. */
import type { AuditRow } from "../../access/audit.ts";
import type { TokenRow } from "../../access/tokens.ts";
import type { ApplyAnswer } from "../api.ts";
import type { SavedPlan, ServerStore } from "../server-deps.ts";

/** The store, and what it holds. */
export interface PlainStore extends ServerStore {
  readonly audits: AuditRow[];
  readonly applies: Map<string, ApplyAnswer>;
  /** Makes every call fail until it is set back. */
  broken: boolean;
  /** It answers, and takes no writes. */
  readOnly: boolean;
}

/** Makes an empty store. */
export function plainStore(): PlainStore {
  const tokens = new Map<string, TokenRow>();
  const plans = new Map<string, string>();
  const applies = new Map<string, ApplyAnswer>();
  const audits: AuditRow[] = [];
  const store: PlainStore = {
    audits,
    applies,
    broken: false,
    readOnly: false,
    access: {
      addToken: async (row) => void tokens.set(row.id, { ...row }),
      findToken: async (hash) => [...tokens.values()].find((row) => row.hash === hash),
      listTokens: async () => [...tokens.values()],
      async revokeToken(id, at) {
        const row = tokens.get(id);
        if (row !== undefined) row.revokedAt ??= at;
      },
      async touchToken(id, at) {
        const row = tokens.get(id);
        if (row !== undefined) row.lastUsedAt = at;
      },
      async addAudit(row) {
        if (store.broken) throw new Error("disk full at /secret/place");
        audits.push(row);
      },
    },
    jobs: {
      savePlan: async (saved) => void plans.set(saved.id, JSON.stringify(saved)),
      async findPlan(id) {
        const text = plans.get(id);
        return text === undefined ? undefined : (JSON.parse(text) as SavedPlan);
      },
      saveApply: async (apply) => void applies.set(apply.id, apply),
      findApply: async (id) => applies.get(id),
      applyJournal: async () => [],
    },
    runs: { lastSeq: async () => 0, eventsAfter: async () => [], log: async () => undefined },
    isWritable: async () => !store.readOnly,
    async ping() {
      if (store.broken) throw new Error("disk full at /secret/place");
    },
  };
  return store;
}
