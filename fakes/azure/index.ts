/** The fake of Azure's sign-in, for `headgate/testing`. */
export type { FakeApplication } from "./login.ts";
export { type FakeAzure, type FakeAzureOptions, type IssuedToken, startFakeAzure } from "./start.ts";
