import type { AbiFunction, AbiParameter } from "viem";
import { signedTypes, signingDomains, type SigningDomainName } from "../../core/signing/signed-types.ts";
import type { Deployment } from "../deployment.ts";
import { enums, type Description } from "./description.ts";
import { signedContracts, type SignedContract, type SignedContractName } from "./signed-calls.ts";
import { signedMessages } from "./signed-messages.ts";

const SCHEMA = "https://eips.ethereum.org/assets/eip-7730/erc7730-v2.schema.json";

/** An ERC-7730 descriptor file. */
export interface Descriptor {
  readonly $schema: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly display: { readonly formats: Readonly<Record<string, unknown>> };
}

/** A descriptor with the name of its file. */
export interface DescriptorFile {
  readonly fileName: string;
  readonly contract: SignedContractName;
  readonly kind: "calls" | "messages";
  readonly descriptor: Descriptor;
}

/** Functions of a contract that change state. */
export function changingFunctions({ abi }: Pick<SignedContract, "abi">): AbiFunction[] {
  return abi.filter(
    (item): item is AbiFunction =>
      item.type === "function" && item.stateMutability !== "view" && item.stateMutability !== "pure",
  );
}

function typeOf(parameter: AbiParameter): string {
  if (!("components" in parameter)) return parameter.type;
  return `(${parameter.components.map(withName).join(",")})${parameter.type.slice("tuple".length)}`;
}

function withName(parameter: AbiParameter): string {
  const name = parameter.name ?? "";
  return name === "" ? typeOf(parameter) : `${typeOf(parameter)} ${name}`;
}

/** A function with the names of its arguments, the key of its words: `claim(address asset,address to)`. */
export function signatureWithNames(item: AbiFunction): string {
  return `${item.name}(${item.inputs.map(withName).join(",")})`;
}

/** A message with the types it holds, by EIP-712's `encodeType`, the key of its words. */
export function encodedType(name: keyof typeof signedMessages): string {
  return `${name}(${signedTypes[name].map((each) => `${each.type} ${each.name}`).join(",")})`;
}

function formatOf({ intent, sentence, fields }: Description): Record<string, unknown> {
  return { intent, ...(sentence === undefined ? {} : { interpolatedIntent: sentence }), fields };
}

function descriptorOf(
  contract: SignedContractName,
  context: Descriptor["context"],
  formats: Descriptor["display"]["formats"],
): Descriptor {
  const metadata = { owner: "Mandate", contractName: `Mandate ${contract}`, enums };
  return { $schema: SCHEMA, context, metadata, display: { formats } };
}

function fileName(contract: SignedContractName, kind: DescriptorFile["kind"], chainId: number): string {
  const kebab = contract.replace(/(?<!^)([A-Z])/g, "-$1").toLowerCase();
  return `${kind}-${kebab}-${chainId}.json`;
}

function callsFile(contract: SignedContractName, deployment: Deployment): DescriptorFile {
  const { chainId } = deployment;
  const signed: SignedContract = signedContracts[contract];
  const formats = changingFunctions(signed).flatMap((item) => {
    const description = signed.calls[item.name];
    return description === undefined ? [] : [[signatureWithNames(item), formatOf(description)] as const];
  });
  const context = { contract: { deployments: [{ chainId, address: deployment.contracts[contract] }] } };
  const descriptor = descriptorOf(contract, context, Object.fromEntries(formats));
  return { fileName: fileName(contract, "calls", chainId), contract, kind: "calls", descriptor };
}

function messagesFile(contract: SigningDomainName, deployment: Deployment): DescriptorFile {
  const { chainId } = deployment;
  const verifyingContract = deployment.contracts[contract];
  const names = (Object.keys(signedMessages) as (keyof typeof signedMessages)[]).filter(
    (name) => signedMessages[name].domain === contract,
  );
  const formats = names.map((name) => [encodedType(name), formatOf(signedMessages[name])] as const);
  const domain = { ...signingDomains[contract], chainId, verifyingContract };
  const context = { eip712: { domain, deployments: [{ chainId, address: verifyingContract }] } };
  const descriptor = descriptorOf(contract, context, Object.fromEntries(formats));
  return { fileName: fileName(contract, "messages", chainId), contract, kind: "messages", descriptor };
}

/** The descriptors of a deployment: one file for each contract's calls, one for each signing domain's messages. */
export function descriptorsOf(deployment: Deployment): DescriptorFile[] {
  const contracts = Object.keys(signedContracts) as SignedContractName[];
  const domains = Object.keys(signingDomains) as SigningDomainName[];
  return [
    ...contracts.map((contract) => callsFile(contract, deployment)),
    ...domains.map((contract) => messagesFile(contract, deployment)),
  ];
}
