/** The command bar: finds jobs and tables, and says commands. */
import { Combobox, Modal, useCombobox } from "@mantine/core";
import { useEffect, useLayoutEffect, useState } from "react";
import { useLocation } from "wouter";
import type { JobRow } from "../../src/model/view.ts";
import { useLineageSearch } from "../api/lineage.ts";
import { useFind } from "../api/queries.ts";
import { useFirstFocus } from "../components/dialog.tsx";
import { Icon } from "../components/icon.tsx";
import { kindWord, lineagePath } from "../words/lineage.ts";
import { verdictTone } from "../words/state.ts";
import { ROOMS } from "./rooms.ts";
import { setTheme } from "./theme.ts";

interface Command {
  id: string;
  label: string;
  icon: string;
  hint: string;
  run: () => void;
}

function useCommands(showKeys: () => void): Command[] {
  const [, navigate] = useLocation();
  return [
    ...ROOMS.map(({ path, name, icon, key }) => ({
      id: path,
      label: `Go to ${name.toLowerCase()}`,
      icon,
      hint: `g ${key}`,
      run: () => navigate(path),
    })),
    { id: "plan", label: "Review plan", icon: "split", hint: "p", run: () => navigate("/plans/new") },
    { id: "need", label: "Show jobs that need you", icon: "tri", hint: "", run: () => navigate("/jobs?list=need_you") },
    { id: "differ", label: "Show jobs that differ", icon: "plus", hint: "", run: () => navigate("/jobs?list=differ") },
    { id: "light", label: "Light theme", icon: "sun", hint: "", run: () => setTheme("light") },
    { id: "dark", label: "Dark theme", icon: "sun", hint: "", run: () => setTheme("dark") },
    { id: "auto", label: "Theme of the system", icon: "sun", hint: "", run: () => setTheme("auto") },
    { id: "keys", label: "Show the keys", icon: "info", hint: "?", run: showKeys },
  ];
}

function useDelayed(text: string, ms: number): string {
  const [late, setLate] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setLate(text), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return late;
}

/** The server's own rule, for rows that are already here. */
function fits(job: JobRow, needle: string): boolean {
  const text = [job.name, job.resource, job.owner ?? "", job.place?.file ?? "", ...job.tags].join("\n").toLowerCase();
  return needle.split(/\s+/).every((word) => text.includes(word));
}

/** A name that begins with the text is meant before one that holds it, and that before a tag or file. */
function rank(job: JobRow, needle: string): number {
  const at = job.resource.toLowerCase().indexOf(needle);
  return at === 0 ? 0 : at > 0 ? 1 : 2;
}

const SHOWN = 8;
const TABLES = 6;

function Finder({ close, showKeys }: { close: () => void; showKeys: () => void }) {
  const [text, setText] = useState("");
  const [, navigate] = useLocation();
  const commands = useCommands(showKeys);
  const asked = useDelayed(text.trim(), 120);
  const found = useFind(asked, true);
  const lineage = useLineageSearch(asked, asked !== "", "dataset");
  const combobox = useCombobox({ opened: true });
  const needle = text.trim().toLowerCase();
  const fitting = commands.filter(({ label }) => label.toLowerCase().includes(needle));
  // What is held from the question before is narrowed at once: Enter never opens what no longer fits.
  const fit = (found.data?.items ?? []).filter((job) => fits(job, needle));
  const jobs = fit.sort((a, b) => rank(a, needle) - rank(b, needle)).slice(0, SHOWN);
  const tables = (needle === "" ? [] : (lineage.data?.items ?? []))
    .filter(({ name, namespace, aliases }) => {
      const names = [namespace, name, ...aliases.map((alias) => alias.name)].join("\n").toLowerCase();
      return needle.split(/\s+/).every((word) => names.includes(word));
    })
    .slice(0, TABLES);
  const rows = `${jobs.map(({ resource }) => resource)}/${tables.map(({ ref }) => ref)}/${fitting.map(({ id }) => id)}`;
  // With the rows themselves: Enter upon seeing them opens the first.
  useLayoutEffect(() => {
    if (rows !== "//") combobox.selectFirstOption();
  }, [rows, combobox.selectFirstOption]);

  const submit = (value: string) => {
    close();
    if (value.startsWith("job:")) navigate(`/jobs/${encodeURIComponent(value.slice(4))}`);
    else if (value.startsWith("dataset:")) navigate(lineagePath(value));
    else commands.find(({ id }) => id === value)?.run();
  };
  return (
    <Combobox store={combobox} onOptionSubmit={(value) => submit(String(value))} size="sm">
      <div className="finder-field">
        <Icon name="search" />
        <Combobox.EventsTarget>
          <input
            className="finder-in"
            aria-label="Find a job or table, or type a command"
            placeholder="Find a job or table, or type a command"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            // The list is always open here, so Escape closes the bar itself.
            onKeyDown={(event) => event.key === "Escape" && close()}
            data-autofocus
          />
        </Combobox.EventsTarget>
        <kbd>Esc</kbd>
      </div>
      <Combobox.Options className="finder-list" aria-label="Jobs, tables and commands">
        {jobs.length > 0 && (
          <Combobox.Group
            label={
              found.data && found.data.count > jobs.length ? `Jobs, ${jobs.length} of ${found.data.count}` : "Jobs"
            }
          >
            {jobs.map((job) => (
              <Combobox.Option key={job.resource} value={`job:${job.resource}`} className="finder-row">
                <span className={`st ${verdictTone(job.verdict.state)}`}>
                  <Icon />
                </span>
                <b className="cut">{job.resource}</b>
                <span className="d s cut">
                  {job.verdict.text} · {job.difference.text}
                </span>
              </Combobox.Option>
            ))}
          </Combobox.Group>
        )}
        {tables.length > 0 && (
          <Combobox.Group
            label={
              lineage.data && lineage.data.count > tables.length
                ? `Tables, ${tables.length} of ${lineage.data.count}`
                : "Tables"
            }
          >
            {tables.map((table) => (
              <Combobox.Option key={table.ref} value={table.ref} className="finder-row">
                <Icon name="table" />
                <b className="cut">{table.name}</b>
                <span className="d s cut">{kindWord(table)}</span>
              </Combobox.Option>
            ))}
          </Combobox.Group>
        )}
        {fitting.length > 0 && (
          <Combobox.Group label="Commands">
            {fitting.map(({ id, label, icon, hint }) => (
              <Combobox.Option key={id} value={id} className="finder-row">
                <Icon name={icon} />
                <span>{label}</span>
                {hint !== "" && <kbd>{hint}</kbd>}
              </Combobox.Option>
            ))}
          </Combobox.Group>
        )}
        {jobs.length === 0 && tables.length === 0 && fitting.length === 0 && (
          <Combobox.Empty>
            {found.isFetching || lineage.isFetching ? "Looking…" : `Nothing is called “${text.trim()}”`}
          </Combobox.Empty>
        )}
      </Combobox.Options>
    </Combobox>
  );
}

export function CommandBar(props: { opened: boolean; close: () => void; showKeys: () => void }) {
  const id = useFirstFocus(props.opened);
  return (
    <Modal.Root
      id={id}
      opened={props.opened}
      onClose={props.close}
      size={600}
      yOffset={8}
      classNames={{ content: "dialog finder", body: "finder-body" }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label="Find and command">
        <Modal.Body>
          <Finder close={props.close} showKeys={props.showKeys} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
