/** One filter of the list: a chip that opens a menu of values with their counts. */
import { Menu } from "@mantine/core";
import { useState } from "react";
import { grouped } from "../../../words/count.ts";

export interface FacetOption {
  value: string;
  label: string;
  count: number;
}

/** More than this many values are searched for, not scrolled through. */
const SHOWN = 60;

export function FacetMenu(props: {
  name: string;
  options: FacetOption[];
  chosen: string[];
  choose: (values: string[]) => void;
}) {
  const { name, options, chosen, choose } = props;
  const [text, setText] = useState("");
  const needle = text.trim().toLowerCase();
  const fitting = options.filter(({ label }) => label.toLowerCase().includes(needle));
  const labels = chosen.map((value) => options.find((option) => option.value === value)?.label ?? value);
  return (
    <Menu closeOnItemClick={false} onClose={() => setText("")}>
      <Menu.Target>
        <button type="button" className={`chip${chosen.length > 0 ? " on" : ""}`}>
          {name}{" "}
          <b>{labels.length === 0 ? "any" : labels.length < 3 ? labels.join(", ") : `${labels.length} chosen`}</b>
        </button>
      </Menu.Target>
      <Menu.Dropdown className="facet">
        {options.length > 12 && (
          <Menu.Search
            placeholder={`Find in ${grouped(options.length)}`}
            aria-label={`Find ${name.toLowerCase()}`}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        {fitting.slice(0, SHOWN).map(({ value, label, count }) => (
          <Menu.CheckboxItem
            key={value}
            checked={chosen.includes(value)}
            onChange={(on) => choose(on ? [...chosen, value] : chosen.filter((other) => other !== value))}
            rightSection={<span className="d s n">{grouped(count)}</span>}
          >
            {label}
          </Menu.CheckboxItem>
        ))}
        {fitting.length > SHOWN && (
          <p className="facet-more s d">{grouped(fitting.length - SHOWN)} more; type to find</p>
        )}
        {fitting.length === 0 && <p className="facet-more s d">None</p>}
        {chosen.length > 0 && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => choose([])}>Any</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
