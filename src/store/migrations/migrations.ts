/** All migrations, oldest first. One that was released is never changed: what is new comes as the next one. */
import { type Migration, sql } from "kysely";
import type { StoreKind } from "../schema/schema.ts";
import { first } from "./0001-first/index.ts";
import { coverage } from "./0002-coverage.ts";
import { watermarkUntil } from "./0003-watermark-until.ts";
import { textFiles } from "./0004-text-files.ts";

/** A migration as statements, by database. */
export interface SchemaStep {
  /** `0001_first`; the number is the version of the schema after it. */
  name: string;
  statements(kind: StoreKind): string[];
}

/** The steps this version of headgate knows. */
export const STEPS: readonly SchemaStep[] = [
  { name: "0001_first", statements: first },
  { name: "0002_coverage", statements: coverage },
  { name: "0003_watermark_until", statements: watermarkUntil },
  { name: "0004_text_files", statements: textFiles },
];

/** The steps as kysely's migrator wants them. */
export function kyselyMigrations(kind: StoreKind, steps: readonly SchemaStep[]): Record<string, Migration> {
  return Object.fromEntries(
    steps.map((step) => [
      step.name,
      {
        up: async (db) => {
          for (const statement of step.statements(kind)) await sql.raw(statement).execute(db);
        },
      } satisfies Migration,
    ]),
  );
}
