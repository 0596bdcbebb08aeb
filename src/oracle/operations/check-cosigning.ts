import type { LocalAccount } from "viem";
import type { ChainClient } from "../../chain/client.ts";
import type { Hex } from "../../core/hex.ts";
import type { OperatorConfiguration } from "../configuration/operator-configuration.ts";
import { keyText, openCosigningKey, type CosigningKey } from "../cosigning/cosigning-key.ts";
import { readSetKeys } from "../cosigning/set-keys.ts";
import type { OperatorSet } from "../epochs/oracle-chain.ts";
import { operatorKeysOf, registeredKey } from "./register-key.ts";

/** Opens the cosigning key, and says which it is. @throws {MandateError} What {@link openCosigningKey} throws. */
export async function checkCosigningKey(
  account: NonNullable<OperatorConfiguration["keys"]["cosigning"]>,
  others: readonly (LocalAccount | undefined)[],
): Promise<readonly [CosigningKey, string]> {
  const key = await openCosigningKey(
    account,
    others.flatMap((each) => each ?? []),
  );
  return [key, keyText(key.point)];
}

/** That the operator has registered the configured key. @throws {Error} Where it has registered another one, or none. */
export async function checkRegisteredKey(
  client: ChainClient,
  oracle: Hex,
  operator: Hex,
  { point }: CosigningKey,
): Promise<readonly [true, string]> {
  const found = await registeredKey(client, await operatorKeysOf(client, oracle), operator);
  if (found === undefined) throw new Error(`${operator} has registered no key: mandate oracle register-key`);
  if (found.x !== point.x || found.y !== point.y) {
    throw new Error(`${operator} has registered ${keyText(found)}, another key: mandate oracle register-key`);
  }
  return [true, "the configured key is the registered one"];
}

/** Whether the set can sign together with this key: what keeps it from that keeps nobody from reporting. */
export async function describeSigningTogether(
  client: ChainClient,
  oracle: Hex,
  set: OperatorSet,
  operator: Hex,
  { point }: CosigningKey,
): Promise<{ readonly can: boolean; readonly detail: string }> {
  const keys = await readSetKeys(client, oracle, set);
  const name = `set ${set.configuration}`;
  if (keys === undefined) {
    return { can: false, detail: `${name} has no sum of keys: one of its operators had none when it was written` };
  }
  const own = keys.keys[set.seats.indexOf(operator)];
  if (own?.x !== point.x || own.y !== point.y) {
    return {
      can: false,
      detail: `${name} was written with another key of this operator: mandate oracle rotate-key takes the new one`,
    };
  }
  return { can: true, detail: `${name} can sign together, and knows this operator's key` };
}
