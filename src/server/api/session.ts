/** Routes of the frame: what the server is for, and who is asking. */
import * as z from "zod";
import { StatusView } from "../../model/view.ts";
import { route } from "./route.ts";

/** GET /session: who the server takes you for. */
export const SessionView = z.object({
  /** `anonymous` where nobody signed in. */
  actor: z.string(),
  scopes: z.array(z.enum(["read", "write", "apply", "admin"])),
  /** How you are known. */
  via: z.enum(["none", "token", "oidc", "session", "proxy"]),
  /** To be sent as `X-Headgate-CSRF` on writes by a client that sends no `Origin`; browsers need not. */
  csrf: z.string().nullable(),
  /** UTC text. */
  expiresAt: z.string().nullable(),
});
export type SessionView = z.infer<typeof SessionView>;

/** Body of POST /session: a token of ours, or of an identity provider: those of people in many groups are long. */
export const SessionBody = z.strictObject({ token: z.string().min(1).max(16_384) });
export type SessionBody = z.infer<typeof SessionBody>;

/** Routes of status and session. */
export const SESSION_ROUTES = {
  getStatus: route({
    method: "get",
    path: "/status",
    scope: "read",
    summary: "Project, target, workspace and whether it answers",
    tag: "status",
    answer: StatusView,
  }),
  getSession: route({
    method: "get",
    path: "/session",
    scope: "public",
    summary: "Who the server takes you for",
    tag: "session",
    answer: SessionView,
  }),
  createSession: route({
    method: "post",
    path: "/session",
    scope: "public",
    summary: "Sign a browser in with a token: sets a cookie",
    tag: "session",
    body: SessionBody,
    answer: SessionView,
    status: 201,
    problems: ["token_invalid"],
  }),
  endSession: route({
    method: "delete",
    path: "/session",
    scope: "public",
    summary: "Sign out",
    tag: "session",
    answer: SessionView,
  }),
};
