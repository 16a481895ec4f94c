/** A wave plan in text: a table of the waves, the groups with their reasons, then what needs a person. */
import type { WaveGroup, WavePlan } from "../../model/wave.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";
import { table } from "./table.ts";
import { count, group } from "./value.ts";

/** Names of a list that are written out; the rest is counted. */
const MOST = 6;

function list(names: readonly string[]): string {
  const shown = names.slice(0, MOST).map(safe).join(", ");
  return names.length > MOST ? `${shown} and ${group(names.length - MOST)} more` : shown;
}

const size = (bytes: number): string => {
  const power = bytes < 1_000 ? 0 : Math.min(5, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1_000 ** power).toPrecision(3))} ${["B", "kB", "MB", "GB", "TB", "PB"][power]}`;
};

const jobNames = ({ jobs }: Pick<WaveGroup, "jobs">): string[] => jobs.map(({ id, name }) => name ?? id);

function groupLines(style: Style, { jobs, tables, constraint, why }: WaveGroup): string[] {
  const names = [
    ...(jobs.length > 0 ? [paint(style, "strong", list(jobNames({ jobs })))] : []),
    ...(tables.length > 0 ? [list(tables)] : []),
  ].join(" + ");
  return [
    `  ${names}${constraint === "hard" ? "" : paint(style, "faint", ` (${constraint})`)}`,
    paint(style, "faint", `    ${safe(why)}`),
  ];
}

function waveLines(style: Style, plan: WavePlan): string[] {
  return plan.waves.flatMap(({ number, groups }) => {
    const withJobs = groups.filter(({ jobs }) => jobs.length > 0);
    const alone = groups.filter(({ jobs }) => jobs.length === 0).flatMap(({ tables }) => tables);
    return [
      "",
      paint(style, "strong", `wave ${number}`),
      ...withJobs.flatMap((one) => groupLines(style, one)),
      ...(alone.length > 0 ? [`  ${count(alone.length, "table")} that nobody writes: ${list(alone)}`] : []),
    ];
  });
}

export function wavesText(style: Style, plan: WavePlan): string {
  const { waves, blockers, hubs, cut, excluded, freeze } = plan;
  const groups = waves.reduce((sum, wave) => sum + wave.groups.length, 0);
  const jobs = waves.reduce((sum, wave) => sum + wave.jobs, 0);
  const tables = waves.reduce((sum, wave) => sum + wave.tables, 0);
  const sized = plan.unsized < tables;
  const lines = [
    `${paint(style, "strong", count(waves.length, "wave"))} for ${count(jobs, "job")} and ${count(tables, "table")} in ${count(groups, "group")}`,
    ...table(
      style,
      [
        { title: "wave", align: "right" },
        { title: "groups", align: "right" },
        { title: "jobs", align: "right" },
        { title: "tables", align: "right" },
        ...(sized ? [{ title: "size", align: "right" } as const] : []),
      ],
      waves.map((wave) => [
        ...[wave.number, wave.groups.length, wave.jobs, wave.tables].map(group),
        ...(sized ? [size(wave.bytes)] : []),
      ]),
    ),
    ...waveLines(style, plan),
  ];
  const part = (title: string, rows: readonly string[]): void => {
    if (rows.length > 0) lines.push("", title, ...rows.map((row) => `  ${safe(row)}`));
  };
  part(
    paint(style, "bad", count(blockers.length, "blocker")),
    blockers.map(({ why }) => why),
  );
  part(
    `${count(hubs.length, "hub")}: what taking a table out (exclude) would buy`,
    hubs.map(
      ({ table: hub, with: others = [], groupsBefore, groupsAfter, jobs: inGroup }) =>
        `${[hub, ...others].join(" with ")} splits ${count(groupsBefore, "group")} of ${count(inGroup, "job")} into ${group(groupsAfter)}`,
    ),
  );
  part(
    `${count(cut.length, "dependency", "dependencies")} that may exist and ${cut.length === 1 ? "is" : "are"} not kept`,
    cut.map(({ job, table: name, access }) => `job ${job}, ${access} of ${name}`),
  );
  const out = [...jobNames(excluded), ...excluded.tables];
  if (out.length > 0) lines.push("", `left out by pins: ${list(out)}`);
  part(
    "frozen, nothing moves",
    freeze.map(({ from, to }) => `${from} to ${to}`),
  );
  if (plan.capacity.bytes !== undefined && plan.unsized > 0) {
    lines.push(
      "",
      `${count(plan.unsized, "table")} of unknown size count as no bytes; an inventory may tell (--inventory)`,
    );
  }
  return `${lines.join("\n")}\n`;
}
