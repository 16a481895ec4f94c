/** Pins of the board, as they stand in the URL and in pins.yml. Pure. */
import type { LineageWavesView } from "../../../src/model/view-waves.ts";
import { counted } from "../../words/count.ts";

/** A job or table, and the wave it is held in; null leaves it out. */
export interface Pin {
  kind: "job" | "table";
  name: string;
  wave: number | null;
}

const escaped = (text: string) => text.replace(/[%,=]/g, (char) => encodeURIComponent(char));

/** `job:481120933371=3,table:ctl.audit=exclude`. */
export function pinsText(pins: readonly Pin[]): string {
  return pins.map(({ kind, name, wave }) => `${kind}:${escaped(name)}=${wave ?? "exclude"}`).join(",");
}

/** Reads what {@link pinsText} wrote; what is no pin is left out. */
export function parsePins(text: string | null): Pin[] {
  return (text ?? "").split(",").flatMap((part): Pin[] => {
    const match = /^(job|table):(.+)=(\d+|exclude)$/.exec(part);
    if (match === null) return [];
    const [, kind, name, wave] = match;
    return [
      {
        kind: kind as Pin["kind"],
        name: decodeURIComponent(name as string),
        wave: wave === "exclude" ? null : Number(wave),
      },
    ];
  });
}

/** Pins with some more; a job or table has one pin. */
export function withPins(pins: readonly Pin[], more: readonly Pin[]): Pin[] {
  const key = (pin: Pin) => `${pin.kind}:${pin.name}`;
  const changed = new Set(more.map(key));
  return [...pins.filter((pin) => !changed.has(key(pin))), ...more];
}

/** pins.yml, as `headgate lineage waves --pins` reads it. */
export function pinsYaml(pins: readonly Pin[]): string {
  const part = (kind: Pin["kind"]) =>
    pins
      .filter((pin) => pin.kind === kind)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((pin) => `    ${JSON.stringify(pin.name)}: ${pin.wave ?? "exclude"}\n`)
      .join("");
  const [jobs, tables] = [part("job"), part("table")];
  return `pins:\n${jobs === "" ? "  jobs: {}\n" : `  jobs:\n${jobs}`}${tables === "" ? "  tables: {}\n" : `  tables:\n${tables}`}`;
}

type Group = LineageWavesView["waves"][number]["groups"][number];

/** What a group is called: its first jobs, or its tables where it has none. */
export function groupTitle(group: Group): string {
  const names = group.jobs.length > 0 ? group.jobs.map((job) => job.name ?? job.id) : group.tables;
  if (names.length <= 2) return names.join(", ");
  return `${names[0]} and ${names.length - 1}`;
}

/** Tells a group from the others, and stays the same while its jobs do. */
export function groupKey(group: Group): string {
  return group.jobs.length > 0 ? `job:${group.jobs[0]?.id}` : `table:${group.tables[0]}`;
}

/** Pins that put a whole group into a wave. */
export function groupPins(group: Group, wave: number): Pin[] {
  if (group.jobs.length > 0) return group.jobs.map((job) => ({ kind: "job", name: job.id, wave }));
  return group.tables.map((name) => ({ kind: "table", name, wave }));
}

/** What pins changed, in one sentence: `5 waves instead of 6; 3 groups in another wave`. */
export function difference(before: LineageWavesView, after: LineageWavesView): string {
  const place = (plan: LineageWavesView) => {
    const waves = new Map<string, number>();
    for (const wave of plan.waves) {
      for (const group of wave.groups) for (const job of group.jobs) waves.set(job.id, wave.number);
    }
    return waves;
  };
  const [old, now] = [place(before), place(after)];
  const moved = [...now].filter(([job, wave]) => old.has(job) && old.get(job) !== wave).length;
  const gone = [...old.keys()].filter((job) => !now.has(job)).length;
  const count = (plan: LineageWavesView) => plan.waves.length;
  const groups = (plan: LineageWavesView) => plan.waves.reduce((sum, wave) => sum + wave.groups.length, 0);
  const words = [
    count(before) === count(after)
      ? `${counted(count(after), "wave")} as before`
      : `${counted(count(after), "wave")} instead of ${count(before)}`,
    ...(groups(before) === groups(after) ? [] : [`${counted(groups(after), "group")} instead of ${groups(before)}`]),
    ...(moved > 0 ? [`${moved} ${moved === 1 ? "job moves" : "jobs move"} in another wave`] : []),
    ...(gone > 0 ? [`${gone} left out`] : []),
  ];
  return words.join("; ");
}
