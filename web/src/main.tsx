import "@mantine/core/styles.css";
import "@mantine/charts/styles.css";
import { Container, createTheme, MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { useConfiguration } from "./api/use-answers.ts";
import { App } from "./app.tsx";
import { Answer } from "./format/answer.tsx";
import { WalletProvider } from "./wallet/wallet-provider.tsx";

const queries = new QueryClient();

/** Shades dark enough for white text on every filled element (WCAG AA). */
const theme = createTheme({ primaryColor: "blue", primaryShade: { light: 8, dark: 9 }, autoContrast: true });

function Page() {
  const configuration = useConfiguration();
  return (
    <Answer query={configuration} name="The configuration">
      {(answer) => (
        <WalletProvider configuration={answer}>
          <App configuration={answer} />
        </WalletProvider>
      )}
    </Answer>
  );
}

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no #root element");
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Container fluid p={0}>
          <Page />
        </Container>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
