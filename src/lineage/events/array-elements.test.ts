import { describe, expect, it } from "vitest";
import { arrayElements } from "./array-elements.ts";

describe("elements of an array", () => {
  it.each([
    ["[]", []],
    [" [ \n] ", []],
    ["[1,2]", ["1", "2"]],
    ['[ {"a" : [1, {"b":2}]} ,\t"x,]" , null ]', ['{"a" : [1, {"b":2}]}', '"x,]"', "null"]],
    ['["a\\"b", "c\\\\", "\\\\\\",]"]', ['"a\\"b"', '"c\\\\"', '"\\\\\\",]"']],
    ['[[],{},[[1],[2]],""]', ["[]", "{}", "[[1],[2]]", '""']],
    ["[1.50,-2e-7, true]", ["1.50", "-2e-7", "true"]],
    ['[ "a  b" ]', ['"a  b"']],
  ])("of %s", (text, elements) => {
    expect(arrayElements(text)).toEqual(elements);
    expect(arrayElements(text).map((one) => JSON.parse(one))).toEqual(JSON.parse(text));
  });
});
