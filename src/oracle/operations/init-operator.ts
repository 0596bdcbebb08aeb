import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { parse } from "yaml";
import { z } from "zod";
import { encryptKeystore } from "../../chain/hosting/keystore.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { operatorConfigurationSchema } from "../configuration/operator-configuration.ts";
import { configurationText, operatorFiles, type FirstConfiguration } from "./configuration-text.ts";

export interface InitOptions extends Omit<FirstConfiguration, "addresses"> {
  readonly directory: string;
  /** Whether keystores are made; otherwise the configuration names some that are to be brought. */
  readonly makeKeys: boolean;
  /** For tests, which need no strong keystore. */
  readonly encrypt?: typeof encryptKeystore;
}

export interface InitializedOperator {
  readonly configuration: string;
  readonly addresses: { readonly signing: Hex; readonly gas: Hex } | null;
  /** Everything that was written. */
  readonly files: readonly string[];
}

/**
 * Writes what a new operator starts from: a commented configuration, keystores, the directories that it names.
 * @throws {MandateError} `OptionsInvalid` with the exact path of what is wrong; `OperatorAlreadyInitialized` where one of the files is there:
 * nothing is overwritten, and nothing was written.
 */
export async function initOperator(options: InitOptions): Promise<InitializedOperator> {
  const directory = resolve(options.directory);
  const at = (name: string): string => join(directory, name);
  const { configuration, data, documents, signing, gas, password } = operatorFiles;
  const checked = operatorConfigurationSchema.safeParse(parse(configurationText({ ...options, addresses: undefined })));
  if (!checked.success) {
    throw new MandateError("OptionsInvalid", `these options make no configuration: ${z.prettifyError(checked.error)}`, {
      kind: "input",
      cause: checked.error,
    });
  }
  for (const name of [configuration, signing, gas, password]) {
    if (!existsSync(at(name))) continue;
    throw new MandateError("OperatorAlreadyInitialized", `${at(name)} is there already`, {
      kind: "refused",
      data: { path: at(name) },
      remedy: "Choose another --directory. Nothing was changed: a key that is lost cannot be made again.",
    });
  }

  const files: string[] = [];
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(at(name)), { recursive: true, mode: 0o700 });
    writeFileSync(at(name), text, { flag: "wx", mode: 0o600 });
    files.push(at(name));
  };
  for (const name of [data, documents]) mkdirSync(at(name), { recursive: true });
  chmodSync(at(data), 0o700);
  let addresses: FirstConfiguration["addresses"];
  if (options.makeKeys) {
    const secret = randomBytes(32).toString("base64url");
    write(password, `${secret}\n`);
    const encrypt = options.encrypt ?? encryptKeystore;
    const keys = { signing: generatePrivateKey(), gas: generatePrivateKey() };
    for (const duty of ["signing", "gas"] as const)
      write(operatorFiles[duty], `${await encrypt(keys[duty], secret)}\n`);
    addresses = { signing: privateKeyToAddress(keys.signing), gas: privateKeyToAddress(keys.gas) };
  }
  write(configuration, configurationText({ ...options, addresses }));
  return { configuration: at(configuration), addresses: addresses ?? null, files };
}
