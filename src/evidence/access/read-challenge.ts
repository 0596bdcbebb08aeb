import { getAddress } from "viem";
import { iChallengesAbi } from "../../chain/abi.ts";
import type { ChainClient } from "../../chain/client.ts";
import type { Hex } from "../../core/hex.ts";

/** What a challenge says of its evidence. */
export interface ChallengedEvidence {
  readonly challenger: Hex;
  /** Document hash. */
  readonly evidence: Hex;
}

/** Reads whose evidence a challenge rests on; undefined where there is no such challenge. */
export type ReadChallenge = (challenge: Hex) => Promise<ChallengedEvidence | undefined>;

/** Asks the chain every time: a reorganization may give a challenge's id to another one. */
export function challengeReader(
  client: ChainClient,
  options: { readonly challenges: Hex; readonly fromBlock: bigint },
): ReadChallenge {
  const at = { address: getAddress(options.challenges), abi: iChallengesAbi } as const;
  return async (challenge) => {
    const { status } = await client.readContract({ ...at, functionName: "getChallenge", args: [challenge] });
    if (status === 0) return undefined; // without a walk through logs for whatever anybody makes up
    const [opened] = await client.getContractEvents({
      ...at,
      eventName: "ChallengeOpened",
      args: { challenge },
      fromBlock: options.fromBlock,
      strict: true,
    });
    if (opened === undefined) return undefined;
    const { challenger, evidence } = opened.args;
    return { challenger, evidence };
  };
}
