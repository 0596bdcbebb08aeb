import type { Abi, AbiParameter } from "viem";
import { describe, expect, it } from "vitest";
import { contractErrorWords, wordsOfContractError } from "../core/errors/contract-error-words.ts";
import * as abis from "./abi.ts";

/** Errors of libraries underneath, which no user of the system can cause. */
const unreachable =
  /^(SafeCast|InvalidShortString|StringTooLong|Checkpoint|Governor|SafeERC20|Reentrancy|AddressEmptyCode|Failed|Insufficient|ERC20|ECDSA|Strings|QueueEmpty|InvalidAccountNonce|VotesExpiredSignature|TestToken|JournalMock)/;

const errors = new Map<string, readonly AbiParameter[]>(
  Object.values(abis)
    .flatMap((abi) => abi as Abi)
    .flatMap((item) =>
      item.type === "error" && !unreachable.test(item.name) ? [[item.name, item.inputs] as const] : [],
    ),
);

describe("words of the contracts' errors", () => {
  it("exist for every error", () => {
    const missing = [...errors.keys()].filter((name) => contractErrorWords[name] === undefined);
    expect(missing).toEqual([]);
  });

  it("speak of arguments that the error has", () => {
    const strangers = [...errors].flatMap(([name, inputs]) =>
      [...(contractErrorWords[name] ?? "").matchAll(/\{(\w+)\}/g)]
        .map(([, argument]) => argument)
        .filter((argument) => !inputs.some((input) => input.name === argument))
        .map((argument) => `${name}: {${argument}}`),
    );
    expect(strangers).toEqual([]);
  });

  it("are given for errors that exist", () => {
    const gone = Object.keys(contractErrorWords).filter((name) => !errors.has(name));
    expect(gone).toEqual([]);
  });

  it("are filled in with the error's arguments", () => {
    expect(wordsOfContractError("BudgetVaultPoolShort", { available: 1n, required: 5n })).toBe(
      "The pool holds 1 of the 5 base units that are needed.",
    );
    expect(wordsOfContractError("Unheard", {})).toBeUndefined();
    expect(wordsOfContractError("BudgetVaultDeadlinePassed", { deadline: 1_800_000_000 })).toBe(
      "The deadline 2027-01-15 08:00:00 UTC has passed.",
    );
    expect(wordsOfContractError("BudgetVaultDeadlinePassed", { deadline: 2n ** 48n - 1n })).toBe(
      "The deadline 281474976710655 has passed.",
    );
  });
});
