import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { PAGES } from "../scripts/reference/pages.ts";
import { PERMISSIONS, permissionFor } from "../src/workspace/permissions.ts";
import { ROOT, read } from "./tree/files.ts";

describe("generated reference", () => {
  it.each(Object.keys(PAGES))("%s is what `npm run gen` writes", (name) => {
    expect(read(name), "run npm run gen").toBe(PAGES[name]?.());
  });

  it("has no page that nothing makes", () => {
    const there = readdirSync(path.join(ROOT, "docs/reference")).map((name) => `docs/reference/${name}`);
    // Pages about the originals are written by hand.
    const generated = there.filter((name) => !name.startsWith("docs/reference/originals-"));
    expect(generated.sort()).toEqual(Object.keys(PAGES).sort());
  });
});

describe("permissions", () => {
  it("have a row for every path the client calls", () => {
    const folder = path.join(ROOT, "src/clients/databricks");
    const paths = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .flatMap((name) => [...read(`src/clients/databricks/${name}`).matchAll(/"(\/(?:api|oidc)\/[^"]+)"/g)])
      .map((match) => match[1] as string);
    expect(paths.length).toBeGreaterThan(5);
    const known = (place: string) =>
      ["GET", "POST", "PUT"].some((method) => permissionFor(method, place) !== undefined);
    expect(paths.filter((place) => !known(place))).toEqual([]);
  });

  it("are found by request", () => {
    expect(permissionFor("GET", "/api/2.0/permissions/jobs/123")?.call).toBe("GET /api/2.0/permissions/jobs/{job_id}");
    expect(permissionFor("POST", "/api/2.0/workspace-files/import-file/Users/a/b.json")).toBeDefined();
    expect(permissionFor("GET", "/api/2.0/sql/statements/01ef/result/chunks/2")).toBeDefined();
    expect(permissionFor("DELETE", "/api/2.2/jobs/get")).toBeUndefined();
    expect(new Set(PERMISSIONS.map(({ call }) => call)).size).toBe(PERMISSIONS.length);
  });
});
