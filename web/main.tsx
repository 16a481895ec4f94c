/** Entry of the page: styles, data, live line, and the app. */
import "@mantine/core/styles/baseline.css";
import "@mantine/core/styles/default-css-variables.css";
import "@mantine/core/styles/global.css";
import "@mantine/core/styles/UnstyledButton.css";
import "@mantine/core/styles/CloseButton.css";
import "@mantine/core/styles/Paper.css";
import "@mantine/core/styles/Overlay.css";
import "@mantine/core/styles/Popover.css";
import "@mantine/core/styles/Menu.css";
import "@mantine/core/styles/ModalBase.css";
import "@mantine/core/styles/Modal.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/icons.css";
import "./styles/controls.css";
import "./styles/states.css";
import "./styles/tabs.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { openLive } from "./api/live.ts";
import { makeQueryClient } from "./api/queries.ts";
import { App } from "./app.tsx";
import { theme } from "./mantine.ts";

const client = makeQueryClient();
openLive(client);

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
const page = createRoot(root);
// Before this script ends: when the browser says that the page is loaded, its keys and buttons work.
flushSync(() =>
  page.render(
    <StrictMode>
      <MantineProvider theme={theme} forceColorScheme="light" withCssVariables={false} withGlobalClasses={false}>
        <QueryClientProvider client={client}>
          <App />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  ),
);
