/** The frame around every view: rail, top bar, dialogs, keys. */
import "@mantine/core/styles/Combobox.css";
import "./frame.css";
import "./dialogs.css";
import { type ReactNode, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { PointerTip } from "../components/pointer-tip.tsx";
import { CommandBar } from "./command-bar.tsx";
import { useKeys } from "./keys.ts";
import { KeysHelp } from "./keys-help.tsx";
import { Rail } from "./rail.tsx";
import { ROOMS } from "./rooms.ts";
import { StoreNotice } from "./store-notice.tsx";
import { TopBar } from "./top-bar.tsx";

/** Ctrl-K works in fields too, so it does not go by the list of keys. */
function useFindKey(open: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      open();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [open]);
}

export function Frame({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<"find" | "keys" | null>(null);
  const [path, navigate] = useLocation();
  const [find] = useState(() => () => setOpen("find"));
  useFindKey(find);
  useKeys({
    "/": () => setOpen("find"),
    "?": () => setOpen("keys"),
    ...Object.fromEntries(ROOMS.map((room) => [`g ${room.key}`, () => navigate(room.path)])),
  });
  // A new view starts at its top.
  useEffect(() => {
    if (path) window.scrollTo(0, 0);
  }, [path]);
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <div className="app">
        <Rail />
        <div className="main">
          <TopBar find={find} showKeys={() => setOpen("keys")} />
          <main className="page" id="main" tabIndex={-1}>
            <StoreNotice />
            {children}
          </main>
        </div>
      </div>
      <CommandBar opened={open === "find"} close={() => setOpen(null)} showKeys={() => setOpen("keys")} />
      <KeysHelp opened={open === "keys"} close={() => setOpen(null)} />
      <PointerTip />
    </>
  );
}
