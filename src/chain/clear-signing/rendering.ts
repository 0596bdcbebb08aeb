/** Reads descriptors with the reference implementation of ERC-7730, as a wallet would; for tests. */
import {
  format,
  formatTypedData,
  isFieldGroup,
  type Descriptor as ReadDescriptor,
  type DisplayModel,
  type FormatOptions,
} from "@ethereum-sourcify/clear-signing";
import { getAddress, keccak256, toBytes } from "viem";
import { signedTypes, signingDomains } from "../../core/signing/signed-types.ts";
import { parseDeployment, type Deployment } from "../deployment.ts";
import { descriptorsOf } from "./descriptor.ts";
import { signedMessages } from "./signed-messages.ts";

const CHAIN_ID = 31337;
const numbered = (index: number) => getAddress(`0x${index.toString(16).padStart(40, "0")}`);
const contractNames = [
  ...["Authority", "AuthorityLens", "Anchors", "Constitution", "Teams", "ActionCatalog", "Escalations"],
  ...[
    "HeartbeatOracle",
    "OperatorKeys",
    "ReviewCalendar",
    "ReportFund",
    "Challenges",
    "BudgetVault",
    "Membership",
    "MergeGovernor",
    "StrategyForks",
    "ERC7913P256Verifier",
  ],
  ...["BudgetOffice", "PaymentOffice", "CircuitBreaker", "ERC7913WebAuthnVerifier", "TimelockController"],
];

/** Addresses that the wallet of the tests knows. */
export const testAccounts = { token: numbered(0x70), payee: numbered(0x71) } as const;

export const testDeployment: Deployment = parseDeployment({
  chainId: CHAIN_ID,
  fromBlock: 0,
  contracts: Object.fromEntries(contractNames.map((name, index) => [name, numbered(0x1000 + index)])),
});

const names: Readonly<Record<string, string>> = {
  [testAccounts.payee.toLowerCase()]: "Petra",
  [testAccounts.token.toLowerCase()]: "Test dollar",
};

function walletOptions(): FormatOptions {
  const files = descriptorsOf(testDeployment);
  const key = (address: string) => `eip155:${CHAIN_ID}:${address.toLowerCase()}`;
  const keyOf = (file: (typeof files)[number]) => key(testDeployment.contracts[file.contract]);
  const index = {
    calldataIndex: Object.fromEntries(
      files.filter(({ kind }) => kind === "calls").map((file) => [keyOf(file), file.fileName]),
    ),
    typedDataIndex: Object.fromEntries(
      files
        .filter(({ kind }) => kind === "messages")
        .map((file) => [
          keyOf(file),
          Object.fromEntries(
            Object.keys(file.descriptor.display.formats).map((type) => [
              type.slice(0, type.indexOf("(")),
              [{ path: file.fileName, encodeTypeHashes: [keccak256(toBytes(type))] }],
            ]),
          ),
        ]),
    ),
  };
  const fetchDescriptor = (path: string): Promise<ReadDescriptor> => {
    const found = files.find(({ fileName }) => fileName === path);
    // What a wallet reads is JSON text.
    return Promise.resolve(JSON.parse(JSON.stringify(found?.descriptor)) as ReadDescriptor);
  };
  return {
    descriptorResolverOptions: { type: "custom", resolver: { index, fetchDescriptor } },
    externalDataProvider: {
      resolveLocalName: (address) =>
        Promise.resolve({ name: names[address.toLowerCase()] ?? address, typeMatch: true }),
      resolveToken: () => Promise.resolve({ name: "Test dollar", symbol: "TUSD", decimals: 6 }),
      resolveChainInfo: () =>
        Promise.resolve({ name: "Local", nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 } }),
    },
  };
}

/** What a wallet shows. */
export interface Rendered {
  readonly intent: string | undefined;
  readonly sentence: string | undefined;
  /** Label and text, in order. */
  readonly lines: readonly string[];
  /** Warnings, of the whole and of fields. */
  readonly problems: readonly string[];
}

function renderedOf(model: DisplayModel): Rendered {
  const fields = (model.fields ?? []).flatMap((each) => (isFieldGroup(each) ? each.fields : [each]));
  const lines = fields.flatMap(({ label, value, embeddedCalldata: inner }) =>
    inner?.display.fields === undefined
      ? [`${label}: ${value}`]
      : [
          `${label}: ${renderedOf(inner.display).intent ?? ""}`,
          ...renderedOf(inner.display).lines.map((line) => `  ${line}`),
        ],
  );
  const warnings = [...(model.warnings ?? []), ...fields.flatMap(({ warning }) => warning ?? [])];
  return {
    intent: typeof model.intent === "string" ? model.intent : undefined,
    sentence: model.interpolatedIntent,
    lines,
    problems: warnings.map(({ code, message }) => `${code}: ${message}`),
  };
}

/** A call of a contract as a wallet shows it. */
export async function rendered(contract: string, data: string, value = 0n): Promise<Rendered> {
  const to = testDeployment.contracts[contract as keyof Deployment["contracts"]] ?? "";
  return renderedOf(await format({ chainId: CHAIN_ID, to, data, value, from: testAccounts.payee }, walletOptions()));
}

/** A message as a wallet shows it. */
export async function renderedMessage(
  name: keyof typeof signedMessages,
  message: Record<string, unknown>,
): Promise<Rendered> {
  const { domain } = signedMessages[name];
  const model = await formatTypedData(
    {
      account: testAccounts.payee,
      types: { [name]: [...signedTypes[name]] },
      primaryType: name,
      domain: { ...signingDomains[domain], chainId: CHAIN_ID, verifyingContract: testDeployment.contracts[domain] },
      message,
    },
    walletOptions(),
  );
  return renderedOf(model);
}
