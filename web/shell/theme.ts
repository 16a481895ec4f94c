/** The theme switch: sets `data-theme` (which sets `color-scheme`) and remembers it. */
import { useSyncExternalStore } from "react";

export type Theme = "auto" | "light" | "dark";
const KEY = "headgate-theme";
const listeners = new Set<() => void>();

function read(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "auto";
}

/** Switches and remembers; in a private window it holds for the visit. */
export function setTheme(theme: Theme): void {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage is closed to us: nothing to remember with.
  }
  for (const listener of listeners) listener();
}

/** What is on the screen now. */
export function shownTheme(): "light" | "dark" {
  const theme = read();
  if (theme !== "auto") return theme;
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, read);
}
