/** How text looks: colours, width, and the zone in which times are told. */
import { styleText } from "node:util";

/** Settings of every text renderer. */
export interface Style {
  color: boolean;
  /** Columns to stay within, or undefined for no limit (a pipe, a file). */
  width: number | undefined;
  /** IANA zone of the times that are shown. */
  timezone: string;
}

/** No colours, no limit, UTC: what a file gets. */
export const PLAIN: Style = { color: false, width: undefined, timezone: "UTC" };

/** Meaning of a colour, so that renderers say what they mean. */
export type Tone = "good" | "bad" | "warn" | "change" | "faint" | "strong" | "odd";

const FORMATS = {
  good: "green",
  bad: "red",
  warn: "yellow",
  change: "cyan",
  faint: "dim",
  strong: "bold",
  odd: "magenta",
} as const;

/** The text in the colour of a tone, unchanged where colours are off. */
export function paint(style: Pick<Style, "color">, tone: Tone, text: string): string {
  return style.color && text !== "" ? styleText(FORMATS[tone], text, { validateStream: false }) : text;
}
