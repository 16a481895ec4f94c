/** The edits of a table, kept while other views are looked at, and asked for before the page is left. */
import { useCallback, useEffect, useState } from "react";
import { type Drafts, NONE } from "./drafts.ts";

const kept = new Map<string, Drafts>();

/** By source. They live as long as the page: nothing of a table is stored in the browser. */
export function useDrafts(source: string): [Drafts, (change: (drafts: Drafts) => Drafts) => void] {
  const [drafts, setDrafts] = useState(() => kept.get(source) ?? NONE);
  const change = useCallback(
    (next: (drafts: Drafts) => Drafts) => {
      const made = next(kept.get(source) ?? NONE);
      kept.set(source, made);
      setDrafts(made);
    },
    [source],
  );
  const dirty = drafts.list.length > 0;
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [dirty]);
  return [drafts, change];
}
