/** What the keys do. */
import { Dialog } from "../components/dialog.tsx";

const KEYS: { title: string; keys: [string[], string][] }[] = [
  {
    title: "Anywhere",
    keys: [
      [["/"], "Find a job or table, or type a command (also Ctrl K)"],
      [["g", "j"], "Go to jobs; r runs, l lineage, w waves"],
      [["Esc"], "Up one level"],
      [["?"], "These keys"],
    ],
  },
  {
    title: "In lists",
    keys: [
      [["j"], "Next"],
      [["k"], "Previous"],
      [["Enter"], "Open"],
      [["f"], "Filter"],
      [["p"], "Review plan"],
    ],
  },
  {
    title: "In a job",
    keys: [
      [["1"], "Definition; 2 plan, 3 runs, 4 history"],
      [["← ↑ → ↓"], "Move in the graph"],
      [["+"], "Larger; − smaller, 0 whole graph"],
    ],
  },
  {
    title: "In lineage",
    keys: [
      [["← ↑ → ↓"], "Move in the graph; Enter looks at a box"],
      [["t"], "The same as a table, and back"],
      [["+"], "Larger; − smaller, 0 whole picture"],
    ],
  },
  {
    title: "In runs",
    keys: [
      [["← ↑ → ↓"], "Move by day and task"],
      [["o"], "Unfold a process"],
      [["["], "Day before; ] day after"],
      [["2"], "Watermarks; 1 timeline"],
    ],
  },
  {
    title: "In a plan",
    keys: [
      [["j"], "Next job; k previous"],
      [["Enter"], "Fold or unfold"],
      [["c"], "Copy as Markdown"],
    ],
  },
  {
    title: "In a control table",
    keys: [
      [["e"], "Edit the chosen row; Esc leaves a field"],
      [["n"], "New row"],
      [["Ctrl", "⏎"], "Save"],
    ],
  },
];

export function KeysHelp({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Dialog opened={opened} close={close} title="Keys" size={640}>
      <div className="keys">
        {KEYS.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([names, what]) => (
                <div key={what}>
                  <dt>
                    {names.map((name) => (
                      <kbd key={name}>{name}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
