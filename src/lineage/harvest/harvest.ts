/** A harvest over any number of logs: each event once, as it was written, with figures of what was met. */
import { createHash } from "node:crypto";
import { createCloudWatch } from "./cloudwatch.ts";
import { sniffCloudWatch } from "./cloudwatch-text.ts";
import { type HarvestCounts, newCounts } from "./counts.ts";
import { asText, type Domain } from "./escapes.ts";
import { createPlainLog } from "./plain-log.ts";
import type { LineReader, Reader } from "./reader.ts";
import { createRecent } from "./recent.ts";
import type { Findings } from "./stream.ts";

/** A harvest in progress. */
export interface Harvest {
  readonly counts: Readonly<HarvestCounts>;
  /**
   * Begins a log or a CloudWatch answer; which of them it is shows in its first characters.
   * @param domain `bytes`: its characters are bytes of UTF-8 (Node's `latin1`), so that a character cut in two is healed
   */
  open(domain: Domain): LineReader;
}

/** Characters of unfinished objects that all streams may hold together. */
const HELD = 256 << 20;
/** Events and records that are remembered, so that a repeat is known as one. */
const REMEMBERED = 500_000;

/** Begins a harvest. @param event called with every event, once, on one line */
export function createHarvest(event: (text: string) => void): Harvest {
  const counts = newCounts();
  const records = createRecent(REMEMBERED);
  const events = createRecent(REMEMBERED);
  const findings: Findings = {
    event: (text, { joined, masked, domain }) => {
      const own = asText(text, domain);
      if (!events.add(createHash("sha256").update(own).digest("base64").slice(0, 22))) {
        counts.duplicates += 1;
        return;
      }
      counts.events += 1;
      if (joined) counts.reassembled += 1;
      if (masked) counts.masked += 1;
      event(own);
    },
    invalid: () => {
      counts.invalid += 1;
    },
    truncated: () => {
      counts.truncated += 1;
    },
    held: { characters: 0, limit: HELD },
  };
  const count = (lines: number): void => {
    counts.lines += lines;
  };

  const open = (domain: Domain): LineReader => {
    let beginning = "";
    let plain: LineReader | undefined;
    let cloudWatch: Reader | undefined;
    const decide = (final: boolean): void => {
      const text = beginning.replace(/^(?:\uFEFF|\u00EF\u00BB\u00BF)/, "");
      const verdict = sniffCloudWatch(text);
      if (verdict === "undecided" && !final) return;
      if (verdict === "yes") cloudWatch = createCloudWatch(findings, domain, records, () => count(1));
      else plain = createPlainLog(findings, domain, count);
      beginning = "";
      (cloudWatch ?? plain)?.chunk(text);
    };
    const chunk = (text: string): void => {
      const reader = plain ?? cloudWatch;
      if (reader !== undefined) reader.chunk(text);
      else {
        beginning += text;
        decide(false);
      }
    };
    return {
      chunk,
      line: (text) => {
        if (plain !== undefined) plain.line(text);
        else chunk(`${text}\n`);
      },
      end: () => {
        if (beginning !== "") decide(true);
        (plain ?? cloudWatch)?.end();
      },
    };
  };
  return { counts, open };
}
