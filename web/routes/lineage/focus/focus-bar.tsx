/** Above the graph: how far it looks both ways, and graph or table. */
import type { LineageGraphView } from "../../../../src/model/view-lineage.ts";
import { counted } from "../../../words/count.ts";
import { DEEPEST, type FocusUrl, USUAL } from "./use-focus-url.ts";

type Change = (values: Record<string, string | null>) => void;

function beyondText(counts: LineageGraphView["beyond"]["up"] | undefined): string | undefined {
  if (counts === undefined || counts.nodes === 0) return undefined;
  return `${counted(counts.datasets, "table")} and ${counted(counts.jobs, "job")} further away`;
}

function Steps(props: {
  name: "up" | "down";
  value: number;
  beyond: LineageGraphView["beyond"]["up"] | undefined;
  change: Change;
}) {
  const { name, value, beyond, change } = props;
  const word = name === "up" ? "Up" : "Down";
  const set = (next: number) => change({ [name]: next === USUAL ? null : String(next), sel: null });
  const further = beyondText(beyond);
  return (
    <fieldset className="lin-steps">
      <legend className="vh">Steps {name}stream</legend>
      <span className="s d" aria-hidden="true">
        {word}
      </span>
      <span className="seg" data-tip={further}>
        <button type="button" aria-label={`Less ${name}`} disabled={value === 0} onClick={() => set(value - 1)}>
          −
        </button>
        <output className="n" aria-label={`Steps ${name}stream`}>
          {value}
        </output>
        <button type="button" aria-label={`More ${name}`} disabled={value >= DEEPEST} onClick={() => set(value + 1)}>
          +
        </button>
      </span>
      {further && beyond && <span className="s d n hs">+{beyond.nodes}</span>}
    </fieldset>
  );
}

export function FocusBar(props: { url: FocusUrl; beyond: LineageGraphView["beyond"] | undefined; change: Change }) {
  const { url, beyond, change } = props;
  return (
    <>
      <Steps name="up" value={url.up} beyond={beyond?.up} change={change} />
      <Steps name="down" value={url.down} beyond={beyond?.down} change={change} />
      {url.open.length > 0 && (
        <button type="button" className="chip" onClick={() => change({ open: null, sel: null })}>
          Unfolded <b>{url.open.length}</b>
        </button>
      )}
      <fieldset className="seg lin-view">
        <legend className="vh">Shown as</legend>
        <button type="button" aria-pressed={!url.table} onClick={() => change({ view: null })}>
          Graph
        </button>
        <button type="button" aria-pressed={url.table} onClick={() => change({ view: "table" })}>
          Table
        </button>
      </fieldset>
    </>
  );
}
