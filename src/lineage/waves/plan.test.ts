import { describe, expect, it } from "vitest";
import type { WaveEdge, WavePlan } from "../../model/wave.ts";
import { planWaves } from "./plan.ts";

/** `j1 reads a`, `j1|j2 writes a`, `j1 reads a|b`: bars between what only may be. */
function edge(text: string): WaveEdge {
  const [who = "", verb = "", what = ""] = text.split(" ");
  const ids = who.split("|");
  const names = what.split("|");
  const access = ({ reads: "read", writes: "write", maintains: "maintenance" } as const)[verb] ?? "metadata";
  return {
    jobId: ids.length === 1 ? who : null,
    jobName: null,
    table: names.length === 1 ? what : null,
    ...(names.length === 1 ? {} : { tableCandidates: names }),
    access,
    candidates: ids.length === 1 ? [] : ids.map((jobId) => ({ jobId, jobName: null })),
    lastSeen: "2026-09-14T00:00:00.000Z",
  };
}
const plan = (edges: string[], rest: Omit<Parameters<typeof planWaves>[0], "edges"> = {}): WavePlan =>
  planWaves({ edges: edges.map(edge), ...rest });

/** `1: j1+a, j2 | 2: …` */
const shape = ({ waves }: WavePlan): string =>
  waves
    .map(
      ({ number, groups }) =>
        `${number}: ${groups.map(({ jobs, tables }) => [...jobs.map(({ id }) => id), ...tables].join("+")).join(", ")}`,
    )
    .join(" | ");

describe("dependencies", () => {
  it.each<[string, string[], string]>([
    ["a reader follows the writer a wave later", ["j1 writes a", "j2 reads a", "j2 writes b"], "1: j1+a | 2: j2+b"],
    ["a table nobody writes moves with its first reader or before", ["j1 reads a"], "1: j1, a"],
    ["writers of one table move at once", ["j1 writes a", "j2 writes a"], "1: j1+j2+a"],
    ["its own table makes no ring", ["j1 writes a", "j1 reads a"], "1: j1+a"],
    [
      "a ring moves at once",
      ["j1 reads a", "j1 writes b", "j2 reads b", "j2 writes a", "j3 reads b"],
      "1: j1+j2+a+b | 2: j3",
    ],
    ["maintenance follows, and joins nothing", ["j1 writes a", "j2 writes b", "j2 maintains a"], "1: j1+a, j2+b"],
    ["what was only looked at orders nothing", ["j1 writes a", "j2 looks a"], "1: j1+a, j2"],
    ["ids sort as numbers", ["10 writes a", "9 writes b", "submit:x writes c"], "1: 9+b, 10+a, submit:x+c"],
    ["nothing gives nothing", [], ""],
  ])("%s", (_what, edges, expected) => {
    expect(shape(plan(edges))).toBe(expected);
  });

  it("moves names of one location at once, and tables that nobody touched", () => {
    const aliased = { ...edge("j1 writes a"), aliases: ["z"] };
    const made = planWaves({ edges: [aliased, edge("j2 reads z")], tables: [{ name: "idle", bytes: 5 }] });
    expect(shape(made)).toBe("1: j1+a+z, idle | 2: j2");
    expect(made.waves[0]).toMatchObject({ jobs: 1, tables: 3, bytes: 5 });
    expect(made.waves[0]?.groups[1]?.constraint).toBe("none");
    expect(made.unsized).toBe(2);
  });

  it("knows a job by the name it had last", () => {
    const named = (jobName: string | null, lastSeen: string) => ({ ...edge("j1 reads a"), jobName, lastSeen });
    const edges = [named("new", "2026-09-16"), named("old", "2026-09-14"), named(null, "2026-09-17")];
    expect(planWaves({ edges }).waves[0]?.groups[0]?.jobs).toEqual([{ id: "j1", name: "new" }]);
  });
});

describe("what only may be", () => {
  it("orders where it can", () => {
    const made = plan(["j1 writes a", "j2|j3 reads a"]);
    expect(shape(made)).toBe("1: j1+a | 2: j2, j3");
    expect(made.waves[1]?.groups[0]).toMatchObject({
      constraint: "soft",
      why: "job j2 may read a, written by job j1 in wave 1",
    });
    expect(made.cut).toEqual([]);
  });

  it("gives way to what is certain, and is listed", () => {
    const made = plan(["j1 writes a", "j2 reads a", "j2 writes b", "j1|j9 reads b"]);
    expect(shape(made)).toBe("1: j1+a | 2: j2+b | 3: j9");
    expect(made.cut).toEqual([{ job: "j1", table: "b", kind: "soft", access: "read" }]);
  });

  it("never joins groups", () => {
    const made = plan(["j1|j2 writes a", "j3 reads a|b", "j3 writes c"]);
    expect(shape(made)).toBe("1: j1, j2, j3+c, a, b");
  });
});

