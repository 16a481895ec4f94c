/** Who changed a job when, from which commit, and what; with the way back. */
import { useState } from "react";
import type { FieldChange } from "../../../../src/model/plan.ts";
import type { HistoryItem } from "../../../../src/model/view.ts";
import { useHistory } from "../../../api/queries.ts";
import { useMinute } from "../../../api/use-live.ts";
import { Copy } from "../../../components/copy.tsx";
import { Empty } from "../../../components/empty.tsx";
import { Failure } from "../../../components/failure.tsx";
import { Icon } from "../../../components/icon.tsx";
import { ListSkeleton } from "../../../components/skeleton.tsx";
import { FieldGrid } from "../../../fields/field-grid.tsx";
import { useZone } from "../../../shell/zone.ts";
import { counted } from "../../../words/count.ts";
import { absolute, fullTime, relative } from "../../../words/time.ts";
import { changeLook } from "../change-look.ts";
import { GoBack } from "../go-back.tsx";

function Entry({ item, resource, first }: { item: HistoryItem; resource: string; first: boolean }) {
  const [open, setOpen] = useState(first && item.fields.length > 0);
  const now = useMinute();
  const zone = useZone();
  const { sign, look } = changeLook(item.action);
  const fields = item.fields as FieldChange[];
  return (
    <li className={`ch ${look}`}>
      <h3 className="ch-head">
        <button
          type="button"
          className="ch-fold"
          aria-expanded={open}
          disabled={fields.length === 0}
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? "down" : "right"} size={12} />
          <span className="sg" aria-hidden="true">
            {sign}
          </span>
          <b>{item.action}</b>
          <span className="f2 wh">
            {fields.length > 0 && `${counted(fields.length, "field")}, `}
            {item.actor}, {absolute(item.at, zone)}
          </span>
        </button>
        <span className="history-facts s d hs">
          <time dateTime={item.at} data-tip={fullTime(item.at, now, zone)}>
            {relative(item.at, now)}
          </time>
          {item.commit && <Copy text={item.commit} label={item.commit.slice(0, 7)} bare />}
          <span>serial {item.serial}</span>
        </span>
        {!first && item.action !== "delete" && <GoBack resource={resource} to={item.serial} />}
      </h3>
      {open && (
        <div className="history-body">
          <FieldGrid fields={fields} />
        </div>
      )}
    </li>
  );
}

export function History({ resource }: { resource: string }) {
  const { data, error, refetch } = useHistory(resource);
  if (error && !data)
    return <Failure what="The history could not be read" error={error} retry={() => void refetch()} />;
  if (!data) return <ListSkeleton rows={6} />;
  if (data.items.length === 0)
    return (
      <Empty icon="undo" title="Nothing has been applied to this job yet." commands={["headgate jobs apply"]}>
        Every apply keeps who changed what, when, and from which commit.
      </Empty>
    );
  return (
    <ol className="history" aria-label="History">
      {data.items.map((item, index) => (
        <Entry key={`${item.serial}-${item.at}`} item={item} resource={resource} first={index === 0} />
      ))}
    </ol>
  );
}
