/** Fields of a change as a grid: grouped by parent, sign, exact values before and after, who moved them. */
import "./field-grid.css";
import { Fragment, type ReactNode, useMemo, useState } from "react";
import type { FieldChange } from "../../src/model/plan.ts";
import { Icon } from "../components/icon.tsx";
import { counted, grouped } from "../words/count.ts";
import { type FieldRow, foundOf, groupFields, valueText } from "./group.ts";

const LOOK = { "+": "add", "-": "del", "~": "chg" } as const;
const lookOf = ({ field, sign }: FieldRow) =>
  field.kind === "drift" ? "dri" : field.kind === "conflict" ? "con" : LOOK[sign === "!" ? "~" : sign];

/** More rows than this wait behind a button, which brings so many at a time: nobody reads 2,000 at once. */
const SHOWN = 60;
const STEP = 500;

function Values({ field }: { field: FieldChange }) {
  const found = foundOf(field);
  if (field.kind === "conflict")
    return (
      <span>
        <ins>{valueText(field.after)}</ins> <span className="nt">ours,</span> <ins>{valueText(found)}</ins>{" "}
        <span className="nt">theirs</span>
      </span>
    );
  return (
    <>
      {found !== undefined && <del>{valueText(found)}</del>}
      {found !== undefined && <span className="ar">→</span>}
      {field.after === undefined ? <span className="nt">nothing</span> : <ins>{valueText(field.after)}</ins>}
      {field.kind === "drift" && <span className="nt">changed in the workspace</span>}
    </>
  );
}

function Label({ kind }: { kind: FieldChange["kind"] }) {
  if (kind === "declared") return <span className="d s">declared</span>;
  return (
    <span className={`st ${kind === "drift" ? "warn" : "fail"}`}>
      <Icon />
      {kind}
    </span>
  );
}

/** What happens to a whole object, in a word. */
function fate({ field }: FieldRow): string {
  if (field.after !== undefined) return field.kind === "drift" ? "put back:" : "new";
  return field.kind === "declared" ? "gone:" : "found, not declared:";
}

function Row(props: { row: FieldRow; parent: string; extra: ReactNode }) {
  const { row, parent } = props;
  const [open, setOpen] = useState(false);
  const { field, noun, inside } = row;
  const { place } = field;
  return (
    <>
      <div className={`fl ${lookOf(row)}`}>
        <span className="sg" aria-hidden="true">
          {row.sign}
        </span>
        <code
          className={`pa${parent === "" ? "" : " in1"}`}
          data-tip={place ? `${field.path}\n${place.file}:${place.line}` : field.path}
        >
          {row.label}
        </code>
        <span className="va">
          {noun === undefined ? (
            <Values field={field} />
          ) : (
            <button type="button" className="fold" aria-expanded={open} onClick={() => setOpen(!open)}>
              <Icon name={open ? "down" : "right"} size={12} />
              {fate(row)} {noun}
              {inside.length > 0 && `, ${counted(inside.length, "field")}`}
            </button>
          )}
          {props.extra}
        </span>
        <span className="lb">
          <Label kind={field.kind} />
        </span>
      </div>
      {open &&
        inside.map(({ label, value }) => (
          <div key={label} className={`fl ${lookOf(row)}`}>
            <span className="sg" aria-hidden="true">
              {row.sign}
            </span>
            <code className="pa in2">{label}</code>
            <span className="va">
              {field.after === undefined ? <del>{valueText(value)}</del> : <ins>{valueText(value)}</ins>}
            </span>
            <span className="lb" />
          </div>
        ))}
    </>
  );
}

export function FieldGrid(props: {
  fields: FieldChange[];
  /** One column: in panels. */
  narrow?: boolean;
  /** Something beside the values of a field: the choice of a conflict. */
  extra?: (field: FieldChange) => ReactNode;
}) {
  const [most, setMost] = useState(SHOWN);
  const groups = useMemo(() => groupFields(props.fields), [props.fields]);
  const total = groups.reduce((sum, group) => sum + group.rows.length, 0);
  let left = most;
  const shown = groups.flatMap((group) => {
    const rows = group.rows.slice(0, left);
    left -= rows.length;
    return rows.length === 0 ? [] : [{ ...group, rows }];
  });
  return (
    <div className={`fs${props.narrow ? " narrow" : ""}`}>
      {shown.map((group) => (
        <Fragment key={group.parent}>
          {group.parent !== "" && (
            <div className="fl gp">
              <span className="sg" />
              <code className="pa">{group.parent}</code>
            </div>
          )}
          {group.rows.map((row) => (
            <Row key={row.field.path} row={row} parent={group.parent} extra={props.extra?.(row.field)} />
          ))}
        </Fragment>
      ))}
      {total > most && (
        <button type="button" className="fl-more lnk" onClick={() => setMost(most + STEP)}>
          Show {counted(Math.min(STEP, total - most), "more field")}
          {total - most > STEP && ` of ${grouped(total - most)}`}
        </button>
      )}
    </div>
  );
}
