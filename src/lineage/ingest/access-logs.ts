/** Days of access logs: scanned once, attributed day by day to the jobs that sent the requests. */
import type { Engine } from "../../engines/engine.ts";
import type { AccessLogSource } from "../../sources/evidence-source.ts";
import { isObject, type Json } from "../../util/json.ts";
import { openAttributor } from "../attribute/attribute.ts";
import { inLogs } from "../attribute/cluster-id.ts";
import { contentOf } from "./attribution-content.ts";
import { type AttributionFacts, type DayFacts, dayAfter, dayFacts } from "./attribution-facts.ts";
import type { DayContent, DayReader } from "./day-reader.ts";
import { type Kept, keptLogs } from "./kept-logs.ts";

/** Version of the attribution: another one makes every day be computed again, from what is kept. */
const RULES = "attribution 2";

/** What access logs are read with. */
export interface AccessLogSetting {
  engine: Engine;
  /** Folder for scanned logs, absolute. */
  cache: string;
  facts: AttributionFacts;
  /** Id of the workspace whose jobs and tables are meant where nothing else says so. */
  home(): Promise<string>;
  signal?: AbortSignal | undefined;
}

/** What a day was attributed by: the version of the rules, then runs and tables. */
const rulesetBy = (days: DayFacts, day: string, asked: readonly string[]): string =>
  `${RULES}:${days.runs(day)}:${days.tables(asked)}`;

const askedOf = (coverage: Json | undefined): string[] => {
  const asked = isObject(coverage) ? coverage.asked : undefined;
  return Array.isArray(asked) ? asked.filter((one): one is string => typeof one === "string") : [];
};

/** A reader of access logs. */
export function accessLogDays(source: AccessLogSource, setting: AccessLogSetting): DayReader {
  const { engine, cache, facts, home, signal } = setting;
  const { bySecond: clusters, nodes } = openAttributor(facts.inventory, facts.uses);
  const days = dayFacts(facts);
  const kept = keptLogs(source, engine, cache, { clusters, nodes }, signal);
  const beside = (day: string): string[] => [
    ...(days.overnight(dayAfter(day, -1)).length > 0 ? [dayAfter(day, -1)] : []),
    ...(days.overnight(day).length > 0 ? [dayAfter(day)] : []),
  ];

  return {
    ruleset: source.ruleset,
    beside,
    keeps: (unit) => kept.has(unit),
    ahead: (units) => kept.ahead(units),
    daysOf: async (unit) => (await kept.unit(unit)).days,
    async rulesetOf(day, coverage) {
      if (facts.runsFrom !== undefined && day < facts.runsFrom) return undefined;
      return rulesetBy(days, day, askedOf(coverage));
    },
    async day(day, units, around): Promise<DayContent> {
      const attributor = openAttributor(facts.inventory, facts.uses, true);
      const own: Kept[] = [];
      for (const unit of units) own.push(await kept.unit(unit));
      const take = async (of: readonly Kept[], on: string, clusters?: readonly string[]): Promise<void> => {
        const files = of.filter((one) => one.days.includes(on)).map(({ file }) => file);
        for await (const groups of engine.kept({ files, day: on, clusters })) {
          signal?.throwIfAborted();
          for (const group of groups) attributor.add(group, on === day);
        }
      };
      await take(own, day);
      const beyond = [...own];
      for (const unit of around) beyond.push(await kept.unit(unit));
      await take(beyond, dayAfter(day, -1), days.overnight(dayAfter(day, -1)).flatMap(inLogs));
      await take(beyond, dayAfter(day), days.overnight(day).flatMap(inLogs));
      // lines that are no records have no day of their own: they count with the first of their file's
      const torn = own.filter((one) => one.days[0] === day).reduce((sum, one) => sum + one.unreadable, 0);
      const attributed = attributor.finish(torn);
      return {
        ruleset: rulesetBy(days, day, attributed.asked),
        ...contentOf(attributed, await home()),
      };
    },
  };
}
