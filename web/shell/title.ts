/** Title of the document. */
import { useEffect } from "react";
import { useStatus } from "../api/queries.ts";

/** `Jobs · retail · headgate`. */
export function useTitle(view: string): void {
  const project = useStatus().data?.project;
  useEffect(() => {
    document.title = [view, project, "headgate"].filter(Boolean).join(" · ");
  }, [view, project]);
}
