/** An authenticated connection to one workspace: every Databricks call goes through here. */
import { parseJson } from "../../util/int64-json.ts";
import { isObject, type JsonObject } from "../../util/json.ts";
import type { HttpAnswer, HttpCall } from "../http/call.ts";
import { HttpFailure } from "../http/failure.ts";
import type { HttpClient } from "../http/http-client.ts";
import { type Credentials, REGISTER_PRINCIPAL } from "./auth/credentials.ts";

/** One call of the workspace's API. */
export interface WorkspaceCall extends Omit<HttpCall, "url" | "headers"> {
  /** `/api/2.2/jobs/get`. */
  path: string;
  /** What to ask an admin for when this is answered 403: `CAN_VIEW on job 12`. */
  grant: string;
}

/** See {@link openConnection}. */
export interface Connection {
  /** `https://…` without a path. */
  readonly host: string;
  /** The answer as a JSON object. @throws HttpFailure */
  json(call: WorkspaceCall): Promise<JsonObject>;
  /** The answer's text as it is. @throws HttpFailure */
  text(call: WorkspaceCall): Promise<string>;
  /** Workspace id by the last answer's `x-databricks-org-id`, where one was seen. */
  seenWorkspaceId(): string | undefined;
  clockSkew(): number;
}

/** Joins host, credentials and HTTP: adds the proof, renews it once after a 401, says what to do about a refusal. */
export function openConnection(options: { host: string; credentials: Credentials; http: HttpClient }): Connection {
  const { credentials, http } = options;
  const host = options.host.replace(/\/+$/, "");
  let workspaceId: string | undefined;

  async function send(call: WorkspaceCall): Promise<HttpAnswer> {
    const { path, grant, ...rest } = call;
    for (let renewed = false; ; renewed = true) {
      const headers = await credentials.authorize();
      try {
        const answer = await http.send({ ...rest, url: `${host}${path}`, headers });
        workspaceId = answer.headers.get("x-databricks-org-id") ?? workspaceId;
        return answer;
      } catch (error) {
        if (!(error instanceof HttpFailure)) throw error;
        // A 401 had no effect, so that the repeat is safe for every call.
        if (error.code === "unauthorized" && !renewed && credentials.invalidate(headers)) continue;
        throw explain(error, grant, credentials);
      }
    }
  }

  async function json(call: WorkspaceCall): Promise<JsonObject> {
    const { text, status } = await send(call);
    const facts = { call: `${call.method} ${call.path}`, host: new URL(host).host, status };
    // The service says `{}` where there is nothing to tell; a read without a word was answered by something between us.
    if (call.method === "GET" && text.trim() === "")
      throw new HttpFailure("unavailable", { ...facts, serviceMessage: "the answer is empty" }, { hint: "Run again." });
    const body = readObject(text);
    if (body !== undefined) return body;
    throw new HttpFailure(
      call.safe ? "remote_error" : "unavailable",
      { ...facts, serviceMessage: "the answer is no JSON object", sent: !call.safe },
      { hint: `Check the host: ${host} may not be a Databricks workspace.` },
    );
  }

  return {
    host,
    json,
    text: async (call) => (await send(call)).text,
    seenWorkspaceId: () => workspaceId,
    clockSkew: http.clockSkew,
  };
}

function readObject(text: string): JsonObject | undefined {
  if (text.trim() === "") return {};
  try {
    const body = parseJson(text);
    return isObject(body) ? body : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function explain(failure: HttpFailure, grant: string, credentials: Credentials): HttpFailure {
  const hint = hintFor(failure, grant, credentials);
  return hint === undefined ? failure : new HttpFailure(failure.code, failure.facts, { hint, cause: failure });
}

function hintFor(failure: HttpFailure, grant: string, credentials: Credentials): string | undefined {
  if (failure.code === "unauthorized") return credentials.refusedHint;
  if (failure.code === "forbidden") {
    const also = credentials.servicePrincipal ? `; ${REGISTER_PRINCIPAL}` : "";
    return `Ask for ${grant}${also}.`;
  }
  if (failure.hint !== undefined) return failure.hint;
  return failure.code === "unavailable" ? "The service did not answer well after several tries: run again." : undefined;
}
