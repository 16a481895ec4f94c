/** What the editor of control tables asks the API: rows as they are now, what edits would lead to, and to write them. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import type { TableAnswer, TableCheck, TableEdits, TableSaved } from "../../src/server/api.ts";
import { get, post } from "./request.ts";
import { useOnce } from "./use-once.ts";

const pathOf = (source: string) => `/tables/${encodeURIComponent(source)}`;
const PAGE = 500;

/** The rows of these labels as they are now, read page by page, with the version they belong to. */
export async function readRows(source: string, labels: readonly string[]) {
  const found = new Map<string, (string | null)[]>();
  let version = "";
  let after: number | null = 0;
  while (after !== null) {
    const page: TableAnswer = await get<TableAnswer>(`${pathOf(source)}?limit=${PAGE}&after=${after}`);
    // A table that changes between two pages is read from its beginning.
    if (version !== "" && version !== page.version) {
      found.clear();
      version = "";
      after = 0;
      continue;
    }
    version = page.version;
    for (const { label, cells } of page.rows) if (labels.includes(label)) found.set(label, cells);
    after = page.next;
  }
  return { version, rows: found };
}

/** What edits would lead to; asked again with every change of theirs, and never written. */
export function useTableCheck(source: string, body: TableEdits) {
  return useQuery({
    queryKey: ["table-check", source, body],
    queryFn: () => post<TableCheck>(`${pathOf(source)}/check`, body),
    enabled: body.edits.length > 0,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60_000,
  });
}

/** Writes edits, all or nothing. */
export function useSaveTable(source: string) {
  const client = useQueryClient();
  return useOnce({
    mutationFn: (body: TableEdits) => post<TableSaved>(`${pathOf(source)}/rows`, body),
    onSettled: () => client.invalidateQueries({ queryKey: ["table"] }),
  });
}
