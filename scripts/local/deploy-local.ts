import { fileURLToPath } from "node:url";
import { checkDeployment } from "../../deploy/check/check-deployment.ts";
import { deploySystem } from "../../deploy/deploy.ts";
import localModule from "../../deploy/modules/local.ts";
import { loadParameters, withOverrides, type Parameters } from "../../deploy/parameters.ts";
import { createChainClient } from "../../src/chain/client.ts";
import type { Deployment } from "../../src/chain/deployment.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { MandateError } from "../../src/core/errors/mandate-error.ts";
import type { LocalChain } from "../../src/stack/chain.ts";
import { callRpc } from "../../src/stack/json-rpc.ts";

const parametersFile = fileURLToPath(new URL("../../deploy/params/local.json", import.meta.url));

export interface LocalDeployment {
  readonly deployment: Deployment;
  /** What it was deployed with. */
  readonly parameters: Parameters;
  /** Values that were read back after it. */
  readonly checked: number;
}

/**
 * Deploys the system to the embedded chain, then reads every value back.
 * @param overrides Parameters that differ from deploy/params/local.json; the oracle's genesis must be among them.
 * @throws {MandateError} `DeploymentFailed`, `DeploymentWrong` with every value that is not as it was meant.
 */
export async function deployLocally(chain: LocalChain, overrides: Parameters): Promise<LocalDeployment> {
  const parameters = withOverrides(loadParameters(parametersFile), overrides);
  const deployer = devAccount("deployer").address;
  const deployment = await deploySystem({
    module: localModule,
    parameters,
    provider: { request: ({ method, params }) => callRpc(chain.rpcUrl, method, Array.isArray(params) ? params : []) },
    deployer,
    pollingMs: 20,
    confirmations: 1,
  });
  const client = createChainClient({ chainId: chain.chainId, rpcUrl: chain.rpcUrl });
  const { checked, findings } = await checkDeployment({ client, deployment, parameters, deployer });
  if (findings.length === 0) return { deployment, parameters, checked };
  const lines = findings.map(({ subject, expected, actual }) => `\n  ${subject}: ${actual}, not ${expected}`);
  throw new MandateError("DeploymentWrong", `the deployment is not as it was meant:${lines.join("")}`, {
    kind: "defect",
  });
}
