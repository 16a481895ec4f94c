/** A bare client for the tests of the fake: one request, its status, headers and parsed body. */
import { formatJson, type JsonObject, parseJson } from "./json.ts";

export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed when asked for; `{}` where the answer is no JSON. */
  readonly body: JsonObject;
  text: string;
}

export interface Client {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  send(method: string, path: string, body?: string | Uint8Array, headers?: Record<string, string>): Promise<Answer>;
}

/** @param token undefined = no `Authorization` */
export function clientOf(url: string, token?: string): Client {
  const send: Client["send"] = async (method, path, body, headers = {}) => {
    const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(url + path, {
      method,
      headers: { ...authorization, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    const json = answer.headers.get("content-type")?.includes("json") ?? false;
    let parsed: JsonObject | undefined;
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      get body() {
        parsed ??= json ? (parseJson(text) as JsonObject) : {};
        return parsed;
      },
    };
  };
  return {
    send,
    get: (path, headers) => send("GET", path, undefined, headers),
    post: (path, body, headers) =>
      send("POST", path, formatJson(body), { "content-type": "application/json", ...headers }),
  };
}
