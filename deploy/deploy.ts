import { fileURLToPath } from "node:url";
import {
  deploy,
  DeploymentResultType,
  type DeploymentParameters,
  type DeploymentResult,
  type EIP1193Provider,
  type IgnitionModule,
} from "@nomicfoundation/ignition-core";
import { parseDeployment, type Deployment } from "../src/chain/deployment.ts";
import { MandateError } from "../src/core/errors/mandate-error.ts";
import { artifactsIn } from "./artifacts.ts";

/** Where Hardhat puts what it compiled. */
export const artifactsDirectory = fileURLToPath(new URL("../artifacts", import.meta.url));

export interface DeployOptions {
  readonly module: IgnitionModule;
  readonly parameters: DeploymentParameters;
  readonly provider: EIP1193Provider;
  /** The deployer: an account that the provider signs for. */
  readonly deployer: string;
  /** Where Ignition keeps its journal, so that an interrupted deployment continues. Without it nothing is kept. */
  readonly directory?: string;
  /** Pause between looks for a new block. */
  readonly pollingMs: number;
  readonly confirmations: number;
}

function explain(result: DeploymentResult): string {
  switch (result.type) {
    case DeploymentResultType.EXECUTION_ERROR: {
      const failed = result.failed.map(({ futureId, error }) => `${futureId}: ${error}`);
      const late = result.timedOut.map(({ futureId }) => `${futureId}: timed out`);
      return [...failed, ...late].join("\n");
    }
    case DeploymentResultType.SUCCESSFUL_DEPLOYMENT:
      return "";
    default:
      return Object.entries(result.errors)
        .map(([future, errors]) => `${future}: ${errors.join("; ")}`)
        .join("\n");
  }
}

/**
 * Deploys and wires the system with Ignition.
 * @returns the deployment record; its history starts at `fromBlock`, the last block before the first transaction.
 * @throws {MandateError} `DeploymentFailed` with the step that failed, in Ignition's words.
 */
export async function deploySystem(options: DeployOptions): Promise<Deployment> {
  const ask = async (method: string): Promise<number> => Number(await options.provider.request({ method, params: [] }));
  const chainId = await ask("eth_chainId");
  const fromBlock = await ask("eth_blockNumber");
  const result = await deploy({
    artifactResolver: artifactsIn(artifactsDirectory),
    provider: options.provider,
    ignitionModule: options.module,
    deploymentParameters: options.parameters,
    accounts: [options.deployer],
    defaultSender: options.deployer,
    ...(options.directory === undefined ? {} : { deploymentDir: options.directory }),
    config: { blockPollingInterval: options.pollingMs, requiredConfirmations: options.confirmations },
  });
  if (!("contracts" in result)) {
    throw new MandateError("DeploymentFailed", `the deployment did not finish\n${explain(result)}`, {
      kind: "environment",
      remedy: "Correct the cause and deploy again: what is deployed already is kept.",
    });
  }
  const { contracts: deployed } = result;
  const contracts = Object.fromEntries(
    Object.entries(options.module.results).map(([name, { id }]) => [name, deployed[id]?.address]),
  );
  return parseDeployment({ chainId, fromBlock, contracts });
}
