/** Parts the JSON of CloudWatch answers into log records while it streams in, whatever its layout or number of pages. */

/** How the text of a CloudWatch answer begins: an answer, a list of answers, or a list of records. */
const ANSWER =
  /^\s*(?:\[\s*)?\{\s*"(?:events|logEvents|searchedLogStreams|nextToken|nextForwardToken|nextBackwardToken|messageType|ResponseMetadata)"\s*:/;
const RECORDS = /^\s*\[\s*\{\s*"(?:logStreamName|timestamp|message|ingestionTime|eventId)"\s*:/;
const UNDECIDED = /^\s*(?:\[\s*)?(?:\{\s*(?:"[A-Za-z]*(?:"\s*)?)?)?$/;

/** Whether a text is a CloudWatch answer; `undecided` where more of it must be seen. */
export function sniffCloudWatch(text: string): "yes" | "no" | "undecided" {
  if (ANSWER.test(text) || RECORDS.test(text)) return "yes";
  return UNDECIDED.test(text) && text.length < 4096 ? "undecided" : "no";
}

/** Reads the text of answers. */
export interface CloudWatchText {
  chunk(text: string): void;
  /** @returns what was open at the end: not empty where the text is torn */
  end(): string;
}

/** A record's text may have this many characters; CloudWatch allows a million bytes. */
const MAX_RECORD = 64 << 20;
const MAX_KEY = 64;

/**
 * Gives the text of every object that is an element of a list `events` or `logEvents` or of the outermost list, with
 * the beginning of the answer it stands in (where a subscription names its stream).
 */
export function createCloudWatchText(element: (text: string, head: string) => void): CloudWatchText {
  const open: { list: boolean; records: boolean }[] = [];
  let inString = false;
  let escaped = false;
  let word = "";
  let key = "";
  let head = "";
  /** Parts of the object that is being taken, and how many containers are open outside it; -1: none is taken. */
  let taken: string[] = [];
  let length = 0;
  let outside = -1;

  const chunk = (text: string): void => {
    let begin = 0;
    let wordBegin = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (inString) {
        if (escaped) escaped = false;
        else if (code === 92) escaped = true;
        else if (code === 34) {
          inString = false;
          if (word.length + at - wordBegin <= MAX_KEY) word += text.slice(wordBegin, at);
          else word = "";
        }
        continue;
      }
      if (code === 34) {
        inString = true;
        word = "";
        wordBegin = at + 1;
      } else if (code === 58) key = word;
      else if (code === 44) key = "";
      else if (code === 123) {
        const parent = open[open.length - 1];
        if (outside < 0 && (parent === undefined || parent.records)) {
          outside = open.length;
          begin = at;
        }
        open.push({ list: false, records: false });
        key = "";
      } else if (code === 91) {
        const answers = open.length === 0;
        const records = (key === "events" || key === "logEvents") && outside === open.length - 1;
        open.push({ list: true, records: answers || records });
        key = "";
        if (records) {
          head = taken.join("") + text.slice(begin, at);
          taken = [];
          length = 0;
          outside = -1;
        }
      } else if (code === 125 || code === 93) {
        open.pop();
        if (outside === open.length && code === 125) {
          element(taken.join("") + text.slice(begin, at + 1), head);
          taken = [];
          length = 0;
          outside = -1;
        }
      }
    }
    if (inString && word.length <= MAX_KEY) word += text.slice(wordBegin, wordBegin + MAX_KEY + 1);
    if (outside >= 0 && length <= MAX_RECORD) {
      taken.push(text.slice(begin));
      length += text.length - begin;
    }
  };

  return { chunk, end: () => (outside < 0 ? "" : taken.join("")) };
}
