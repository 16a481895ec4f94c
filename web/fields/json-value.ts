/** JSON values as plans and settings carry them. */
import type { FieldChange } from "../../src/model/plan.ts";

export type Json = Exclude<FieldChange["after"], undefined>;
export type JsonObject = { [key: string]: Json | undefined };
