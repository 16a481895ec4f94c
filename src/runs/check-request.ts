/** A request as its schema has it, or the error that says what is wrong with it. */
import { HeadgateError } from "../errors.ts";

interface Schema<T> {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
}

/** Checks a request. @throws HeadgateError `input_invalid`; `data.issues` holds every fault */
export function checked<T>(schema: Schema<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join("."), message }));
  const [first] = issues;
  const where = first?.path ? `${first.path}: ` : "";
  throw new HeadgateError("input_invalid", `${where}${first?.message ?? "the request is not valid"}`, {
    permanent: true,
    data: { issues },
  });
}
