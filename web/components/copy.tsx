/** Text that is copied with one click: ids and commands. */
import { useEffect, useState } from "react";
import { Icon } from "./icon.tsx";

/** Writes to the clipboard, also on plain HTTP, where browsers keep the modern way closed. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    (document.querySelector("dialog[open], [role=dialog]") ?? document.body).append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

/** True for two seconds after a copy. */
export function useCopied(): [boolean | "failed", (text: string) => void] {
  const [copied, setCopied] = useState<boolean | "failed">(false);
  useEffect(() => {
    if (copied === false) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return [copied, (text) => void copyText(text).then((done) => setCopied(done || "failed"))];
}

export function Copy({ text, label, bare = false }: { text: string; label?: string; bare?: boolean }) {
  const [copied, copy] = useCopied();
  return (
    <button
      type="button"
      className={`copy${bare ? " bare" : ""}`}
      onClick={() => copy(text)}
      data-tip={copied === "failed" ? "The browser does not allow copying" : copied ? "Copied" : label ? text : "Copy"}
      aria-label={label?.startsWith("Copy") ? `${label} ${text}` : `Copy ${label ?? text}`}
    >
      <span>{label ?? text}</span>
      <Icon name={copied === true ? "check" : "copy"} size={12} />
    </button>
  );
}
