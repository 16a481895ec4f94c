/** For boxes that scroll: without a pointer they can only be scrolled where the keyboard reaches them. */
export const reachable = { tabIndex: 0 } as const;
