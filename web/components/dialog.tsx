/** A dialog: one look for all of them, and keys reach its first field from the moment it is there. */
import { Modal } from "@mantine/core";
import { type ReactNode, useEffect, useId } from "react";

/**
 * Puts the focus on what a dialog marks with `data-autofocus` in the same turn as the key or click that opened it:
 * Mantine does so by a timer, and what is typed before that would be lost.
 * @returns id for the dialog's outermost element
 */
export function useFirstFocus(opened: boolean): string {
  const id = useId();
  // An effect of the parent runs after those of the dialog, which keep what had the focus before, to give it back.
  useEffect(() => {
    if (!opened) return;
    const first = document.getElementById(id)?.querySelector<HTMLElement>("[data-autofocus]");
    first?.focus({ preventScroll: true });
  }, [opened, id]);
  return id;
}

export function Dialog(props: {
  opened: boolean;
  close: () => void;
  title: string;
  /** Width in pixels. */
  size: number;
  children: ReactNode;
}) {
  const id = useFirstFocus(props.opened);
  return (
    <Modal
      id={id}
      opened={props.opened}
      onClose={props.close}
      title={props.title}
      size={props.size}
      classNames={{ content: "dialog", header: "dialog-head", body: "dialog-body" }}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {props.children}
    </Modal>
  );
}
