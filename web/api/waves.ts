/** What the Waves route asks the API. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { LineageWavesView } from "../../src/model/view-waves.ts";
import { get } from "./request.ts";

/** How waves are to be planned. */
export interface WaveWish {
  /** The most of one wave; null = as many as there are. */
  jobs: number | null;
  tables: number | null;
  /** As in the URL. */
  pins: string;
}

/** The wave plan of the lineage in the store; a former one stays until the new one is there. */
export function useWaves(wish: WaveWish) {
  return useQuery({
    queryKey: ["waves", wish],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams();
      if (wish.jobs !== null) query.set("jobs", String(wish.jobs));
      if (wish.tables !== null) query.set("tables", String(wish.tables));
      if (wish.pins !== "") query.set("pins", wish.pins);
      return get<LineageWavesView>(`/lineage/waves?${query}`, signal);
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}
