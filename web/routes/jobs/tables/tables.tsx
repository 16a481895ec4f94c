/** Control tables row by row, with what is wrong in each cell; edits are checked as they are made, and saved together. */
import "../job/job.css";
import "./tables.css";
import { useCallback } from "react";
import { useTable, useTables } from "../../../api/queries.ts";
import { useMinute } from "../../../api/use-live.ts";
import { useUrl } from "../../../api/use-url.ts";
import { Empty } from "../../../components/empty.tsx";
import { Failure } from "../../../components/failure.tsx";
import { ListSkeleton } from "../../../components/skeleton.tsx";
import { useKeys } from "../../../shell/keys.ts";
import { Editor } from "./editor.tsx";

function Table({ source }: { source: string }) {
  const [params, change] = useUrl();
  const now = useMinute();
  const faulty = params.get("faulty") === "true";
  const table = useTable({ source, faulty, q: params.get("q") ?? "" });
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = table;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const selected = params.get("sel");
  useKeys({ escape: () => (selected === null ? false : change({ sel: null })) });
  const first = table.data?.pages[0];
  if (table.error && !first)
    return (
      <Failure
        what={`${source} could not be read`}
        error={table.error}
        retry={() => void table.refetch()}
        still={
          <>
            Still works: <code>headgate jobs validate</code> on the command line.
          </>
        }
      />
    );
  if (!first) return <ListSkeleton rows={12} />;
  return <Editor source={source} pages={table.data?.pages ?? []} first={first} more={more} now={now} />;
}

export default function Tables() {
  const [params, change] = useUrl();
  const tables = useTables();
  if (tables.error && !tables.data)
    return <Failure what="The tables could not be listed" error={tables.error} retry={() => void tables.refetch()} />;
  if (!tables.data) return <ListSkeleton rows={12} />;
  const { items } = tables.data;
  const source = items.find((each) => each.source === params.get("source"))?.source ?? items[0]?.source;
  if (source === undefined)
    return (
      <Empty icon="table" title="No source of this project is a control table.">
        A source of kind <code>control-table</code> reads one.
      </Empty>
    );
  return (
    <>
      {items.length > 1 && (
        <fieldset className="seg table-choice">
          <legend className="vh">Which table</legend>
          {items.map((each) => (
            <button
              key={each.source}
              type="button"
              aria-pressed={each.source === source}
              onClick={() => change({ source: each.source, sel: null, faulty: null })}
            >
              {each.source}
            </button>
          ))}
        </fieldset>
      )}
      <Table key={source} source={source} />
    </>
  );
}
