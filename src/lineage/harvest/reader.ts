/** What reads one log or answer. */

/** Takes a log in chunks. */
export interface Reader {
  /** Takes the next characters, line feeds included. */
  chunk(text: string): void;
  /** Nothing comes any more. */
  end(): void;
}

/** Takes a log in chunks or line by line. */
export interface LineReader extends Reader {
  /** Takes one whole line without its line feed; not to be mixed with chunks. */
  line(text: string): void;
}
