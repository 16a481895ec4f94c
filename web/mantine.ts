/** Mantine in our words: its parts take the tokens and move only where motion is wanted. */
import { createTheme } from "@mantine/core";

export const theme = createTheme({
  fontFamily: "var(--sans)",
  fontFamilyMonospace: "var(--mono)",
  defaultRadius: 4,
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    Modal: { defaultProps: { transitionProps: { duration: 0 }, lockScroll: false, padding: 0, shadow: "md" } },
    ModalRoot: { defaultProps: { transitionProps: { duration: 0 }, lockScroll: false, padding: 0, shadow: "md" } },
    Menu: { defaultProps: { transitionProps: { duration: 0 }, shadow: "md", position: "bottom-start", offset: 4 } },
  },
});
