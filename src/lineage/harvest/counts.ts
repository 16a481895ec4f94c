/** What a harvest counts. */

/** Figures of a harvest. */
export interface HarvestCounts {
  /** Lines of plain logs, and records of CloudWatch answers. */
  lines: number;
  /** Events that were found, each once. */
  events: number;
  /** Of these: put together from several lines or records. */
  reassembled: number;
  /** Events whose end is missing. */
  truncated: number;
  /** Objects that claim to be events and are not valid ones. */
  invalid: number;
  /** Events that were found again with the same text, and left out. */
  duplicates: number;
  /** Events with `***` in the name or namespace of a job or dataset: a secrets masker was there. */
  masked: number;
}

/** Counts that begin at nothing. */
export function newCounts(): HarvestCounts {
  return { lines: 0, events: 0, reassembled: 0, truncated: 0, invalid: 0, duplicates: 0, masked: 0 };
}
