/** Words for lineage: what an edge does, how sure it is, amounts, days, and where a node is shown. */
import type { LineageEdgeView, LineageNodeView, LineageRelation } from "../../src/model/view-lineage.ts";
import { counted, grouped, listed } from "./count.ts";

const DOES: Record<LineageRelation, string> = {
  reads: "is read by",
  writes: "writes",
  maintains: "maintains",
  defines: "is selected by",
  clones: "is cloned to",
  copies: "is copied to",
  calls: "starts",
};

/** `is read by`, `writes and maintains`: in the direction of the data. */
export const relationWords = (relations: readonly LineageRelation[]): string =>
  listed(relations.map((one) => DOES[one]));

/** What a strength is called: an edge that several jobs fit, or that was only inferred, is `ambiguous or inferred`. */
export function strengthWord(edge: Pick<LineageEdgeView, "strength" | "attributions">): string {
  if (edge.strength !== "unsure") return edge.strength;
  return edge.attributions.includes("ambiguous") ? "ambiguous" : "inferred";
}

/** `70 MB`, `1.4 TB`: decimal, as storage is billed. */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? Number(value.toFixed(1)) : Math.round(value)} ${units[unit]}`;
}

/** `14 files, 70 MB`; sightings where neither is known. */
export function seenText(edge: Pick<LineageEdgeView, "files" | "bytes" | "requests">): string {
  const parts = [edge.files > 0 && counted(edge.files, "file"), edge.bytes > 0 && bytesText(edge.bytes)];
  return parts.filter(Boolean).join(", ") || `${grouped(edge.requests)} seen`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `20 Nov`; with its year where that is not the year of `now`. */
export function dayText(day: string, now: Date): string {
  const [year = "", month = "", date = ""] = day.slice(0, 10).split("-");
  return `${Number(date)} ${MONTHS[Number(month) - 1]}${year === String(now.getUTCFullYear()) ? "" : ` ${year}`}`;
}

/** What a node is: a path is told from a table by its namespace. */
export function kindWord(node: Pick<LineageNodeView, "kind" | "namespace">): string {
  if (node.kind === "principal") return "person or application";
  if (node.kind !== "dataset") return node.kind;
  return /^(databricks|hive|unity)/.test(node.namespace) ? "table" : "path";
}

/** The name people use: a table's whole name, a job's title. */
export const spoken = (node: Pick<LineageNodeView, "kind" | "name" | "label">): string =>
  node.kind === "dataset" ? node.name : node.label;

/** Where the graph around a node is shown. */
export const lineagePath = (ref: string): string => `/lineage?node=${encodeURIComponent(ref)}`;
