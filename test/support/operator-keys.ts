/** Operators of a system on anvil that sign together: development keys, each in the seat of the operator in the same place. */
import { concat, hashTypedData, parseSignature, toHex, type LocalAccount } from "viem";
import type { Hex } from "../../src/core/hex.ts";
import type { Report } from "../../src/oracle/scoring/evaluate-epoch.ts";
import { typedDataOf } from "../../src/core/signing/typed-data.ts";
import { aggregateMessage, inverseHint, schnorrKeys, schnorrSign, type SchnorrKey } from "./schnorr.ts";
import type { SystemOnAnvil } from "./system-on-anvil.ts";

const FAR_AHEAD = 4_000_000_000;

/** Registers a key for each of `operators`, which are in seat order. */
export async function registerOperatorKeys(system: SystemOnAnvil, operators: readonly LocalAccount[]): Promise<void> {
  const keys = schnorrKeys(operators.length);
  for (const [seat, operator] of operators.entries()) {
    const key = keys[seat];
    if (key === undefined) throw new TypeError("too few keys");
    await registerOperatorKey(system, operator, key, 0n);
  }
}

/** @param nonce Keys that the operator has registered before. */
export async function registerOperatorKey(
  system: SystemOnAnvil,
  operator: LocalAccount,
  { secret, x, y }: SchnorrKey,
  nonce: bigint,
): Promise<void> {
  const place = { chainId: system.chainId, verifyingContract: system.address("OperatorKeys") };
  const message = { operator: operator.address, x, y, nonce, deadline: FAR_AHEAD };
  const typed = { ...typedDataOf("OperatorKey", place), message };
  const { s, commitment } = schnorrSign([secret], hashTypedData(typed));
  const signature = await operator.signTypedData(typed);
  const args = [operator.address, { x, y }, FAR_AHEAD, s, commitment, signature];
  await system.send("relayer", "OperatorKeys", "register", args);
}

/** @param nonce Delegates that the operator has named before. */
export async function nameDelegate(
  system: SystemOnAnvil,
  operator: LocalAccount,
  delegate: LocalAccount,
  nonce: bigint,
): Promise<void> {
  const place = { chainId: system.chainId, verifyingContract: system.address("OperatorKeys") };
  const message = { operator: operator.address, delegate: delegate.address, nonce, deadline: FAR_AHEAD };
  const typed = { ...typedDataOf("OperatorDelegate", place), message };
  const proofs = await Promise.all([delegate, operator].map((account) => account.signTypedData(typed)));
  const args = [operator.address, delegate.address, FAR_AHEAD, ...proofs];
  await system.send("relayer", "OperatorKeys", "delegate", args);
}

/** The signature of the seats `signers`, of `seats`, under a report with this digest, as the oracle takes it. */
export function signTogether(digest: Hex, signers: bigint, seats: number) {
  const keys = schnorrKeys(seats);
  const present = keys.filter((_, seat) => ((signers >> BigInt(seat)) & 1n) === 1n).map(({ secret }) => secret);
  const { s, commitment } = schnorrSign(present, aggregateMessage(digest, signers));
  return { signers, s, commitment, inverse: inverseHint(keys, signers) };
}

/** Has somebody hand in two reports for the epoch before `epoch` that the operator in `seat` signed. */
export async function suspendOperator(
  system: SystemOnAnvil,
  operators: readonly LocalAccount[],
  seat: number,
  report: { readonly configuration: number; readonly epoch: number },
): Promise<void> {
  const place = { chainId: system.chainId, verifyingContract: system.address("HeartbeatOracle") };
  const reports = ["11", "22"].map((byte): Report => ({
    ...report,
    root: `0x${"00".repeat(32)}`,
    threshold: 1n,
    leafCount: 0,
    scored: 0,
    surviving: 0,
    manifest: `0x${byte.repeat(32)}`,
  }));
  const signatures = await Promise.all(
    reports.map(async (message) => {
      const signed = await operators[seat]?.signTypedData({ ...typedDataOf("HeartbeatReport", place), message });
      return compactSignature(signed ?? "0x");
    }),
  );
  await system.send("relayer", "HeartbeatOracle", "suspend", [reports[0], reports[1], seat, ...signatures]);
}

/** The 64 bytes of EIP-2098. */
export function compactSignature(signature: Hex): Hex {
  const { r, s, yParity } = parseSignature(signature);
  const parity = BigInt(yParity) << 255n;
  return concat([r, toHex(BigInt(s) | parity, { size: 32 })]);
}
