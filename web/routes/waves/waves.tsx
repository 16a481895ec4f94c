/** The Waves route: what can move together, after what, and why; a drag re-plans at once. */
import "./waves.css";
import { useId, useState } from "react";
import { useCoverage } from "../../api/lineage.ts";
import { useUrl } from "../../api/use-url.ts";
import { useWaves } from "../../api/waves.ts";
import { useCopied } from "../../components/copy.tsx";
import { CoverageNotice } from "../../components/coverage-notice.tsx";
import { Empty } from "../../components/empty.tsx";
import { Failure } from "../../components/failure.tsx";
import { Icon } from "../../components/icon.tsx";
import { ListSkeleton } from "../../components/skeleton.tsx";
import { useKeys } from "../../shell/keys.ts";
import { useTitle } from "../../shell/title.ts";
import { counted } from "../../words/count.ts";
import { fullDay } from "../../words/day.ts";
import { Board } from "./board.tsx";
import { GroupPanel } from "./group-panel.tsx";
import { difference, groupKey, groupPins, parsePins, pinsText, pinsYaml, withPins } from "./pins.ts";
import { Side } from "./side.tsx";

const limitOf = (text: string | null) => (text !== null && /^[1-9]\d*$/.test(text) ? Number(text) : null);

export default function Waves() {
  useTitle("Waves");
  const [params, change] = useUrl();
  const capacity = { jobs: limitOf(params.get("jobs")), tables: limitOf(params.get("tables")) };
  const pins = parsePins(params.get("pins"));
  const text = pinsText(pins);
  const plan = useWaves({ ...capacity, pins: text });
  const free = useWaves({ ...capacity, pins: "" });
  const warnings = useCoverage().data?.warnings ?? [];
  const [copied, copy] = useCopied();
  const selected = params.get("sel");
  const select = (key: string | null) => change({ sel: key });
  useKeys({ escape: () => (selected === null ? false : select(null)) });
  const setPins = (next: typeof pins) => change({ pins: pinsText(next) || null }, true);

  const { data } = plan;
  const jobs = data?.waves.reduce((sum, wave) => sum + wave.jobs, 0) ?? 0;
  const tables = data?.waves.reduce((sum, wave) => sum + wave.tables, 0) ?? 0;
  const found = data?.waves
    .flatMap((wave) => wave.groups.map((group) => ({ wave, group })))
    .find(({ group }) => groupKey(group) === selected);
  const own = found ? groupPins(found.group, 0).map(({ kind, name }) => `${kind}:${name}`) : [];

  return (
    <>
      <div className="head">
        <h1>{data && data.waves.length > 0 ? counted(data.waves.length, "wave") : "Waves"}</h1>
        {data && data.waves.length > 0 && (
          <span className="s d n">
            {counted(jobs, "job")}, {counted(tables, "table")}; data movement of {data.windowDays} days up to{" "}
            {fullDay(data.at)}
          </span>
        )}
        <div className="sp">
          {(data?.waves.length !== 0 || capacity.jobs !== null || capacity.tables !== null) && (
            <Capacity jobs={capacity.jobs} tables={capacity.tables} set={(values) => change(values, true)} />
          )}
          {pins.length > 0 && (
            <button type="button" className="btn" onClick={() => copy(pinsYaml(pins))}>
              {copied === true ? "Copied" : copied === "failed" ? "Copying is not allowed" : "Copy pins.yml"}
            </button>
          )}
        </div>
      </div>
      {pins.length > 0 && data && free.data && !plan.isPlaceholderData && (
        <div className="note info" role="status">
          <Icon name="pin" />
          <div>
            <b>{counted(pins.length, "pin")}.</b> {difference(free.data, data)}.
          </div>
          <div className="sp">
            <button type="button" className="btn sm" onClick={() => setPins([])}>
              Take all out
            </button>
          </div>
        </div>
      )}
      {data && data.waves.length > 0 && (
        <CoverageNotice warnings={warnings} lack="These waves may miss a dependency." />
      )}
      {plan.error && !data && (
        <Failure
          what="The waves could not be planned"
          error={plan.error}
          retry={() => void plan.refetch()}
          still={
            <>
              Still works: <code>headgate lineage waves</code> on the command line.
            </>
          }
        />
      )}
      {!data && !plan.error && <ListSkeleton rows={10} height={64} />}
      {data && data.waves.length === 0 && (
        <Empty icon="waves" title="No data movement is known yet." commands={["headgate lineage ingest"]}>
          Waves say what can move to another lake together, and after what. They follow from which job reads and writes
          which table: name sources under <code>lineage.sources</code> in headgate.yaml and read them in.
        </Empty>
      )}
      {data && data.waves.length > 0 && (
        <div className={`waves${plan.isPlaceholderData ? " busy" : ""}`} aria-busy={plan.isPlaceholderData}>
          <div className="wave-main">
            <Board
              plan={data}
              pins={pins}
              selected={selected}
              select={select}
              move={(group, wave) => setPins(withPins(pins, groupPins(group, wave)))}
            />
            {found && (
              <GroupPanel
                plan={data}
                wave={found.wave}
                group={found.group}
                pinned={pins.some(({ kind, name }) => own.includes(`${kind}:${name}`))}
                move={(wave) => setPins(withPins(pins, groupPins(found.group, wave)))}
                free={() => setPins(pins.filter(({ kind, name }) => !own.includes(`${kind}:${name}`)))}
                close={() => select(null)}
              />
            )}
          </div>
          <Side
            plan={data}
            pins={pins}
            split={(names) =>
              setPins(
                withPins(
                  pins,
                  names.map((name) => ({ kind: "table" as const, name, wave: null })),
                ),
              )
            }
          />
        </div>
      )}
    </>
  );
}

function Capacity(props: {
  jobs: number | null;
  tables: number | null;
  set: (values: Record<string, string | null>) => void;
}) {
  const { jobs, tables, set } = props;
  const id = useId();
  const field = (name: "jobs" | "tables", value: number | null) => (
    <>
      <label className="s d" htmlFor={`${id}-${name}`}>
        {name === "jobs" ? "At most" : "and"}
      </label>
      <CountField key={value} id={`${id}-${name}`} value={value} set={(text) => set({ [name]: text })} />
      <span className="s d">{name}</span>
    </>
  );
  return (
    <fieldset className="capacity">
      <legend className="vh">The most of one wave</legend>
      {field("jobs", jobs)}
      {field("tables", tables)}
    </fieldset>
  );
}

/** A number that counts once it is left or confirmed, so that not every digit plans anew. */
function CountField({ id, value, set }: { id: string; value: number | null; set: (text: string | null) => void }) {
  const [text, setText] = useState(value === null ? "" : String(value));
  const commit = () => {
    const next = limitOf(text.trim());
    if (next !== value) set(next === null ? null : String(next));
  };
  return (
    <input
      id={id}
      className="in n"
      inputMode="numeric"
      size={4}
      placeholder="all"
      value={text}
      onChange={(event) => setText(event.target.value.replace(/\D/g, ""))}
      onBlur={commit}
      onKeyDown={(event) => event.key === "Enter" && commit()}
    />
  );
}
