/** Control tables row by row, as they stand, with what is wrong in each cell. They are written where they are. */
import "../job/job.css";
import "./tables.css";
import { useCallback } from "react";
import type { TableAnswer } from "../../../../src/server/api.ts";
import { useTable, useTables } from "../../../api/queries.ts";
import { useMinute } from "../../../api/use-live.ts";
import { useUrl } from "../../../api/use-url.ts";
import { Empty } from "../../../components/empty.tsx";
import { Failure } from "../../../components/failure.tsx";
import { Icon } from "../../../components/icon.tsx";
import { ListSkeleton } from "../../../components/skeleton.tsx";
import { State } from "../../../components/state.tsx";
import { type Column, VirtualTable } from "../../../components/virtual-table.tsx";
import { useKeys } from "../../../shell/keys.ts";
import { counted, grouped } from "../../../words/count.ts";
import { relative } from "../../../words/time.ts";

type Row = TableAnswer["rows"][number];

/** Columns worth a place in the list; the others are in the row's own panel. */
const SHOWN = ["task_type", "source_type", "depends_on", "execution_order", "task_config", "source_config"];

const tone = (row: Row) => (row.problems.some(({ severity }) => severity === "error") ? "fail" : "warn");

function columnsOf(names: readonly string[]): Column<Row>[] {
  const shown = SHOWN.filter((name) => names.includes(name));
  return [
    { name: "Row", className: "t1", cell: (row) => <b>{row.label}</b> },
    {
      name: "Faults",
      className: "t2",
      cell: (row) =>
        row.problems.length === 0 ? (
          <span className="d">none</span>
        ) : (
          <State tone={tone(row)} tip={row.problems.map(({ message }) => message).join("\n")}>
            {row.problems.length === 1 ? (row.problems[0]?.message ?? "") : counted(row.problems.length, "fault")}
          </State>
        ),
    },
    ...shown.map((name, index) => ({
      name,
      className: `t${index + 3} m`,
      cell: (row: Row) => {
        const text = row.cells[names.indexOf(name)];
        return text ?? <span className="d">null</span>;
      },
    })),
  ];
}

/** JSON laid out; other text as it is. */
function laidOut(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    // Numbers keep their digits: a long id is no double.
    return /\d{16}/.test(text) ? text : JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function RowPanel({ row, columns, close }: { row: Row; columns: readonly string[]; close: () => void }) {
  const whole = row.problems.filter(({ column }) => column === null);
  const faults = (problems: Row["problems"]) =>
    problems.map((problem) => (
      <p key={problem.message} className={`st ${problem.severity === "error" ? "fail" : "warn"} cell-fault`}>
        <Icon />
        <span>
          {problem.message} <code>{problem.code}</code>
          {problem.hint && <span className="f2"> {problem.hint}</span>}
        </span>
      </p>
    ));
  return (
    <aside className="panel" aria-label={`Row ${row.label}`}>
      <h2>
        <Icon name="table" />
        <span className="panel-name">{row.label}</span>
        <button type="button" className="btn ic q" aria-label="Close row" onClick={close}>
          <Icon name="cross" />
        </button>
      </h2>
      {faults(whole)}
      <dl className="cells">
        {columns.map((name, index) => {
          const text = row.cells[index];
          const own = row.problems.filter(({ column }) => column === name);
          return (
            <div key={name} className={own.length > 0 ? "bad" : undefined}>
              <dt className="m">{name}</dt>
              <dd>
                {text == null ? <span className="d">null</span> : <pre className="cell-text">{laidOut(text)}</pre>}
                {faults(own)}
              </dd>
            </div>
          );
        })}
      </dl>
    </aside>
  );
}

function Table({ source }: { source: string }) {
  const [params, change] = useUrl();
  const now = useMinute();
  const faulty = params.get("faulty") === "true";
  const table = useTable({ source, faulty, q: params.get("q") ?? "" });
  const select = useCallback((label: string) => change({ sel: label }), [change]);
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
  const rows = table.data?.pages.flatMap((page) => page.rows) ?? [];
  const row = rows.find(({ label }) => label === selected);
  return (
    <>
      <div className="cal-tools table-tools">
        <b className="m">{first.table}</b>
        <span className="s d">
          {counted(first.all, "row")}, {grouped(first.faulty)} with faults; read {relative(first.asOf, now)}
        </span>
        <button
          type="button"
          className={`chip${faulty ? " on" : ""}`}
          aria-pressed={faulty}
          onClick={() => change({ faulty: faulty ? null : "true", sel: null })}
        >
          Only faults
        </button>
      </div>
      {first.count === 0 ? (
        <Empty
          icon={faulty ? "check" : "table"}
          title={faulty ? "No row has a fault." : "The table has no rows."}
          {...(faulty ? {} : { commands: ["headgate jobs control-table load FILE"] })}
        />
      ) : (
        <div className={`def${row ? " with-task" : ""}`}>
          <div className="def-main">
            <VirtualTable
              label={`Rows of ${first.table}`}
              columns={columnsOf(first.columns)}
              rows={rows}
              count={first.count}
              keyOf={(each) => each.label}
              selected={selected}
              select={select}
              open={(each) => select(each.label)}
              more={more}
            />
          </div>
          {row && <RowPanel row={row} columns={first.columns} close={() => change({ sel: null })} />}
        </div>
      )}
    </>
  );
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
