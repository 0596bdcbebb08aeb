// Re-reads a deployment: `node scripts/deploy/check.ts` for the local stack, with options for any other.
import { parseArgs } from "node:util";
import { isAddress } from "viem";
import { checkDeployment } from "../../deploy/check/check-deployment.ts";
import { loadParameters } from "../../deploy/parameters.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { openSession } from "../../src/sdk/session.ts";
import { exitCodeOf, exitCodes } from "../../src/cli/exit-code.ts";
import { createOutput, errorText } from "../../src/cli/output.ts";
import { MandateError } from "../../src/core/errors/mandate-error.ts";

const { values } = parseArgs({
  options: {
    deployment: { type: "string", default: ".mandate/local/deployment.json" },
    parameters: { type: "string", default: ".mandate/local/parameters.json" },
    "rpc-url": { type: "string", default: "http://127.0.0.1:4100" },
    deployer: { type: "string", default: devAccount("deployer").address },
    json: { type: "boolean", default: false },
  },
});

try {
  const { deployer } = values;
  if (!isAddress(deployer))
    throw new MandateError("DeployerInvalid", `${deployer} is no address`, { kind: "input", data: { deployer } });
  const session = await openSession({ deployment: values.deployment, rpcUrl: values["rpc-url"] });
  const result = await checkDeployment({ ...session, parameters: loadParameters(values.parameters), deployer });
  const lines = result.findings.map(({ subject, expected, actual }) => `${subject}: ${actual}, not ${expected}`);
  const verdict =
    lines.length === 0 ? "everything is as it was meant, and the deployer holds nothing" : `${lines.length} are not`;
  createOutput(values.json).result(result, [...lines, `${result.checked} values read back: ${verdict}`].join("\n"));
  if (lines.length > 0) process.exitCode = exitCodes.refused;
} catch (thrown) {
  process.stderr.write(`${errorText(thrown)}\n`);
  process.exitCode = exitCodeOf(thrown);
}
