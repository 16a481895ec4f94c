/** The console logs of a world: of its tasks that print events, and of the jobs that only show themselves there. */
import { openRandom } from "../random.ts";
import { abfss, type Folder, type HappenedRun, type Step, type World } from "../world.ts";
import { type EventDataset, eventsOf, type ToldRun } from "./event.ts";
import { cloudWatchAnswer, logLines } from "./log-text.ts";

/** A console log. */
export interface ConsoleLog {
  /** Relative. */
  path: string;
  text: string;
  /** The events that were printed, as they were. */
  events: string[];
  /** How many of them the log has lost: it ends in the middle of the last. */
  cut: number;
}

const DAY = 24 * 3_600_000;
const NOISE = 220;
/** Glue's console: a message has at most so many characters here, so that events come in parts. */
const GLUE_CUT = 700;

/** A folder as events name it: the container is the namespace, the path begins with a slash. */
function datasetOf(folder: Folder): EventDataset {
  return { namespace: abfss({ ...folder, path: "" }).replace(/\/$/, ""), name: `/${folder.path}` };
}

/** Inputs and outputs of a program, by its steps. */
function movesOf(world: World, steps: readonly Step[]): Pick<ToldRun, "inputs" | "outputs"> {
  const folders = new Map([...world.tables, ...world.places].map(({ name, folder }) => [name, folder]));
  const all = (names: readonly string[]): EventDataset[] =>
    [...new Set(names)].flatMap((name) => {
      const folder = folders.get(name);
      return folder === undefined ? [] : [datasetOf(folder)];
    });
  return {
    inputs: all(steps.flatMap((step) => (step.does === "read" ? [step.from] : []))),
    outputs: all(steps.flatMap((step) => ("to" in step ? [step.to] : []))),
  };
}

function sparkLog(world: World, run: HappenedRun, steps: readonly Step[], seed: string): ConsoleLog {
  const random = openRandom(`${seed}/console/${run.runId}/${run.taskKey}/${run.attempt}`);
  const job = { namespace: "databricks-prod", name: run.program.replaceAll("/", ".").replaceAll(" ", "_") };
  const told: ToldRun = {
    by: "spark",
    job,
    ...movesOf(world, steps),
    start: run.ready + 4_000,
    end: Math.max(run.ready + 5_000, run.end - 3_000),
    failed: run.failed,
  };
  const events = eventsOf(told, random);
  const lines = logLines("spark", events, { start: run.ready, end: run.end, noise: NOISE, random });
  const whole = `${lines.map(({ text }) => text).join("\n")}\n`;
  // the driver of a failed run is killed while it prints
  const last = events.at(-1)?.text ?? "";
  const text = run.failed ? whole.slice(0, whole.indexOf(last) + Math.floor(last.length * 0.7)) : whole;
  return {
    path: `spark/${run.clusterId ?? "none"}/${run.taskKey}-${run.runId}-${run.attempt}.stderr.log`,
    text,
    events: events.map((event) => event.text),
    cut: run.failed ? 1 : 0,
  };
}

function* outside(world: World, from: number, to: number, seed: string): Generator<ConsoleLog> {
  for (const { kind, hour, minute, namespace, name, inputs, outputs } of world.consoleJobs) {
    for (let day = Math.floor(from / DAY) * DAY; day < to; day += DAY) {
      const start = day + (hour * 60 + minute) * 60_000;
      const end = start + 7 * 60_000;
      if (start < from || end > to) continue;
      const random = openRandom(`${seed}/console/${name}/${day}`);
      const by = kind === "glue" ? "spark" : "airflow";
      const events = eventsOf(
        { by, job: { namespace, name }, inputs, outputs, start: start + 2_000, end: end - 2_000, failed: false },
        random,
      );
      const lines = logLines(by, events, { start, end, noise: by === "spark" ? NOISE : 12, random });
      const date = new Date(day).toISOString().slice(0, 10);
      const printed = { events: events.map(({ text }) => text), cut: 0 };
      if (kind === "airflow") {
        const path = `airflow/dag_id=${name.split(".")[0]}/run_id=scheduled__${date}/task_id=${name.split(".")[1]}/attempt=1.log`;
        yield { path, text: `${lines.map(({ text }) => text).join("\n")}\n`, ...printed };
      } else {
        const answer = {
          events: cloudWatchAnswer(`jr_${random.hex(64)}-driver`, lines, GLUE_CUT, random),
          searchedLogStreams: [],
        };
        yield { path: `glue/${name}-${date}.json`, text: `${JSON.stringify(answer)}\n`, ...printed };
      }
    }
  }
}

/**
 * The console logs of the runs that happened.
 * @param options from and to: milliseconds since 1970 UTC
 */
export function* consoleLogs(
  world: World,
  runs: readonly HappenedRun[],
  options: { seed: string; from: number; to: number },
): Generator<ConsoleLog> {
  const printing = new Map(world.programs.filter((program) => program.console).map((one) => [one.task, one.steps]));
  for (const run of runs) {
    const steps = printing.get(run.program);
    if (steps !== undefined && run.ready < run.end) yield sparkLog(world, run, steps, options.seed);
  }
  yield* outside(world, options.from, options.to, options.seed);
}
