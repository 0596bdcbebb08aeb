import { assertChainId, createChainClient, type ChainClient } from "../chain/client.ts";
import { loadDeployment, type ContractName, type Deployment } from "../chain/deployment.ts";
import { MandateError } from "../core/errors/mandate-error.ts";
import type { Hex } from "../core/hex.ts";

/** A chain with the system deployed on it. */
export interface Session {
  readonly client: ChainClient;
  readonly deployment: Deployment;
}

/** @throws {MandateError} `DeploymentUnreadable`, `DeploymentInvalid`, `WrongChain`, `ChainUnreachable`. */
export async function openSession(options: { deployment: string; rpcUrl: string }): Promise<Session> {
  const deployment = loadDeployment(options.deployment);
  const client = createChainClient({ chainId: deployment.chainId, rpcUrl: options.rpcUrl });
  try {
    await assertChainId(client);
  } catch (cause) {
    if (cause instanceof MandateError) throw cause;
    throw new MandateError("ChainUnreachable", `no chain answers at ${options.rpcUrl}`, {
      kind: "retry",
      data: { rpcUrl: options.rpcUrl },
      remedy: "Start the local stack (npm start), or name another endpoint with --rpc-url.",
      cause,
    });
  }
  return { client, deployment };
}

/** @throws {MandateError} `ContractMissing` where the deployment has no such contract. */
export function addressOf(session: Session, contract: ContractName): Hex {
  const address = session.deployment.contracts[contract];
  if (address !== undefined) return address;
  throw new MandateError(
    "ContractMissing",
    `the deployment on chain ${session.deployment.chainId} has no ${contract}`,
    {
      kind: "input",
      data: { contract },
    },
  );
}

/** First block of the system's history. */
export function fromBlockOf(session: Session): bigint {
  return BigInt(session.deployment.fromBlock);
}
