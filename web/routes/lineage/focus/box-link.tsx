/** One box of the graph: a table as a rectangle, a job as a pill, a bundle as a stack; each is a link. */
import { Link } from "wouter";
import type { JobRow } from "../../../../src/model/view.ts";
import { Icon } from "../../../components/icon.tsx";
import type { PlacedNode } from "../../../graph/layout.ts";
import { counted } from "../../../words/count.ts";
import { kindWord, spoken } from "../../../words/lineage.ts";
import { type Tone, verdictTone } from "../../../words/state.ts";
import { near } from "../../../words/time.ts";
import type { Box } from "./picture.ts";
import { type FocusUrl, openText } from "./use-focus-url.ts";

export interface BoxWords {
  name: string;
  /** Second line; "" for a job. */
  below: string;
  pill: boolean;
  /** State of a job's last run, where the job is managed. */
  tone: Tone | null;
  /** What a reader is told beside these words. */
  told: string;
  /** All of it, for the hover. */
  whole: string;
}

/** From so many writers on a table is rather a meeting point than somebody's. */
const HUB = 20;

/** What stands before the freshness: `silver` of `main.silver`, `exports` of `abfss://exports@account.dfs…/`, the folder of a path in it. */
function lastPart(detail: string): string {
  const [, container, path] = /^\w+:\/\/([^@/]+)[^/]*\/?(.*)$/.exec(detail) ?? [];
  if (container !== undefined) return path?.split("/").filter(Boolean).at(-1) ?? container;
  return detail.split(/[./]/).filter(Boolean).at(-1) ?? detail;
}

/** What a box says. */
export function boxWords(box: Box, jobs: ReadonlyMap<string, JobRow> | undefined, now: Date, zone: string): BoxWords {
  const { node, bundle } = box;
  if (bundle !== null) {
    const { text, counts, names } = bundle;
    const people = counts.nodes - counts.jobs - counts.datasets;
    const parts = [
      counts.datasets > 0 && counted(counts.datasets, "table"),
      counts.jobs > 0 && counted(counts.jobs, "job"),
      people > 0 && counted(people, "person", "people"),
    ].filter(Boolean);
    const whole = `${text}: ${names.join(", ")}${counts.nodes > names.length ? ", …" : ""}`;
    return { name: text, below: parts.join(", "), pill: false, tone: null, told: "unfold", whole };
  }
  if (node === null) throw new TypeError(`box ${box.key} is neither a node nor a bundle`);
  const gone = box.mark === "del" ? ", gone" : box.mark === "add" ? ", new" : "";
  if (node.kind === "dataset") {
    const written = box.full?.lastWrittenAt;
    const fresh = written ? near(written, now, zone) : null;
    const hub = box.full && box.full.neighbours.up > HUB ? `hub: ${box.full.neighbours.up} writers` : null;
    return {
      name: node.label,
      below: [lastPart(node.detail), hub ?? fresh].filter(Boolean).join(", "),
      pill: false,
      tone: null,
      told: `${kindWord(node)}${gone}`,
      whole: `${kindWord(node)} ${spoken(node)}${fresh ? `, last written ${fresh}` : ", never seen written"}${gone}`,
    };
  }
  const job = node.jobId === null ? undefined : jobs?.get(node.jobId);
  const told = `${kindWord(node)}${job ? `, ${job.verdict.text}` : ""}${gone}`;
  return {
    name: job?.resource ?? node.label,
    below: "",
    pill: true,
    tone: job ? verdictTone(job.verdict.state) : null,
    told,
    whole: `${node.label}: ${told}`,
  };
}

/** Where a box leads: to itself as the focus; a bundle to the same picture with it unfolded. */
export function boxPath(box: Box, url: FocusUrl): string {
  const next = new URLSearchParams(window.location.search);
  next.delete("sel");
  if (box.bundle !== null) {
    next.set("open", openText([...url.open, box.bundle.ref]));
  } else {
    next.set("node", box.node?.ref ?? "");
    next.delete("open");
    // What is gone is there at the date before.
    if (box.mark === "del" && url.diff !== null) {
      next.set("at", url.diff);
      next.delete("diff");
    }
  }
  return `/lineage?${next}`;
}

export function BoxLink(props: {
  box: Box;
  words: BoxWords;
  place: PlacedNode;
  pad: number;
  focus: boolean;
  url: FocusUrl;
}) {
  const { box, words, place, pad, focus, url } = props;
  const { pill } = words;
  const kind = box.bundle !== null ? "bundle" : pill ? "pill" : "table";
  const height = pill ? 28 : place.height;
  return (
    <Link
      href={boxPath(box, url)}
      className={`lin-box ${kind} ${box.mark}${focus ? " on" : ""}`}
      aria-current={focus ? "true" : undefined}
      draggable={false}
      data-box={box.key}
      data-tip={words.whole}
      style={{
        left: place.x + pad,
        top: place.y + pad + (place.height - height) / 2,
        width: place.width,
        height,
      }}
    >
      {pill ? (
        <>
          {words.tone ? (
            <span className={`st ${words.tone}`}>
              <Icon size={12} />
            </span>
          ) : (
            <Icon name={box.node?.kind === "principal" ? "dot" : "pill"} size={12} />
          )}
          <span className="cut">{words.name}</span>
        </>
      ) : (
        <>
          <b className="cut">{words.name}</b>
          <span className="cut">{words.below}</span>
        </>
      )}
      <span className="vh">, {words.told}</span>
    </Link>
  );
}
