/** State that lives in the URL: a link shows what its sender saw. */
import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";

/** Query of the URL and a way to change parts of it; empty values are left out. */
export function useUrl(): [URLSearchParams, (change: Record<string, string | null>, push?: boolean) => void] {
  const search = useSearch();
  const [, navigate] = useLocation();
  const params = useMemo(() => new URLSearchParams(search), [search]);
  const change = useCallback(
    (values: Record<string, string | null>, push = false) => {
      const next = new URLSearchParams(window.location.search);
      for (const [key, value] of Object.entries(values)) {
        if (value === null || value === "") next.delete(key);
        else next.set(key, value);
      }
      const query = next.toString();
      navigate(window.location.pathname + (query === "" ? "" : `?${query}`), { replace: !push });
    },
    [navigate],
  );
  return [params, change];
}

/** A comma-separated list of the query. */
export function listParam(params: URLSearchParams, key: string): string[] {
  return (params.get(key) ?? "").split(",").filter((word) => word !== "");
}
