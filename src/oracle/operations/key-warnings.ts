import { statSync } from "node:fs";
import { secretFilesOf } from "../../chain/hosting/configured-account.ts";
import type { Hex } from "../../core/hex.ts";
import type { OperatorConfiguration } from "../configuration/operator-configuration.ts";
import type { CheckResult } from "./check-operator.ts";

/** Permission bits of a file's group and of everybody. */
const OTHERS = 0o077;

/** What works and is unsafe: one key for both duties, key files that others can read. */
export function keyWarnings(
  keys: OperatorConfiguration["keys"],
  [signing, gas]: readonly [Hex | undefined, Hex | undefined],
): readonly CheckResult[] {
  const warnings: CheckResult[] = [];
  const warn = (name: string, detail: string): void => void warnings.push({ name, ok: true, warning: true, detail });
  if (signing !== undefined && signing === gas) {
    warn("keys apart", `${signing} signs and pays: whoever steals the key that pays can sign reports too`);
  }
  const accounts = [keys.signing, keys.gas, ...(keys.cosigning === undefined ? [] : [keys.cosigning])];
  const files = new Set(accounts.flatMap(secretFilesOf));
  for (const file of files) {
    const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0; // where there is none, the key's own check fails
    if ((mode & OTHERS) !== 0) {
      const bits = (mode & 0o777).toString(8).padStart(4, "0");
      warn("key file", `${file} has mode ${bits}, so that other users may read it: chmod 600`);
    }
  }
  return warnings;
}
