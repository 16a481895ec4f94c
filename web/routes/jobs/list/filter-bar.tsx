/** The filter bar: text, verdict, difference, tag, source. */
import { useEffect, useRef, useState } from "react";
import type { JobsAnswer } from "../../../../src/server/api.ts";
import type { FleetFilter } from "../../../api/queries.ts";
import { Icon } from "../../../components/icon.tsx";
import { useKeys } from "../../../shell/keys.ts";
import { DIFFERENCES, VERDICTS } from "../../../words/state.ts";
import { FacetMenu, type FacetOption } from "./facet-menu.tsx";
import { FACETS, type Facet, isFiltered } from "./filter.ts";

const NAMES: Record<Facet, string> = { verdict: "Verdict", difference: "Difference", tag: "Tag", source: "Source" };
const WORDS: Partial<Record<Facet, readonly { value: string; label: string }[]>> = {
  verdict: VERDICTS,
  difference: DIFFERENCES,
};

/** Values of a facet: known words in their order, all others by how often they occur; chosen ones always. */
function optionsOf(facet: Facet, counts: Record<string, number>, chosen: string[]): FacetOption[] {
  const words = WORDS[facet];
  if (words)
    return words
      .filter(({ value }) => (counts[value] ?? 0) > 0 || chosen.includes(value))
      .map(({ value, label }) => ({ value, label, count: counts[value] ?? 0 }));
  const values = new Set([...Object.keys(counts), ...chosen]);
  return [...values]
    .map((value) => ({ value, label: value, count: counts[value] ?? 0 }))
    .sort((a, b) => b.count - a.count || a.label.localeCompare(b.label));
}

export function FilterBar(props: {
  filter: FleetFilter;
  facets: JobsAnswer["facets"] | undefined;
  change: (values: Record<string, string | null>) => void;
}) {
  const { filter, facets, change } = props;
  const [text, setText] = useState(filter.q);
  const [open, setOpen] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useKeys({ f: () => field.current?.focus() });

  useEffect(() => setText(filter.q), [filter.q]);
  useEffect(() => {
    if (text === filter.q) return;
    const timer = setTimeout(() => change({ q: text, sel: null }), 180);
    return () => clearTimeout(timer);
  }, [text, filter.q, change]);

  const chosen = FACETS.filter((facet) => filter[facet].length > 0).length;
  return (
    <search className="filters">
      <span className="fin">
        <Icon name="search" />
        <input
          ref={field}
          className="in"
          enterKeyHint="search"
          aria-label="Filter jobs"
          placeholder="Filter: name, tag, owner, file"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </span>
      <button type="button" className="chip only-s flex" aria-expanded={open} onClick={() => setOpen(!open)}>
        Filter {chosen > 0 && <b>{chosen}</b>}
      </button>
      <div className={`facets${open ? " open" : ""}`}>
        {FACETS.map((facet) => (
          <FacetMenu
            key={facet}
            name={NAMES[facet]}
            options={optionsOf(facet, facets?.[facet] ?? {}, filter[facet])}
            chosen={filter[facet]}
            choose={(values) => change({ [facet]: values.join(","), sel: null })}
          />
        ))}
        {isFiltered(filter) && (
          <button
            type="button"
            className="btn sm q"
            onClick={() => change({ q: null, verdict: null, difference: null, tag: null, source: null, sel: null })}
          >
            Clear
          </button>
        )}
      </div>
      <span className="sp s d hs">
        what needs you first; <kbd>j</kbd> <kbd>k</kbd> move, <kbd>f</kbd> filters
      </span>
    </search>
  );
}
