/** Keys of the page: the view that was opened last is asked first. */
import { useLayoutEffect, useRef } from "react";

/** A key by its letter or its name in small letters (`escape`), or two in a row (`g j`). A handler that returns false lets the next one try. */
export type KeyMap = Record<string, () => unknown>;

const views: { current: KeyMap }[] = [];
let first: { key: string; at: number } | null = null;

/** Whether a dialog or menu was open when the key went down: it may be gone before the key gets to us. */
let covered = false;
window.addEventListener(
  "keydown",
  () => {
    covered = document.querySelector('[role="dialog"], [role="menu"]') !== null;
  },
  true,
);

/** True where keys mean text or belong to an open dialog or menu. */
function taken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return true;
  if (covered) return true;
  const target = event.target;
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

function press(event: KeyboardEvent): void {
  const writing = taken(event);
  if (writing) {
    // Escape leaves a field first; the next one goes up a level.
    if (
      !covered &&
      event.key === "Escape" &&
      event.target instanceof HTMLElement &&
      event.target.matches("input, textarea")
    )
      event.target.blur();
    return;
  }
  const key = event.key.length > 1 ? event.key.toLowerCase() : event.key;
  const pair = first && event.timeStamp - first.at < 1200 ? `${first.key} ${key}` : null;
  first = key === "g" ? { key, at: event.timeStamp } : null;
  for (const name of pair ? [pair, key] : [key]) {
    for (const view of [...views].reverse()) {
      const handler = view.current[name];
      if (handler === undefined) continue;
      // Enter on a link or button is the browser's.
      if (name === "enter" && event.target instanceof HTMLElement && event.target.matches("a, button, summary")) return;
      if (handler() === false) continue;
      event.preventDefault();
      return;
    }
  }
}

/** Keys of a view while it is shown. */
export function useKeys(keys: KeyMap): void {
  const held = useRef(keys);
  held.current = keys;
  // Not later than the view is seen: a key pressed upon seeing it is meant for it.
  useLayoutEffect(() => {
    if (views.length === 0) document.addEventListener("keydown", press);
    views.push(held);
    return () => {
      views.splice(views.indexOf(held), 1);
      if (views.length === 0) document.removeEventListener("keydown", press);
    };
  }, []);
}
