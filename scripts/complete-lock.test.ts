import { describe, expect, it } from "vitest";

import { completeLock, missingPlatformPackages, platformEntry } from "./complete-lock.mjs";

const parent = { version: "1.0.0", dev: true, optionalDependencies: { "@x/evm-linux-arm64-musl": "1.0.0" } };

describe("given a lock file without one platform's package", () => {
  const lock: { packages: Record<string, object> } = {
    packages: { "": {}, "node_modules/@x/evm": parent, "node_modules/zod": { version: "4.0.0" } },
  };

  it("names the package that is missing", () => {
    expect(missingPlatformPackages(lock)).toEqual([{ name: "@x/evm-linux-arm64-musl", version: "1.0.0", dev: true }]);
  });

  it("adds what npm would have written, in npm's order", () => {
    const { packages } = completeLock(lock);
    expect(Object.keys(packages)).toEqual([
      "",
      "node_modules/@x/evm",
      "node_modules/@x/evm-linux-arm64-musl",
      "node_modules/zod",
    ]);
    expect(packages["node_modules/@x/evm-linux-arm64-musl"]).toEqual({
      version: "1.0.0",
      cpu: ["arm64"],
      dev: true,
      libc: ["musl"],
      optional: true,
      os: ["linux"],
    });
    expect(missingPlatformPackages({ packages })).toEqual([]);
  });
});

it.each([
  ["a name without a platform", { name: "fsevents", version: "2.3.3", dev: false }],
  ["a range instead of a version", { name: "x-linux-x64", version: "^1.0.0", dev: false }],
])("invents nothing for %s", (_case, wanted) => {
  expect(platformEntry(wanted)).toBeUndefined();
});
