/** Control calls on the workspace: clock, settings, principals, tokens, faults, the request log, files. */
import { canonicalPath, parentOf } from "../files/tree.ts";
import type { FaultRule } from "../http/faults.ts";
import type { LoggedRequest } from "../http/request-log.ts";
import type { Json, JsonObject } from "../json.ts";
import type { PrincipalOptions, Settled } from "../options.ts";
import type { AskedStatement, StatementRule } from "../statements/answers.ts";
import type { LineageRow } from "../statements/lineage.ts";
import type { ThingKind } from "../things/routes.ts";
import type { World } from "../world.ts";

/** Options that may be changed while the workspace runs. */
export type Adjustable = Partial<
  Pick<
    Settled,
    | "listLagMs"
    | "missingJob"
    | "unknownFields"
    | "validation"
    | "runAs"
    | "tokenLifetimeSeconds"
    | "policies"
    | "defaultBehaviour"
  >
> & { startup?: Partial<Settled["startup"]> };

export function workspaceControl(world: World) {
  return {
    /** Reads the clock, after pushing it forward (`advance`, ms), setting it (`set`, ms since 1970) or changing its speed. */
    clock(args: { advance?: number; set?: number; speed?: number } = {}): { now: number; speed: number } {
      if (args.speed !== undefined) world.clock.setSpeed(args.speed);
      if (args.set !== undefined) world.clock.set(args.set);
      if (args.advance !== undefined) world.clock.advance(args.advance);
      return { now: world.clock.now(), speed: world.clock.speed() };
    },
    /** Changes options. @returns the options that can be changed */
    adjust(args: Adjustable = {}): Adjustable {
      const { startup, ...rest } = args;
      Object.assign(world.options, rest);
      Object.assign(world.options.startup, startup);
      const { listLagMs, missingJob, unknownFields, validation, runAs } = world.options;
      const { tokenLifetimeSeconds, policies, defaultBehaviour } = world.options;
      return {
        ...{
          listLagMs,
          missingJob,
          unknownFields,
          validation,
          runAs,
          tokenLifetimeSeconds,
          policies,
          defaultBehaviour,
        },
        startup: world.options.startup,
      };
    },
    /** Adds or replaces a principal; its home folder is made. */
    addPrincipal(args: PrincipalOptions): object {
      const principal = world.directory.add(args);
      world.files.makeFolder(`/Users/${principal.userName}`, principal.userName);
      return {};
    },
    /** Makes a token known. */
    addToken(args: { token: string; userName: string; lifetimeSeconds?: number }): object {
      world.directory.addToken(args.token, args.userName, args.lifetimeSeconds);
      return {};
    },
    /** Makes tokens unknown: one, all of a principal, or (without arguments) all OAuth tokens. @returns how many */
    dropTokens(args: { token?: string; userName?: string } = {}): { dropped: number } {
      return { dropped: world.directory.dropTokens(args) };
    },
    /** Adds a fault. @returns its id */
    addFault(args: FaultRule): { id: number } {
      return { id: world.faults.add(args) };
    },
    /** The faults, with how many requests matched and how many were hit. */
    faults() {
      return world.faults.list();
    },
    /** Removes one fault, or all. */
    removeFaults(args: { id?: number } = {}): object {
      if (args.id === undefined) world.faults.clear();
      else world.faults.remove(args.id);
      return {};
    },
    /** The requests seen, oldest first; `path` is a regular expression. */
    requests(args: { method?: string; path?: string; principal?: string } = {}): LoggedRequest[] {
      return world.log.list(args);
    },
    clearRequests(): object {
      world.log.clear();
      return {};
    },
    /** Says how SQL statements are answered that match; the latest rule wins. */
    addStatement(args: StatementRule): object {
      world.answers.add(args);
      return {};
    },
    /** The SQL statements asked, oldest first. */
    statements(): AskedStatement[] {
      return world.answers.asked();
    },
    /** Puts a table there, by its name of three parts; rows are lists of values in the order of the columns. */
    setTable(args: { name: string; columns: (string | { name: string; type: string })[]; rows?: Json[][] }): object {
      const columns = args.columns.map((column) =>
        typeof column === "string" ? { name: column, type: "STRING" } : column,
      );
      const rows = (args.rows ?? []).map((row) =>
        Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])),
      );
      world.answers.tables.set(args.name, { columns, rows });
      return {};
    },
    /** Rows of a table, values by column. */
    table(args: { name: string }): JsonObject[] {
      return world.answers.tables.get(args.name)?.rows ?? [];
    },
    /** Forgets the rules for statements, and the statements asked. */
    clearStatements(): object {
      world.answers.clear();
      return {};
    },
    /** Adds rows to `system.access.table_lineage` and `system.access.column_lineage`; what a row leaves out is NULL. */
    addLineage(args: { table_lineage?: LineageRow[]; column_lineage?: LineageRow[] }): object {
      world.answers.lineage.add(args);
      return {};
    },
    /** Takes all rows out of the lineage tables. */
    clearLineage(): object {
      world.answers.lineage.clear();
      return {};
    },
    /** Makes columns of the lineage tables unknown, and takes the right to read them from principals; absent = none. */
    limitLineage(args: { columns?: string[]; principals?: string[] } = {}): object {
      world.answers.lineage.hide(args.columns ?? []);
      world.answers.lineage.deny(args.principals ?? []);
      return {};
    },
    /** Puts things there that jobs refer to: ids with names, by kind. */
    addThings(args: Partial<Record<ThingKind, Record<string, string>>>): object {
      for (const [kind, things] of Object.entries(args) as [ThingKind, Record<string, string>][]) {
        const known = world.things.get(kind) ?? new Map<string, string>();
        for (const [id, name] of Object.entries(things)) known.set(id, name);
        world.things.set(kind, known);
      }
      return {};
    },
    /** All files (no folders) with their text. */
    files(): { path: string; size: number; creator: string; text: string }[] {
      return world.files
        .all()
        .filter(({ kind }) => kind !== "directory")
        .map(({ path, content, creator }) => ({ path, size: content.length, creator, text: content.toString("utf8") }));
    },
    /** Writes a file behind everybody's back; its folders are made. */
    writeFile(args: { path: string; text: string; as?: string }): object {
      const path = canonicalPath(args.path);
      const creator = args.as ?? "admin@example.com";
      world.files.makeFolder(parentOf(path), creator);
      world.files.put({ path, kind: "file", content: Buffer.from(args.text), language: undefined, creator });
      return {};
    },
    /** Removes a file or folder with all in it. */
    removeFile(args: { path: string }): object {
      world.files.remove(canonicalPath(args.path));
      return {};
    },
  };
}
