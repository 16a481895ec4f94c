/** Faults on purpose: a refusal, a slow or broken answer, a connection that is dropped before or after the effect. */
import { ApiError } from "../api-error.ts";

export type FaultKind =
  | "status"
  | "slow"
  | "drop-before"
  | "drop-after"
  | "malformed"
  | "empty"
  | "bare"
  | "html"
  | "redirect"
  | "hang";

export interface Fault {
  kind: FaultKind;
  /** For `status` and `html`. */
  status?: number;
  errorCode?: string;
  message?: string;
  /** Seconds, sent as `Retry-After`. */
  retryAfter?: number;
  /** For `slow`: real milliseconds before the request is handled. */
  delayMs?: number;
}

/** When a fault strikes. */
export interface FaultRule {
  method?: string;
  /** Regular expression on the path. */
  path?: string;
  principal?: string;
  /** The first request that is hit, counted among those that match, from 1. Default 1. */
  nth?: number;
  /** How many are hit from there on. Default 1; 0 = all. */
  count?: number;
  fault: Fault;
}

export interface Faults {
  /** @returns the rule's id */
  add(rule: FaultRule): number;
  remove(id: number): void;
  clear(): void;
  list(): (FaultRule & { id: number; seen: number; hit: number })[];
  /** The fault that strikes this request; counts it. @throws ApiError 400 on a header that is no fault */
  pick(request: {
    method: string;
    path: string;
    principal: string | undefined;
    header: string | undefined;
  }): Fault | undefined;
}

/** Kinds that need nothing else said. */
const PLAIN = ["drop-before", "drop-after", "malformed", "empty", "bare", "redirect", "hang"] as const;

const CODES: Record<number, string> = {
  400: "INVALID_PARAMETER_VALUE",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  409: "RESOURCE_CONFLICT",
  429: "REQUEST_LIMIT_EXCEEDED",
  500: "INTERNAL_ERROR",
  503: "TEMPORARILY_UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

/**
 * Reads a fault out of a header: `429`, `503;retry-after=2`, `slow=500`, `drop-before`, `drop-after`, `malformed`, `empty`, `bare`, `html`, `html=502`, `redirect`, `hang`.
 * @throws ApiError 400 when it is none of them
 */
export function parseFault(text: string): Fault {
  const [head = "", ...rest] = text.split(";").map((part) => part.trim());
  const [name = "", value] = head.split("=");
  const extras = Object.fromEntries(rest.map((part) => part.split("=")));
  const retryAfter = extras["retry-after"] === undefined ? {} : { retryAfter: Number(extras["retry-after"]) };
  if (/^\d{3}$/.test(name)) return { kind: "status", status: Number(name), ...retryAfter };
  if (name === "slow") return { kind: "slow", delayMs: Number(value ?? 1000) };
  if (name === "html") return { kind: "html", status: Number(value ?? 502), ...retryAfter };
  const plain = PLAIN.find((kind) => kind === name);
  if (plain !== undefined) return { kind: plain };
  throw new ApiError(400, "INVALID_PARAMETER_VALUE", `x-fake-fault: unknown fault '${text}'`);
}

/** The refusal a `status` fault stands for. */
export function faultError(fault: Fault): ApiError {
  const status = fault.status ?? 500;
  const headers: Record<string, string> =
    fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
  const code = fault.errorCode ?? CODES[status] ?? "INTERNAL_ERROR";
  return new ApiError(status, code, fault.message ?? `Injected fault ${status}.`, headers);
}

export function makeFaults(): Faults {
  let rules: { id: number; rule: FaultRule; path: RegExp | undefined; seen: number; hit: number }[] = [];
  let counter = 0;
  return {
    add(rule) {
      counter += 1;
      const path = rule.path === undefined ? undefined : new RegExp(rule.path);
      rules.push({ id: counter, rule, path, seen: 0, hit: 0 });
      return counter;
    },
    remove(id) {
      rules = rules.filter((entry) => entry.id !== id);
    },
    clear() {
      rules = [];
    },
    list: () => rules.map(({ id, rule, seen, hit }) => ({ ...rule, id, seen, hit })),
    pick(request) {
      let struck: Fault | undefined;
      for (const entry of rules) {
        const { rule, path } = entry;
        if (rule.method !== undefined && rule.method.toUpperCase() !== request.method) continue;
        if (rule.principal !== undefined && rule.principal !== request.principal) continue;
        if (path && !path.test(request.path)) continue;
        entry.seen += 1;
        const nth = rule.nth ?? 1;
        const count = rule.count ?? 1;
        if (struck || entry.seen < nth || (count > 0 && entry.seen >= nth + count)) continue;
        entry.hit += 1;
        struck = rule.fault;
      }
      return struck ?? (request.header === undefined ? undefined : parseFault(request.header));
    },
  };
}
