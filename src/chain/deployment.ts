import { readFileSync } from "node:fs";
import { z } from "zod";
import { MandateError } from "../core/errors/mandate-error.ts";

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((text) => text as `0x${string}`);

/** Contracts of a deployment, by the name of their artifact. */
const contractsSchema = z.strictObject({
  Authority: address,
  AuthorityLens: address,
  Anchors: address,
  Constitution: address,
  Teams: address,
  ActionCatalog: address,
  Escalations: address,
  OperatorKeys: address,
  HeartbeatOracle: address,
  ReviewCalendar: address,
  ReportFund: address,
  Challenges: address,
  BudgetVault: address,
  BudgetOffice: address,
  PaymentOffice: address,
  CircuitBreaker: address,
  Membership: address,
  MergeGovernor: address,
  StrategyForks: address,
  ERC7913P256Verifier: address,
  ERC7913WebAuthnVerifier: address,
  TimelockController: address,
  TestToken: address.optional(),
});

const deploymentSchema = z.strictObject({
  chainId: z.number().int().positive(),
  /** Block from which the history of the contracts is read. */
  fromBlock: z.number().int().nonnegative(),
  contracts: contractsSchema,
});

/** Addresses of the system's contracts on one chain. */
export type Deployment = z.infer<typeof deploymentSchema>;
export type ContractName = keyof Deployment["contracts"];

/** @throws {MandateError} `DeploymentInvalid` with the exact path of what is wrong. */
export function parseDeployment(value: unknown): Deployment {
  const parsed = deploymentSchema.safeParse(value);
  if (!parsed.success) {
    throw new MandateError("DeploymentInvalid", `not a deployment record: ${z.prettifyError(parsed.error)}`, {
      kind: "input",
      cause: parsed.error,
    });
  }
  return parsed.data;
}

/** @throws {MandateError} `DeploymentUnreadable` or `DeploymentInvalid`. */
export function loadDeployment(path: string): Deployment {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new MandateError("DeploymentUnreadable", `cannot read the deployment record ${path}`, {
      kind: "input",
      cause,
      remedy: "Name it with --deployment, or start the local stack, which writes one: npm start",
    });
  }
  return parseDeployment(JSON.parse(text));
}
