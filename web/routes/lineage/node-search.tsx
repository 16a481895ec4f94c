/** The search for tables, paths, jobs and people: suggestions as one types, chosen with arrows and Enter. */
import { Combobox, useCombobox } from "@mantine/core";
import { useEffect, useLayoutEffect, useState } from "react";
import { useLocation } from "wouter";
import type { LineageSearchView } from "../../../src/model/view-lineage.ts";
import { useLineageSearch } from "../../api/lineage.ts";
import { Icon } from "../../components/icon.tsx";
import { grouped } from "../../words/count.ts";
import { kindWord, lineagePath, spoken } from "../../words/lineage.ts";

type Item = LineageSearchView["items"][number];

const SHOWN = 12;
const DELAY_MS = 120;

/** `3 readers, 1 writer` of a table; `reads 3, writes 1` of a job. */
function tiesOf({ kind, neighbours: { up, down } }: Item): string {
  if (kind === "dataset")
    return `${grouped(down)} ${down === 1 ? "reader" : "readers"}, ${grouped(up)} ${up === 1 ? "writer" : "writers"}`;
  return `reads ${grouped(up)}, writes ${grouped(down)}`;
}

/** @param props.value what the field shows before somebody types */
export function NodeSearch({ value = "", large = false }: { value?: string; large?: boolean }) {
  /** Null while nobody types: what comes meanwhile for `value` never takes away what somebody wrote. */
  const [own, setOwn] = useState<string | null>(null);
  const text = own ?? value;
  const [asked, setAsked] = useState("");
  const [, navigate] = useLocation();
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), DELAY_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const typed = own !== null && own.trim() !== "" && own !== value;
  const found = useLineageSearch(asked, typed && asked !== "");
  // What is held from the text before is narrowed at once: Enter never opens what no longer fits.
  const words = text.trim().toLowerCase().split(/\s+/);
  const items = (typed ? (found.data?.items ?? []) : [])
    .filter((item) => {
      const names = [
        item.name,
        item.label,
        item.namespace,
        item.ref,
        item.jobId ?? "",
        ...item.aliases.map(({ name }) => name),
      ];
      return words.every((word) => names.join("\n").toLowerCase().includes(word));
    })
    .slice(0, SHOWN);
  const rows = items.map(({ ref }) => ref).join();
  // With the rows themselves: Enter upon seeing them opens the first.
  useLayoutEffect(() => {
    if (rows !== "") combobox.selectFirstOption();
  }, [rows, combobox.selectFirstOption]);
  const leave = () => {
    setOwn(null);
    combobox.closeDropdown();
  };
  return (
    <Combobox
      store={combobox}
      size="sm"
      withinPortal={false}
      onOptionSubmit={(ref) => {
        leave();
        navigate(lineagePath(ref));
      }}
    >
      <Combobox.DropdownTarget>
        <span className={`fin lin-search${large ? " large" : ""}`}>
          <Icon name="search" />
          <Combobox.EventsTarget>
            <input
              className="in"
              aria-label="Find a table or job"
              placeholder={large ? "Find a table, path or job: part of a name, or a job id" : "Find a table or job"}
              enterKeyHint="search"
              autoComplete="off"
              spellCheck={false}
              value={text}
              onChange={(event) => {
                setOwn(event.currentTarget.value);
                combobox.openDropdown();
              }}
              onFocus={(event) => event.currentTarget.select()}
              onBlur={leave}
              onKeyDown={(event) => event.key === "Escape" && leave()}
            />
          </Combobox.EventsTarget>
        </span>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown hidden={!typed} className="lin-found">
        <Combobox.Options className="finder-list" aria-label="Tables and jobs that fit">
          {items.map((item) => (
            <Combobox.Option key={item.ref} value={item.ref} className="finder-row">
              <Icon name={item.kind === "dataset" ? "table" : "pill"} />
              <b className="cut">{spoken(item)}</b>
              <span className="d s nw">
                {kindWord(item)}
                <span className="hs">, {tiesOf(item)}</span>
              </span>
            </Combobox.Option>
          ))}
          {items.length === 0 && (
            <Combobox.Empty>
              {found.error
                ? "The search does not answer"
                : found.isFetching || asked !== text.trim()
                  ? "Looking…"
                  : `Nothing is called “${text.trim()}”`}
            </Combobox.Empty>
          )}
          {found.data && found.data.count > items.length && items.length > 0 && (
            <Combobox.Footer className="s d">
              {grouped(items.length)} of {grouped(found.data.count)}: type more to narrow it
            </Combobox.Footer>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
