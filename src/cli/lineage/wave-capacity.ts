/** What `--capacity` says: the most that one wave may hold. */
import { HeadgateError } from "../../errors.ts";
import type { WaveCapacity } from "../../model/wave.ts";
import { nearest } from "../../util/nearest.ts";

const KINDS = ["jobs", "tables", "bytes"] as const;
/** Decimal units as storage is billed, binary ones with an i. */
const UNITS = ["", "K", "M", "G", "T", "P"];

function amount(kind: (typeof KINDS)[number], written: string): number {
  const [, digits = "", unit = "", binary = ""] = /^(\d+(?:\.\d+)?)\s*(?:([KMGTP]?)(i?)B)?$/i.exec(written) ?? [];
  const isPlain = /^\d+$/.test(written);
  const value = Number(digits) * (binary === "" ? 1_000 : 1_024) ** UNITS.indexOf(unit.toUpperCase());
  if ((kind !== "bytes" && !isPlain) || !Number.isSafeInteger(Math.round(value)) || value < 1) {
    throw new HeadgateError("usage", `"${kind}=${written}" is no capacity`, {
      hint: kind === "bytes" ? "write it like bytes=500GB or bytes=2TB" : `write a whole number, like ${kind}=50`,
    });
  }
  return Math.round(value);
}

/** Parses `jobs=50,tables=200,bytes=2TB`; any of them may be left out. */
export function waveCapacity(input: string): WaveCapacity {
  const capacity: WaveCapacity = {};
  for (const part of input.split(",")) {
    const [name = "", written = ""] = part.split("=").map((word) => word.trim());
    const kind = KINDS.find((one) => one === name);
    if (kind === undefined) {
      const near = nearest(name, KINDS);
      throw new HeadgateError("usage", `"${name}" is none of ${KINDS.join(", ")}`, {
        hint: near === undefined ? "write it like jobs=50,tables=200,bytes=2TB" : `did you mean "${near}"?`,
      });
    }
    capacity[kind] = amount(kind, written);
  }
  return capacity;
}
