import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";

const main = new URL("main.ts", import.meta.url).pathname;

it("given a reader that goes away, it ends as it would have, without a trace", async () => {
  const child = spawn(process.execPath, [main, "--help"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let err = "";
  child.stderr.on("data", (part: Buffer) => (err += part.toString()));
  const [code] = (await once(child, "close")) as [number];
  expect({ code, err }).toEqual({ code: 0, err: "" });
});

it("asked for its version, it prints it and ends well", async () => {
  const child = spawn(process.execPath, [main, "--version"], { stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.on("data", (part: Buffer) => (out += part.toString()));
  const [code] = (await once(child, "close")) as [number];
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as unknown });
});