describe("pins", () => {
  const chain = ["j1 writes a", "j2 reads a", "j2 writes b", "j3 reads b"];

  it("move what follows along", () => {
    const made = plan(chain, { pins: { jobs: { j2: 4 } } });
    expect(shape(made)).toBe("1: j1+a | 4: j2+b | 5: j3");
    expect(made.waves[1]?.groups[0]?.why).toContain("pinned to wave 4");
    expect(made.blockers).toEqual([]);
  });

  it("never break a dependency: they become blockers that name it", () => {
    const made = plan(chain, { pins: { jobs: { j3: 1 } } });
    expect(shape(made)).toBe("1: j1+a | 2: j2+b | 3: j3");
    expect(made.blockers).toEqual([
      {
        kind: "pin",
        why: "pins ask for job j3 to wave 1, but job j3 reads b, written by job j2 in wave 2: placed in wave 3",
        jobs: ["j3"],
        tables: [],
      },
    ]);
  });

  it("go before what only may be", () => {
    const made = plan(["j1 writes a", "j2|j3 reads a"], { pins: { jobs: { j2: 1 } } });
    expect(shape(made)).toBe("1: j1+a, j2 | 2: j3");
    expect(made.blockers).toEqual([]);
  });

  it("of one group that differ are a blocker", () => {
    const made = plan(chain, { pins: { jobs: { j1: 2 }, tables: { a: 3 } } });
    expect(shape(made)).toBe("3: j1+a | 4: j2+b | 5: j3");
    expect(made.blockers).toMatchObject([{ kind: "pin", jobs: ["j1"], tables: ["a"] }]);
  });

  it("leave out, name what is unknown, and show what is frozen", () => {
    const freeze = [{ from: "2026-12-15", to: "2027-01-05" }];
    const made = plan(chain, { pins: { jobs: { j9: 2 }, tables: { a: "exclude" }, freeze } });
    expect(shape(made)).toBe("1: j1, j2+b | 2: j3");
    expect(made.excluded).toEqual({ jobs: [], tables: ["a"] });
    expect(made.blockers).toMatchObject([{ kind: "unknown", jobs: ["j9"] }]);
    expect(made.freeze).toEqual(freeze);
  });
});

describe("capacity", () => {
  it("splits waves, what has most behind it first", () => {
    const edges = ["j1 writes a", "j2 writes b", "j3 writes c", "j4 reads c"];
    const made = plan(edges, { capacity: { jobs: 1 } });
    expect(shape(made)).toBe("1: j3+c | 2: j1+a | 3: j2+b | 4: j4");
    expect(made.waves[3]?.groups[0]?.why).toBe(
      "job j4 reads c, written by job j3 in wave 1, and waves 2 to 3 have no room",
    );
    expect(made.blockers).toEqual([]);
  });

  it("counts sizes, gives what is too large a wave of its own, and says so", () => {
    const tables = ["a", "b", "c"].map((name, index) => ({ name, bytes: [60, 50, 500][index] ?? 0 }));
    const made = plan(["j1 writes a", "j2 writes b", "j3 writes c"], { tables, capacity: { bytes: 100 } });
    expect(made.waves.map(({ bytes }) => bytes)).toEqual([60, 50, 500]);
    expect(made.blockers).toMatchObject([{ kind: "capacity", jobs: ["j3"], tables: ["c"] }]);
  });

  it("tells what is too large from what is pinned", () => {
    const edges = ["j1 writes a", "j2 writes a", "j3 writes c"];
    const alone = plan(edges, { pins: { jobs: { j3: 1, j1: 1 } }, capacity: { jobs: 1 } });
    expect(alone.blockers).toMatchObject([{ jobs: ["j1", "j2"], tables: ["a"] }]);
    expect(alone.blockers[0]?.why).toBe("wave 1 holds 3 of 1 jobs: a group cannot be divided, but by taking hubs out");
    const pinned = plan(edges.slice(1), { pins: { jobs: { j2: 1, j3: 1 } }, capacity: { jobs: 1 } });
    expect(pinned.blockers[0]?.why).toBe("wave 1 holds 2 of 1 jobs: too much is pinned there");
  });

  it("gives pinned groups their room first", () => {
    const made = plan(["j1 writes a", "j2 writes b"], { pins: { jobs: { j2: 1 } }, capacity: { jobs: 1 } });
    expect(shape(made)).toBe("1: j2+b | 2: j1+a");
  });
});

describe("hubs", () => {
  it("are tables without which a group falls apart", () => {
    const edges = ["j1", "j2", "j3"].flatMap((job) => [`${job} writes audit`, `${job} writes of_${job}`]);
    expect(plan(edges).hubs).toEqual([{ table: "audit", jobs: 3, groupsBefore: 1, groupsAfter: 3 }]);
    expect(shape(plan(edges, { pins: { tables: { audit: "exclude" } } }))).toBe("1: j1+of_j1, j2+of_j2, j3+of_j3");
  });

  it("may be several that only together divide it", () => {
    const edges = ["j1", "j2"].flatMap((job) => [`${job} writes audit`, `${job} writes marks`]);
    expect(plan(edges).hubs).toEqual([{ table: "audit", with: ["marks"], jobs: 2, groupsBefore: 1, groupsAfter: 2 }]);
  });
});

describe("reasons", () => {
  it("say what is together, why there, and who waits", () => {
    const made = plan(["j1 writes a", "j2 writes a", "j3 reads a", "j4 reads a", "j5 reads a"]);
    expect(made.waves[0]?.groups[0]?.why).toBe(
      "2 jobs and 1 table move at once, for they write the same tables or feed one another; reads nothing that another group writes; writes a, which is read by 3 jobs of later waves",
    );
  });
});
