/** Finds JSON objects, plain or escaped inside a quoted string, in the lines of one stream; put together where they are cut. */
import { withoutEscapes } from "./escapes.ts";
import { BROKEN, createMatcher, type Matcher, MORE } from "./json-matcher.ts";

/** What a finder tells. */
export interface Finds {
  /** An object as it stands in the log. `joined`: it came in several lines or records. */
  object(text: string, joined: boolean): void;
  /** The inside of a quoted string that begins with an escaped object; not yet unescaped. `torn`: its end is missing. */
  escaped(body: string, facts: { joined: boolean; torn: boolean }): void;
  /**
   * What began as an object and is none. `cut`: it ended, or something else came, before its end.
   * @returns true where all of the text was read in another way
   */
  broken(text: string, cut: boolean): boolean;
}

/** Finds objects in the lines of one stream. */
export interface Finder {
  /** Takes the next line, without its line feed. `joined`: the line itself was put together of several. */
  push(line: string, joined: boolean): void;
  /** Nothing comes any more: what is open is broken, and is searched for what is whole in it. */
  end(): void;
  /** True while an object is open. */
  isOpen(): boolean;
}

/** Characters that all finders together may hold for objects that are not complete. */
export interface Held {
  characters: number;
  limit: number;
}

/** An open object may grow to this many characters; the largest events seen have 23 million. */
const MAX_OBJECT = 64 << 20;
/** As long as it does not name a key of an event, an open object may only grow to this. */
const MAX_UNPROMISING = 1 << 20;
/** Text that CloudWatch's exports to S3 put before every record. */
const EXPORT_PREFIX = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d) /;
const INDENT = /^(?: {2,}|[ \t]*\t)[ \t]*/;

interface Line {
  text: string;
  from: number;
  joined: boolean;
}

interface Open {
  kind: "object" | "string";
  matcher: Matcher;
  /** What belongs to the object, in order. */
  pieces: string[];
  /** The lines it came in, to read them again should it turn out to be none. */
  lines: Line[];
  /** Where it begins in the first line. */
  start: number;
  length: number;
  promising: boolean;
  exported: boolean;
  joined: boolean;
}

/** The first place from which an object may begin: a brace, and then a key, plain or escaped, or the line's end. */
function candidate(text: string, from: number): { at: number; kind: Open["kind"] } | undefined {
  for (let at = text.indexOf("{", from); at >= 0; at = text.indexOf("{", at + 1)) {
    let next = at + 1;
    while (text.charCodeAt(next) === 32 || text.charCodeAt(next) === 9) next += 1;
    if (next === text.length || text.charCodeAt(next) === 34) return { at, kind: "object" };
    if (text.charCodeAt(next) === 92 && (next + 1 === text.length || '"\\nrt'.includes(text.charAt(next + 1))))
      return { at, kind: "string" };
  }
  return undefined;
}

/** True where the inside of a quoted string begins with an escaped object that is complete. */
function holdsWhole(body: string): boolean {
  let text = body;
  for (let level = 0; level < 5 && text.charCodeAt(1) === 92; level++) {
    text = withoutEscapes(text, "text");
    if (createMatcher("object").feed(text, 0) >= 0) return true;
  }
  return false;
}

/** A finder for one stream. */
export function createFinder(finds: Finds, held: Held): Finder {
  let open: Open | undefined;

  const close = (): Open => {
    const was = open as Open;
    held.characters -= was.length;
    open = undefined;
    return was;
  };

  /** Searches a line from a place on; may leave an object open. */
  const search = (line: Line): void => {
    const { text } = line;
    let from = line.from;
    for (let found = candidate(text, from); found !== undefined; found = candidate(text, from)) {
      const { at, kind } = found;
      const matcher = createMatcher(kind);
      const end = matcher.feed(text, at);
      if (end === MORE) {
        const piece = text.slice(at);
        open = {
          kind,
          matcher,
          pieces: [piece],
          lines: [line],
          start: at,
          length: piece.length,
          promising: piece.includes("eventT"),
          exported: EXPORT_PREFIX.test(text),
          joined: line.joined,
        };
        held.characters += piece.length;
        return;
      }
      if (end === BROKEN && kind === "string") {
        from = Math.max(matcher.brokenAt(), at + 1);
        finds.escaped(text.slice(at, from), { joined: line.joined, torn: true });
      } else if (end === BROKEN) {
        from = finds.broken(text.slice(at), false) ? text.length : at + 1;
      } else {
        if (kind === "object") finds.object(text.slice(at, end), line.joined);
        else finds.escaped(text.slice(at, end), { joined: line.joined, torn: false });
        from = end;
      }
    }
  };

  /** Reads a line as the continuation of what is open. @returns the place after the object, or MORE, BROKEN */
  const continueWith = (now: Open, text: string): { end: number; text: string } => {
    const prefix = now.exported ? EXPORT_PREFIX.exec(text)?.[0] : undefined;
    if (prefix !== undefined) {
      const back = now.matcher.save();
      const rest = text.slice(prefix.length);
      const end = now.matcher.feed(rest, 0);
      if (end !== BROKEN) return { end, text: rest };
      back();
    }
    // indentation of an object that was printed over several lines; one blank may belong to a cut between two tokens
    const indent = now.matcher.inString() ? undefined : INDENT.exec(text)?.[0];
    const own = indent === undefined ? text : text.slice(indent.length);
    return { end: now.matcher.feed(own, 0), text: own };
  };

  /** Gives up what is open. @returns the lines to search again */
  const giveUp = (): Line[] => {
    const was = close();
    const [first, ...others] = was.lines as [Line, ...Line[]];
    if (was.kind === "object") {
      finds.broken(was.pieces.join(""), true);
      return [{ ...first, from: was.start + 1 }, ...others];
    }
    // of a torn string, the part that is there may hold something whole
    finds.escaped(was.pieces.join(""), { joined: was.joined, torn: true });
    return others;
  };

  const work = (first: Line): void => {
    /** Lines that are still to be read, the next one last. */
    const waiting: Line[] = [first];
    for (let line = waiting.pop(); line !== undefined; line = waiting.pop()) {
      if (open === undefined) {
        search(line);
        continue;
      }
      const { end, text } = continueWith(open, line.text);
      // the quote that ends a torn string is more often the first of another line than its own
      const closes = end >= 0 && (open.kind === "object" || holdsWhole(open.pieces.join("") + text.slice(0, end)));
      if (end === BROKEN || (end >= 0 && !closes)) {
        open.lines.push(line);
        for (const again of giveUp().reverse()) waiting.push(again);
      } else if (end === MORE) {
        open.pieces.push(text);
        open.lines.push(line);
        open.length += text.length;
        open.promising ||= text.includes("eventT");
        held.characters += text.length;
        const limit = open.promising ? MAX_OBJECT : MAX_UNPROMISING;
        if (open.length > limit || held.characters > held.limit)
          for (const again of giveUp().reverse()) waiting.push(again);
      } else {
        const was = close();
        was.pieces.push(text.slice(0, end));
        if (was.kind === "object") finds.object(was.pieces.join(""), true);
        else finds.escaped(was.pieces.join(""), { joined: true, torn: false });
        waiting.push({ text, from: end, joined: line.joined });
      }
    }
  };

  return {
    push: (text, joined) => work({ text, from: 0, joined }),
    end: () => {
      while (open !== undefined) for (const line of giveUp()) work(line);
    },
    isOpen: () => open !== undefined,
  };
}
