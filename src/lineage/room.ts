/** The lineage room: what command line, server and library ask of the data movement of one target. */
import type { IngestReport } from "../model/ingest-report.ts";
import type { AttributionFacts } from "./ingest/attribution-facts.ts";
import type { IngestProgress } from "./ingest/ingest.ts";

export type { IngestProgress } from "./ingest/ingest.ts";

/** One pass of `ingest`. */
export interface IngestRequest {
  /** Names of the sources to read; default: all. */
  sources?: readonly string[] | undefined;
  /** UTC texts: only days from then on, and before then; whole days. */
  since?: string | undefined;
  until?: string | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: IngestProgress) => void) | undefined;
}

/** The lineage of one target of a project. */
export interface LineageRoom {
  /**
   * Brings what the sources hold into the store. What is there already is not read again; a pass that was killed is
   * simply made again.
   * @throws HeadgateError `usage` for a source that is not in the config, `config_invalid` without sources
   */
  ingest(request?: IngestRequest): Promise<IngestReport>;
  /**
   * What access logs would be attributed by, and how much there is of them on this machine, for looking into one log.
   * `facts` is undefined where no inventory is configured.
   */
  known(signal?: AbortSignal): Promise<{ facts: AttributionFacts | undefined; logBytes: number | undefined }>;
}
