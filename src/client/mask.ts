/** Masks what has the form of a secret before it is written to a file or sent. */
export { maskSecrets } from "../util/secret-patterns.ts";
