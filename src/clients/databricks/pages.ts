/** Paging by token, as all list calls of the Jobs API have it. */
import { HeadgateError } from "../../errors.ts";
import type { JsonObject } from "../../util/json.ts";
import { isMissing } from "./missing.ts";

/**
 * The pages of a list, from the first to the one without `next_page_token`.
 * @throws HeadgateError `remote_error` when a token comes twice in a row (the service would page for ever);
 * `unavailable` when a later page is refused as invalid: that is about the token, and must not be taken for "missing"
 */
export async function* readPages(
  read: (pageToken: string | undefined) => Promise<JsonObject>,
): AsyncGenerator<JsonObject> {
  let token: string | undefined;
  for (;;) {
    const page: JsonObject = await read(token).catch((error: unknown) => {
      if (token === undefined || !isMissing(error)) throw error;
      const details = { hint: "It changed while it was being read: run again.", cause: error, permanent: false };
      throw new HeadgateError("unavailable", `a later page cannot be read: ${error.message}`, details);
    });
    yield page;
    const next = page.next_page_token;
    if (typeof next !== "string" || next === "") return;
    if (next === token) throw new HeadgateError("remote_error", "the service gave the same page token twice");
    token = next;
  }
}

/**
 * Puts the pages of one object together: the named arrays are appended, everything else is as on the first page that
 * has it. The Jobs API shows at most 100 elements of each such array a page and repeats nothing on later pages.
 */
export function joinPages(first: JsonObject, later: JsonObject, arrays: readonly string[]): JsonObject {
  const joined: JsonObject = { ...first };
  for (const [key, value] of Object.entries(later)) {
    const held = joined[key];
    if (arrays.includes(key) && Array.isArray(held) && Array.isArray(value)) joined[key] = [...held, ...value];
    else if (held === undefined) joined[key] = value;
  }
  return joined;
}
