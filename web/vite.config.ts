import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm run dev` of the web app finds a running indexer. */
const developmentApi = process.env["MANDATE_API"] ?? "http://127.0.0.1:4102";

export default defineConfig({
  plugins: [react()],
  build: { target: "es2023", sourcemap: false, chunkSizeWarningLimit: 1500 },
  server: { host: "127.0.0.1", proxy: { "/v1": developmentApi } },
});
