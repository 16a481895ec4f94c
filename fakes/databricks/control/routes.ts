/** The control calls over HTTP: `POST /_fake/edit-job` with the argument as its body is `control.editJob(argument)`; no token is asked for. */
import { ApiError } from "../api-error.ts";
import type { Route } from "../http/router.ts";
import type { Control } from "./control.ts";

/** Makes the routes of a control object. Calls without an argument, or with text arguments only, may also be made by GET. */
export function controlRoutes(control: Control): Route[] {
  const run = (name: string, args: object): object => {
    const property = name.replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
    const call = Object.hasOwn(control, property) ? control[property as keyof Control] : undefined;
    if (!call) {
      const known = Object.keys(control).map((key) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
      throw new ApiError(404, "NOT_FOUND", `No control call '${name}'. There are: ${known.join(", ")}`);
    }
    try {
      return (call as (args: object) => object)(args);
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw new ApiError(400, "INVALID_PARAMETER_VALUE", error instanceof Error ? error.message : String(error));
    }
  };
  return [
    {
      method: "POST",
      path: "/_fake/([a-z-]+)",
      open: true,
      handle: (_world, call) => run(call.groups[0] ?? "", call.body()),
    },
    {
      method: "GET",
      path: "/_fake/([a-z-]+)",
      open: true,
      handle: (_world, call) => run(call.groups[0] ?? "", Object.fromEntries(call.query)),
    },
  ];
}
