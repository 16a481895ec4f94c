/** What the URL of a focus says: depth, dates, what is unfolded and selected, graph or table. */
import { useMemo } from "react";
import { useUrl } from "../../../api/use-url.ts";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
export const DEEPEST = 8;
/** Steps where the URL says none: to the job, and to the table behind it. */
export const USUAL = 2;

const stepsOf = (text: string | null, otherwise: number) => {
  const value = Number(text);
  return text !== null && Number.isInteger(value) && value >= 0 ? Math.min(DEEPEST, value) : otherwise;
};
const dayOf = (text: string | null) => (text !== null && DAY.test(text) ? text : null);

export interface FocusUrl {
  up: number;
  down: number;
  /** Null = the last day known. */
  at: string | null;
  /** The day it is compared with. */
  diff: string | null;
  /** Id of the selected edge. */
  sel: string | null;
  /** Refs whose bundles are unfolded. */
  open: string[];
  table: boolean;
}

/** Refs in one value of the URL: each percent-encoded, so that a comma in a path parts nothing. */
export const openText = (refs: readonly string[]): string => [...new Set(refs)].map(encodeURIComponent).join(",");

function decoded(text: string): string[] {
  try {
    return [decodeURIComponent(text)];
  } catch (error) {
    if (error instanceof URIError) return [];
    throw error;
  }
}

export function useFocusUrl(): [FocusUrl, (values: Record<string, string | null>, push?: boolean) => void] {
  const [params, change] = useUrl();
  const url = useMemo(
    (): FocusUrl => ({
      up: stepsOf(params.get("up"), USUAL),
      down: stepsOf(params.get("down"), USUAL),
      at: dayOf(params.get("at")),
      diff: dayOf(params.get("diff")),
      sel: params.get("sel"),
      open: (params.get("open") ?? "").split(",").filter(Boolean).flatMap(decoded),
      table: params.get("view") === "table",
    }),
    [params],
  );
  return [url, change];
}
