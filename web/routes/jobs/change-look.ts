/** The sign and the class of what was done to a job, as the history shows it. */
const LOOKS: Record<string, { sign: string; look: string }> = {
  create: { sign: "+", look: "add" },
  recreate: { sign: "+", look: "add" },
  recover: { sign: "+", look: "add" },
  adopt: { sign: "+", look: "add" },
  delete: { sign: "-", look: "del" },
};

/** Of an action of a history entry; anything unknown is a change. */
export function changeLook(action: string): { sign: string; look: string } {
  return LOOKS[action] ?? { sign: "~", look: "chg" };
}
