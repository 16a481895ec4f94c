/** What every store must do about the catalogue. */
import { expect, it } from "vitest";
import { BY, parameter, process, task } from "../../test/catalogue.ts";
import { onBothStores } from "../../test/stores.ts";

await onBothStores("the catalogue", (_setting, store) => {
  it("has the built-in stages", async () => {
    expect((await store().runs.catalogue.sequences()).map((one) => [one.sequenceId, one.sequenceCode])).toEqual([
      [0, "LOAD_GO"],
      [1, "LOAD_DB_CONFIG"],
      [2, "LOAD_DB_TRAN"],
      [3, "LOAD_DIM"],
      [4, "LOAD_TRAN"],
      [5, "PRE_PROCESS"],
      [6, "PROCESS_DATA"],
    ]);
    const custom = {
      sequenceId: 25,
      sequenceCode: "EXTRA",
      name: null,
      description: null,
      sortOrder: 2,
      isActive: true,
    };
    expect((await store().runs.catalogue.declareSequences([custom], BY))[0]?.outcome).toBe("created");
    expect((await store().runs.catalogue.sequences()).map((one) => one.sequenceId)).toEqual([0, 1, 2, 25, 3, 4, 5, 6]);
  });

  it("says what declaring again changed, and gives the process a new version each time", async () => {
    const { catalogue } = store().runs;
    const version = async () => (await catalogue.processes({ processLoad: "CAT" }))[0]?.catalogueVersion;
    expect(await catalogue.declareProcesses([process("CAT")], BY)).toEqual([
      { key: "CORP/CAT", outcome: "created", changes: [] },
    ]);
    expect(await version()).toBe(1);
    expect(await catalogue.tasks("CORP", "CAT")).toMatchObject([{ taskId: 0, workflowId: 0, name: "Initiation" }]);
    expect(await catalogue.parameters("CORP", "CAT")).toMatchObject([{ name: "SYSDT", type: "SYSTEM", value: null }]);
    expect((await catalogue.declareProcesses([process("CAT")], BY))[0]?.outcome).toBe("unchanged");
    expect(await version()).toBe(1);
    expect(await catalogue.declareProcesses([process("CAT", { owner: "People" })], BY)).toEqual([
      {
        key: "CORP/CAT",
        outcome: "updated",
        changes: [{ field: "ProcessOwner", before: "HR team", after: "People" }],
      },
    ]);
    const kept = await catalogue.declareProcesses([process("CAT", { owner: "Nobody" })], { ...BY, insertOnly: true });
    expect(kept[0]?.outcome).toBe("unchanged");
    expect((await catalogue.processes({ project: "retail", processLoad: "CAT" }))[0]).toMatchObject({
      owner: "People",
    });
    const declared = task("CAT", 1, 7);
    expect((await catalogue.declareTasks([declared], BY))[0]).toMatchObject({
      key: "CORP/CAT/1/7",
      outcome: "created",
    });
    expect((await catalogue.tasks("CORP", "CAT")).at(-1)).toEqual(declared);
    const changed = await catalogue.declareTasks([{ ...declared, mandatory: false, expect: null }], BY);
    expect(changed[0]?.changes).toEqual([
      { field: "TaskMandatory", before: 1, after: 0 },
      { field: "Expectations", before: '{"rowsWritten":">= 1"}', after: null },
    ]);
    expect(await version()).toBe(4);
  });

  it("refuses what does not hang together, and then keeps nothing", async () => {
    const { catalogue } = store().runs;
    const unknown = { code: "not_found" };
    await expect(catalogue.declareTasks([task("NOWHERE", 1, 1)], BY)).rejects.toMatchObject(unknown);
    await expect(catalogue.declareParameters([parameter("NOWHERE", "x", "FLAG")], BY)).rejects.toMatchObject(unknown);
    await catalogue.declareProcesses([process("STRICT")], BY);
    const wrong = [task("STRICT", 1, 1), task("STRICT", 1, 2, { sequenceId: 77 })];
    await expect(catalogue.declareTasks(wrong, BY)).rejects.toMatchObject(unknown);
    expect(await catalogue.tasks("CORP", "STRICT")).toHaveLength(1);
    await catalogue.declareParameters([parameter("STRICT", "p", "DELTA_ID")], BY);
    const invalid = { code: "input_invalid" };
    await expect(catalogue.declareParameters([parameter("STRICT", "p", "FLAG")], BY)).rejects.toMatchObject(invalid);
    await expect(catalogue.declareParameters([parameter("STRICT", "q", "SYSTEM")], BY)).rejects.toMatchObject(invalid);
  });

  it("never overwrites a watermark by declaring its parameter again", async () => {
    const { catalogue } = store().runs;
    await catalogue.declareProcesses([process("KEEP")], BY);
    await catalogue.declareParameters([parameter("KEEP", "id", "DELTA_ID", "9223372036854775807")], BY);
    const again = { ...parameter("KEEP", "id", "DELTA_ID", "5"), description: "now described" };
    expect((await catalogue.declareParameters([again], BY))[0]?.outcome).toBe("updated");
    expect((await catalogue.parameters("CORP", "KEEP")).find((one) => one.name === "id")).toEqual({
      ...again,
      value: "9223372036854775807",
    });
  });
});
