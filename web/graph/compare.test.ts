import { describe, expect, it } from "vitest";
import { compareGraphs, dependentsOf } from "./compare.ts";
import { orderWords } from "./order-words.ts";

const task = (key: string, ...dependsOn: string[]) => ({ key, type: "notebook", dependsOn });
const before = [task("load"), task("revenue", "load"), task("basket", "load"), task("publish", "revenue", "basket")];
const after = [...before.slice(0, 3), task("check", "revenue", "basket"), task("publish", "check")];

describe("two graphs compared", () => {
  const compared = compareGraphs(before, after, new Set(["load", "publish"]));

  it("marks what comes, goes and changes, each on its side", () => {
    expect(compared.differs).toBe(true);
    expect(compared.after.task("check")).toBe("add");
    expect(compared.after.task("load")).toBe("chg");
    expect(compared.after.task("revenue")).toBe("same");
    expect(compared.after.edge("check", "publish")).toBe("add");
    expect(compared.before.edge("basket", "publish")).toBe("del");
    expect(compared.before.task("load")).toBe("same");
  });

  it("sees no difference in a graph and itself", () => {
    expect(compareGraphs(before, before, new Set(["load"])).differs).toBe(false);
  });

  it("says the new order in words", () => {
    expect(orderWords(before, after)).toEqual([
      { task: "check", words: "new, runs after revenue and basket, and before publish" },
      { task: "publish", words: "now runs after check instead of revenue and basket" },
    ]);
    expect(orderWords(after, before)).toEqual([
      { task: "check", words: "goes; it ran after revenue and basket, and before publish" },
      { task: "publish", words: "now runs after revenue and basket instead of check" },
    ]);
    expect(orderWords(before, before)).toEqual([]);
  });

  it("knows who depends on whom", () => {
    expect(dependentsOf(before).get("load")).toEqual(["revenue", "basket"]);
  });
});
