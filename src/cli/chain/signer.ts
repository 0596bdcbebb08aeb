import { readFileSync } from "node:fs";
import { InvalidArgumentError, Option, type Command } from "commander";
import type { LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { devAccount, devAccountIndex, type DevAccountName } from "../../chain/dev-accounts.ts";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";

/** The only chain on which the public test mnemonic's keys are offered: elsewhere they are everybody's. */
export const developmentChainId = 31337;

export function isDevAccountName(name: string): name is DevAccountName {
  return Object.hasOwn(devAccountIndex, name);
}

/** Adds the option that says who acts, with the account a command usually acts as on a development chain. */
export function addSignerOption(command: Command, usual: DevAccountName): Command {
  const names = Object.keys(devAccountIndex).join(", ");
  const option = new Option(
    "--as <account>",
    `who acts: a file with a private key, or on a development chain one of ${names}`,
  );
  return command.addOption(option.default(usual));
}

function keyIn(path: string): `0x${string}` {
  let text: string;
  try {
    text = readFileSync(path, "utf8").trim();
  } catch (cause) {
    throw new MandateError("SignerUnknown", `${path} is neither a development account nor a readable key file`, {
      kind: "input",
      data: { path },
      cause,
    });
  }
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text as `0x${string}`;
  throw new MandateError("SignerUnknown", `${path} does not hold a private key of 32 bytes in hexadecimal`, {
    kind: "input",
    data: { path },
  });
}

/** @throws {MandateError} `SignerUnknown`, or `PublicKeyRefused` for a development account on another chain. */
export function signerOf(name: string, chainId: number): LocalAccount {
  if (!isDevAccountName(name)) return privateKeyToAccount(keyIn(name));
  if (chainId !== developmentChainId) {
    throw new MandateError("PublicKeyRefused", `the key of "${name}" is public; it is not used on chain ${chainId}`, {
      kind: "input",
      data: { name, chainId },
      remedy: "Name a file with your key: --as <file>.",
    });
  }
  return devAccount(name);
}

/** An address, or the name of a development account; for option parsing. */
export function addressOrName(text: string): `0x${string}` {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return text as `0x${string}`;
  if (isDevAccountName(text)) return devAccount(text).address;
  throw new InvalidArgumentError(messageOf("not an address, and not the name of a development account"));
}
