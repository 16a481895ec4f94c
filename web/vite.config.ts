/** How the page is built: one entry, routes split, hashed assets in dist/web. */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    // The licences of what is bundled ask to be named where it is distributed.
    license: { fileName: "licenses.md" },
    // The first versions with light-dark(), which carries both themes; older ones would get a rewritten style sheet.
    target: ["chrome123", "firefox120", "safari17.5"],
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: { polyfill: false },
    // Data URLs in scripts would need a wider content security policy than the server gives.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { "/api": "http://127.0.0.1:4600" } },
});
