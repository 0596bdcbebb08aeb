import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

/** Where systems keep a Chromium-like browser; `MANDATE_BROWSER` names another one. */
const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/microsoft-edge",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/** The browser of this machine, or undefined where none is found. */
export function findBrowser(): string | undefined {
  return [process.env["MANDATE_BROWSER"], ...places].find((path) => path !== undefined && existsSync(path));
}

export const noBrowserReason =
  "no browser found: install Chromium or Chrome (Debian: apt-get install chromium), or name one in MANDATE_BROWSER";

/** Starts the browser without any traffic of its own. */
export async function launchBrowser(executablePath: string): Promise<Browser> {
  return await chromium.launch({
    executablePath,
    headless: true,
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), // a container's root cannot use the sandbox
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
