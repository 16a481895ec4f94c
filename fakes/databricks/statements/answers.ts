/** What SQL statements are answered with: rules by regular expression, or a function that is asked first. */
import type { Json } from "../json.ts";
import { type LineageTables, makeLineageTables } from "./lineage.ts";
import { type FakeTables, makeTables } from "./tables.ts";

/** A statement as it was sent. */
export interface AskedStatement {
  statement: string;
  warehouseId: string;
  catalog: string | undefined;
  schema: string | undefined;
  /** Named parameters with their values as text. */
  parameters: Record<string, string | null>;
  principal: string;
}

/** Rows, or an error. Without columns and error: a statement that gives no rows. */
export interface StatementAnswer {
  /** Types as in SQL (`BIGINT`, `STRING`); default `STRING`. */
  columns?: { name: string; type?: string }[];
  /** Values of any kind; on the wire they are texts or null. */
  rows?: Json[][];
  /** Message of a failure. */
  error?: string;
  errorCode?: string;
  sqlState?: string;
  /** How many looks at it find the statement unfinished. Default 0. */
  polls?: number;
  /** Rows in one chunk of the result. Default 10,000. */
  chunkRows?: number;
}

export type StatementHandler = (
  asked: AskedStatement,
) => StatementAnswer | undefined | Promise<StatementAnswer | undefined>;

export interface StatementRule extends StatementAnswer {
  /** Regular expression, in any case, across lines. */
  match: string;
  /** How many statements it answers; absent = all. */
  times?: number;
}

export interface StatementAnswers {
  add(rule: StatementRule): number;
  clear(): void;
  handle(handler: StatementHandler | undefined): void;
  /** Unity Catalog's lineage tables: asked after the rules. */
  readonly lineage: LineageTables;
  /** Tables that tests put there, or that statements made: asked after the rules. */
  readonly tables: FakeTables;
  /** The answer; a statement nobody knows succeeds without rows. */
  to(asked: AskedStatement): Promise<StatementAnswer>;
  /** The statements asked so far, the newest 1,000. */
  asked(): AskedStatement[];
}

export function makeStatementAnswers(now: () => number = Date.now): StatementAnswers {
  let rules: { rule: StatementRule; pattern: RegExp; used: number }[] = [];
  let log: AskedStatement[] = [];
  let handler: StatementHandler | undefined;
  const lineage = makeLineageTables();
  const tables = makeTables();
  return {
    lineage,
    tables,
    add(rule) {
      return rules.push({ rule, pattern: new RegExp(rule.match, "is"), used: 0 });
    },
    clear() {
      rules = [];
      log = [];
    },
    handle(next) {
      handler = next;
    },
    async to(asked) {
      log = [...log.slice(-999), asked];
      const answer = await handler?.(asked);
      if (answer) return answer;
      for (const entry of rules.toReversed()) {
        if (entry.rule.times !== undefined && entry.used >= entry.rule.times) continue;
        if (!entry.pattern.test(asked.statement)) continue;
        entry.used += 1;
        return entry.rule;
      }
      return tables.answer(asked, now()) ?? lineage.answer(asked) ?? {};
    },
    asked: () => log,
  };
}
