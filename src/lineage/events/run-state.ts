/**
 * What is known of a run, and what each further event adds to it. Events add up: a run's datasets are those of all its
 * events, in whatever order they come, and its state is the gravest that any of them told.
 */
import { isObject, type Json } from "../../util/json.ts";

/** From least to most telling. Spark reports COMPLETE after FAIL for one run id: it has failed. */
const RANKS = ["OTHER", "START", "RUNNING", "COMPLETE", "ABORT", "FAIL"];

/** The state of a run of which two states were told. */
export function laterState(a: string, b: string): string {
  return RANKS.indexOf(b) > RANKS.indexOf(a) ? b : a;
}

/** `reads`, `writes`: to a dataset; `calls`: from the job that started this one. */
export type Link = "reads" | "writes" | "calls";

/** What one source told on one day of a run and one other node. */
export interface LinkDay {
  files: number;
  bytes: number;
}

/** Links of a run: by `<link> <node id>`, then by `<source> <day>`. */
export type RunLinks = Record<string, Record<string, LinkDay>>;

const keyOf = (link: Link, node: number): string => `${link} ${node}`;

/**
 * Notes that an event told of a link.
 * @param links changed in place
 * @returns what is new about it: whether it is the first word of this run about it on this day, and how much more
 * files and bytes that makes
 */
export function noteLink(
  links: RunLinks,
  told: { link: Link; node: number; source: string; day: string; files: number; bytes: number },
): { runs: number; files: number; bytes: number } {
  const key = keyOf(told.link, told.node);
  const days = links[key] ?? {};
  links[key] = days;
  const dayKey = `${told.source} ${told.day}`;
  const before = days[dayKey];
  const after = { files: Math.max(before?.files ?? 0, told.files), bytes: Math.max(before?.bytes ?? 0, told.bytes) };
  days[dayKey] = after;
  return {
    runs: before === undefined ? 1 : 0,
    files: after.files - (before?.files ?? 0),
    bytes: after.bytes - (before?.bytes ?? 0),
  };
}

/** Node ids that a run reads, writes, or is called by. */
export function linkedNodes(links: RunLinks, link: Link): number[] {
  const prefix = `${link} `;
  return Object.keys(links)
    .filter((key) => key.startsWith(prefix))
    .map((key) => Number(key.slice(prefix.length)))
    .sort((a, b) => a - b);
}

/** Times and links of a run as the store keeps them. */
export interface RunIo {
  /** Earliest and latest event, UTC text. */
  firstAt: string;
  lastAt: string;
  links: RunLinks;
}

/** The same as JSON. */
export function ioJson(io: RunIo): Json {
  return io as unknown as Json;
}

/** Back from JSON; undefined where it is none of ours. */
export function ioOf(json: Json): RunIo | undefined {
  if (!isObject(json) || typeof json.firstAt !== "string" || !isObject(json.links)) return undefined;
  return json as unknown as RunIo;
}

/** The same with links of its own, which {@link noteLink} may change. */
export function copyOfIo(json: Json): RunIo | undefined {
  const io = ioOf(json);
  if (io === undefined) return undefined;
  const links = Object.fromEntries(Object.entries(io.links).map(([key, days]) => [key, { ...days }]));
  return { firstAt: io.firstAt, lastAt: io.lastAt, links };
}
