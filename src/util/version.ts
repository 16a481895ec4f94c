/** The version of headgate, as `package.json` has it (a test compares the two: reading the file would cost every start). */

export const VERSION = "0.1.0";
