/** Builds `store-writer.ts` into one file. */
import { buildProgram } from "./build-program.ts";

/** @returns the program and its removal */
export const buildStoreWriter = () => buildProgram("test/store-writer.ts");
