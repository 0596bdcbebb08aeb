import { inOwnerOrder, deploySafes, safeCall } from "../../../test/support/safe.ts";
import { wallets } from "../../../test/support/treasury.ts";
import { gasOf } from "../measurement.ts";
import type { Payments } from "./payments.ts";

/** A transfer that `threshold` of `count` owners of a Safe have signed, sent by somebody else: the second one. */
export async function safePayment(
  { token, office, payee }: Payments,
  [threshold, count]: readonly [threshold: number, count: number],
): Promise<number> {
  const { create } = await deploySafes(office);
  const owners = inOwnerOrder(wallets(count, 120));
  const safe = await create(
    owners.map(({ address }) => address),
    threshold,
  );
  await token.transfer(safe, 1_000_000n);
  const pay = token.interface.encodeFunctionData("transfer", [payee.address, 1n]);
  const send = async () => {
    const call = await safeCall(safe, owners.slice(0, threshold), await token.getAddress(), pay);
    return await gasOf(safe.getFunction("execTransaction").send(...call));
  };
  await send();
  return await send();
}
