/** Reads what a wave plan is made from: edges as JSON lines, pins as YAML. */
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { HeadgateError } from "../../errors.ts";
import { WAVE_EDGE, WAVE_PINS, type WaveEdge, type WavePins } from "../../model/wave.ts";
import { parsePlacedYaml } from "../../util/parse-yaml.ts";
import { duplicatesIn, jsonOf, placeOfSpot } from "../../util/placed-yaml.ts";
import type { CliContext } from "../context.ts";

const cannotRead = (name: string, error: unknown, hint?: string): HeadgateError =>
  new HeadgateError(
    (error as NodeJS.ErrnoException).code === "ENOENT" ? "not_found" : "input_invalid",
    `cannot read ${name}: ${error instanceof Error ? error.message : String(error)}`,
    { hint, cause: error, permanent: true },
  );

/** One line of `edges.ndjson`. */
function edgeOf(line: string, place: string): WaveEdge {
  let fault = "not JSON";
  try {
    const parsed = WAVE_EDGE.safeParse(JSON.parse(line));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    fault = `${issue?.path.join(".") || "the line"}: ${issue?.message}`;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new HeadgateError("input_invalid", `${place} is no edge: ${fault}`, {
    hint: "give the edges.ndjson that headgate lineage attribute writes",
    permanent: true,
  });
}

/**
 * @param name relative to the current folder; `-` is the input
 * @throws HeadgateError with the line that is no edge
 */
export async function readEdges(
  context: Pick<CliContext, "cwd" | "stdin" | "signal">,
  name: string,
): Promise<WaveEdge[]> {
  const edges: WaveEdge[] = [];
  const shown = name === "-" ? "the input" : name;
  const input = name === "-" ? Readable.from(context.stdin ?? []) : createReadStream(path.resolve(context.cwd, name));
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number++;
      if (number % 1_000 === 0) context.signal.throwIfAborted();
      if (line.trim() !== "") edges.push(edgeOf(line, `${shown}:${number}`));
    }
  } catch (error) {
    if (error instanceof HeadgateError || context.signal.aborted) throw error;
    throw cannotRead(shown, error, "headgate lineage attribute writes edges.ndjson; name it with --edges");
  } finally {
    input.destroy();
  }
  return edges;
}

/**
 * The `pins:` of a file. Keys stay the text they are: a job id is longer than a number of JavaScript can be.
 * @throws HeadgateError with the key that is wrong
 */
export async function readPins(cwd: string, name: string): Promise<WavePins> {
  const text = await readFile(path.resolve(cwd, name), "utf8").catch((error: unknown) => {
    throw cannotRead(name, error);
  });
  const invalid = (message: string): HeadgateError =>
    new HeadgateError("input_invalid", message, {
      hint: 'pins: { jobs: { "481120933371": 3 }, tables: { ctl.audit: exclude }, freeze: [{ from: 2026-12-15, to: 2027-01-05 }] }',
      permanent: true,
    });
  const { root, faults } = parsePlacedYaml(text, name);
  const fault = faults.find(({ severity }) => severity === "error");
  if (fault !== undefined) throw invalid(`${name}:${placeOfSpot(fault.spot).line}: ${fault.message}`);
  const [twice] = root === undefined ? [] : duplicatesIn(root);
  if (twice !== undefined) throw invalid(`${name}:${placeOfSpot(twice.second).line}: ${twice.key} is there twice`);
  const pins = root?.kind === "map" ? root.members.get("pins")?.value : undefined;
  if (pins === undefined) throw invalid(`${name} has no pins`);
  const parsed = WAVE_PINS.safeParse(jsonOf(pins));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(`${name}: ${["pins", ...(issue?.path ?? [])].map(String).join(".")}: ${issue?.message}`);
}
