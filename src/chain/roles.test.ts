import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { roles } from "./roles.ts";

it("the roles are those of contracts/types/Roles.sol, by name and number", () => {
  const source = readFileSync(new URL("../../contracts/types/Roles.sol", import.meta.url), "utf8");
  const declared = [...source.matchAll(/uint64 internal constant (\w+) = ([^;]+);/g)].map(([, name, value]) => {
    return [name, value === "type(uint64).max - 1" ? 2n ** 64n - 2n : BigInt(value ?? "")];
  });
  expect({ ADMIN_ROLE: 0n, ...Object.fromEntries(declared) }).toEqual(roles); // ADMIN_ROLE is OpenZeppelin's
});
