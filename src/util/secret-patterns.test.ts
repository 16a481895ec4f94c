import { describe, expect, it } from "vitest";
import { maskSecrets } from "./secret-patterns.ts";

const dapi = `dapi${"0123456789abcdef".repeat(2)}`;

describe("secrets known by their form", () => {
  it.each([
    ["GET failed: Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.e30.abc-_", "GET failed: Authorization: Bearer ***"],
    [
      "https://a.blob.core.windows.net/c/f?sv=2022&sig=abcDEF%2B123456789012%3D&se=x",
      "https://a.blob.core.windows.net/c/f?sv=2022&sig=***&se=x",
    ],
    [
      "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=Zm9vYmFyYmF6cXV4==;x",
      "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=***;x",
    ],
    [`token ${dapi}-2 was refused`, "token *** was refused"],
    [
      "jdbc:sqlserver://db:1433;user=etl;password=hunter2;encrypt=true",
      "jdbc:sqlserver://db:1433;user=etl;password=***;encrypt=true",
    ],
    ['{"client_secret": "abc~def", "tenant": "t"}', '{"client_secret": "***", "tenant": "t"}'],
    ["postgres://etl:p4ss@db.example:5432/x", "postgres://etl:***@db.example:5432/x"],
    [`key AKIA${"A1B2".repeat(4)} denied`, "key *** denied"],
    [
      `-----BEGIN ${""}PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----`,
      `-----BEGIN ${""}PRIVATE KEY-----***-----END PRIVATE KEY-----`,
    ],
  ])("%s", (text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
    expect(maskSecrets(masked)).toBe(masked);
  });

  it.each([
    "the password of the report was not given",
    "Basic checks passed: 1200 rows in /mnt/bronze/orders",
    "https://adb-1.azuredatabricks.net/?o=12#job/7/run/3",
    "signature=short, secretary: 3 rows",
    "started at 06:30:00 by anna@example.com",
  ])("leaves alone: %s", (text) => {
    expect(maskSecrets(text)).toBe(text);
  });
});
