import type { ChainClient } from "../../src/chain/client.ts";
import type { Deployment } from "../../src/chain/deployment.ts";
import type { Parameters } from "../parameters.ts";
import { Comparison, type Finding } from "./finding.ts";
import { checkPermissions } from "./permissions.ts";
import { checkPolicy } from "./policy.ts";
import { checkTimelock } from "./timelock.ts";
import { checkParameters, checkWiring } from "./wiring.ts";

export interface DeploymentCheck {
  /** Number of values that were read and compared. */
  readonly checked: number;
  readonly findings: readonly Finding[];
}

/**
 * Re-reads every value that the deployment was meant to set: contracts, neighbours, parameters, roles and their members,
 * registry, timelock; and that the deployer holds nothing. It trusts the chain alone, not what the deployment reported.
 */
export async function checkDeployment(options: {
  client: ChainClient;
  deployment: Deployment;
  parameters: Parameters;
  deployer: `0x${string}`;
}): Promise<DeploymentCheck> {
  const comparison = new Comparison();
  const system = { ...options, comparison };
  await checkWiring(system);
  await checkParameters(system);
  await checkPermissions(system);
  await checkPolicy(system);
  await checkTimelock(system);
  return { checked: comparison.checked, findings: comparison.findings };
}
