/** What every store must do about files: what the workspace's files promise to states and locks. */
import { expect, it } from "vitest";
import { onBothStores } from "../../test/stores.ts";

const FOLDER = "42/retail/prod";

await onBothStores("files", (setting, store) => {
  it("are read as they were written, replaced, and gone when removed", async () => {
    const { files } = store();
    const text = `{"ü": "€ 😀", "line": "a\r\nb", "quote": "'\\\\"}\n`;
    expect(await files.read(`${FOLDER}/state.json`)).toBeUndefined();
    await files.write(`${FOLDER}/state.json`, text);
    expect(await files.read(`${FOLDER}/state.json`)).toBe(text);
    await files.write(`${FOLDER}/state.json`, "");
    expect(await files.read(`${FOLDER}/state.json`)).toBe("");
    await files.remove(`${FOLDER}/state.json`);
    await files.remove(`${FOLDER}/state.json`);
    expect(await files.read(`${FOLDER}/state.json`)).toBeUndefined();
  });

  it("may have 8 MB", async () => {
    const text = "0123456789abcdef".repeat(500_000);
    await store().files.write("big", text);
    expect(await store().files.read("big")).toBe(text);
  });

  it("are created once: of 20 at the same time, through two processes' doors, one makes it", async () => {
    const target = await setting.target();
    const doors = await Promise.all([setting.open(target), setting.open(target)]);
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, i) => doors[i % 2]?.files.createNew(`${FOLDER}/lock/1.json`, `${i}`)),
    );
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await doors[0]?.files.read(`${FOLDER}/lock/1.json`)).toBe(String(made.indexOf(true)));
  });

  it("are listed by folder, folders by what is in them", async () => {
    const { files } = store();
    for (const name of ["b.json", "a.json", "sub/c.json", "sub/deep/d.json", "s%b/e.json"])
      await files.write(`list/${name}`, "1");
    await files.write("list_/other.json", "1");
    expect(await files.list("list")).toEqual(["a.json", "b.json"]);
    expect(await files.folders("list")).toEqual(["s%b", "sub"]);
    expect(await files.folders("list/sub")).toEqual(["deep"]);
    expect(await files.list("nowhere")).toEqual([]);
    expect(await files.folders("nowhere")).toEqual([]);
    await files.remove("list/s%b/e.json");
    expect(await files.folders("list")).toEqual(["sub"]);
  });

  it("have one clock", async () => {
    const [one, other] = [await store().files.now(), await store().files.now()];
    expect(other).toBeGreaterThanOrEqual(one);
    expect(Math.abs(one - Date.now())).toBeLessThan(60_000);
  });
});
