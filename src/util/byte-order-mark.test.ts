import { expect, it } from "vitest";
import { encodingOf } from "./byte-order-mark.ts";

it.each<[string, Buffer, string]>([
  ["a mark of UTF-16", Buffer.from("\ufeff{", "utf16le"), "utf-16le"],
  ["the same, the other way round", Buffer.from("\ufeff{", "utf16le").swap16(), "utf-16be"],
  ["UTF-16 without a mark", Buffer.from('{"', "utf16le"), "utf-16le"],
  ["the same, the other way round", Buffer.from('{"', "utf16le").swap16(), "utf-16be"],
  ["UTF-8", Buffer.from('{"time"'), "utf-8"],
  ["zeros", Buffer.alloc(8), "utf-8"],
  ["nearly nothing", Buffer.from("{"), "utf-8"],
  ["nothing", Buffer.alloc(0), "utf-8"],
])("knows %s", (_what, bytes, encoding) => expect(encodingOf(bytes)).toBe(encoding));
