import { z } from "zod";
import { journalHeadSlot } from "../../core/journal/fold-journal.ts";
import type { Hex } from "../../core/hex.ts";
import { verifyAccount, verifyStorage, type Account } from "../proof/account.ts";
import { readHeader } from "./verified-block.ts";
import type { RpcRequest } from "./rpc.ts";

const hex = z
  .string()
  .regex(/^0x[0-9a-fA-F]*$/)
  .transform((text) => text.toLowerCase() as Hex);

const proofSchema = z.object({
  accountProof: z.array(hex),
  storageProof: z.array(z.object({ proof: z.array(hex) })).length(1),
});

/** An account and the head of its journal, both proved against the state root of a block. */
export interface ProvedState {
  readonly account: Account | undefined;
  readonly journalHead: Hex;
}

/**
 * State of `address` at the end of block `number`.
 * @throws {MandateError} `RpcFailed` where the node does not keep that state; `TrieProofInvalid` where its proof is none.
 */
export async function proveState(rpc: RpcRequest, address: Hex, number: bigint): Promise<ProvedState> {
  const [header, answer] = await Promise.all([
    readHeader(rpc, number),
    rpc("eth_getProof", [address, [journalHeadSlot], `0x${number.toString(16)}`]),
  ]);
  const { accountProof, storageProof } = proofSchema.parse(answer);
  const account = verifyAccount(header.stateRoot, address, accountProof);
  const nodes = storageProof[0]?.proof ?? [];
  const journalHead =
    account === undefined
      ? (`0x${"0".repeat(64)}` as const)
      : verifyStorage(account.storageRoot, journalHeadSlot, nodes);
  return { account, journalHead };
}
