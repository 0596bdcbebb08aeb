import { randomBytes } from "node:crypto";
import { createWalletClient, http, keccak256, stringToHex, type Hex } from "viem";
import { artifactsIn } from "../../deploy/artifacts.ts";
import { artifactsDirectory } from "../../deploy/deploy.ts";
import { p256Signer } from "../../src/attestor/signers/p256-signer.ts";
import { iAnchorsAbi, iHeartbeatOracleAbi } from "../../src/chain/abi.ts";
import { devAccount, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import * as founding from "../../src/sdk/founding.ts";
import { openPoolCall, poolId } from "../../src/sdk/pool.ts";
import type { ContractCall } from "../../src/sdk/contract-call.ts";
import { receiptOf, send } from "../../src/sdk/send.ts";
import { addressOf, type Session } from "../../src/sdk/session.ts";
import { nativeCoin } from "../../src/sdk/asset.ts";
import { hexOf } from "../../src/core/hex.ts";
import { rulesetSchema, type Ruleset } from "../../src/oracle/rulesets/ruleset.ts";
import { scoringCodeDigest } from "../../src/oracle/scoring/golden-epoch.ts";
import { loadKeccakHasher } from "../../src/oracle/tree/keccak-hasher.ts";
import { openTeams, valueAssets } from "./found-office.ts";
import type { Organization } from "./organization.ts";
import { publishDocument } from "./publish-document.ts";

export const poolName = "main";
export const operatorNames = ["operatorOne", "operatorTwo", "operatorThree", "operatorFour"] as const;
const seatNames = ["seatOne", "seatTwo", "seatThree"] as const;

/** Two of three attestors prove a milestone. */
const ATTESTOR_THRESHOLD = 2;
const OATH_SECONDS = 3_600;

function act(session: Session, as: DevAccountName, call: ContractCall) {
  return send(session, devAccount(as), call);
}

/** The humans of the example organization, by development account. */
const people = [
  { account: "anchor", name: "Alex Example", role: "Chief executive" },
  { account: "strategyAnchor", name: "Sam Example", role: "Head of strategy" },
  { account: "legalAnchor", name: "Lee Example", role: "General counsel" },
] as const satisfies readonly { account: DevAccountName; name: string; role: string }[];

type Person = (typeof people)[number];

/** A named human accepts to be accountable: the office proposes, the human signs, anybody relays. */
async function enrolAnchor(session: Session, documents: string, person: Person): Promise<void> {
  const anchor = devAccount(person.account);
  const identity = publishDocument(documents, {
    kind: "mandate.identity/1",
    name: person.name,
    role: person.role,
    organization: "Example organization of the local chain",
    account: anchor.address,
    salt: hexOf(randomBytes(32)), // so that the hash tells nobody anything once the record is erased
  });
  await act(session, "governor", founding.enrolAnchorCall(session, anchor.address, identity));
  const nonce = await session.client.readContract({
    address: addressOf(session, "Anchors"),
    abi: iAnchorsAbi,
    functionName: "nonceOf",
    args: [anchor.address],
  });
  const { timestamp } = await session.client.getBlock();
  const oath = { identity, nonce, deadline: Number(timestamp) + OATH_SECONDS };
  await act(session, "relayer", await founding.acceptAnchorCall(session, anchor, oath));
}

/** The first epoch that has not begun is the first one that the operators sign, by rules that they find among the documents. */
async function scheduleNetwork(session: Session, documents: string): Promise<void> {
  const { timestamp } = await session.client.getBlock();
  const running = await session.client.readContract({
    address: addressOf(session, "HeartbeatOracle"),
    abi: iHeartbeatOracleAbi,
    functionName: "epochAt",
    args: [Number(timestamp)],
  });
  const operators = operatorNames.map((name) => devAccount(name).address);
  const beginning = { fromEpoch: running + 1, anchor: devAccount("anchor").address };
  await act(session, "governor", founding.scheduleOperatorsCall(session, { operators, ...beginning }));
  const hash = publishDocument(documents, await exampleRuleset(addressOf(session, "BudgetVault")));
  await act(session, "governor", founding.scheduleRulesetCall(session, { hash, ...beginning }));
}

async function exampleRuleset(vault: Hex): Promise<Ruleset> {
  return rulesetSchema.parse({
    kind: "mandate.oracle-ruleset/1",
    vaults: [vault.toLowerCase()],
    settlement: { block: { confirmations: 1 }, seconds: 0 }, // nothing is reorganized here, and a demo's deadline is short
    scoring: scoringCodeDigest(await loadKeccakHasher()),
  });
}

/** A contract that signs through its owner's key (ERC-1271). */
async function deployWallet(session: Session): Promise<Hex> {
  const { abi, bytecode } = await artifactsIn(artifactsDirectory).loadArtifact("ERC1271WalletMock");
  const { chain } = session.client;
  const wallet = createWalletClient({
    account: devAccount("attestorOwner"),
    chain,
    transport: http(chain.rpcUrls.default.http[0]),
  });
  const transaction = await wallet.deployContract({
    abi,
    bytecode: bytecode as Hex,
    args: [devAccount("attestorTwo").address],
  });
  const { contractAddress } = await receiptOf(session, transaction);
  if (contractAddress === null || contractAddress === undefined)
    throw new TypeError("a deployment's receipt names the contract");
  return contractAddress;
}

/** The same 32 bytes that are an account's key make the P-256 key: public, like everything from the test mnemonic. */
function p256SignerOf(session: Session, name: DevAccountName): Hex {
  const { privateKey } = devAccount(name).getHdKey();
  if (privateKey === null) throw new TypeError("a development account has a private key");
  return p256Signer(addressOf(session, "ERC7913P256Verifier"), hexOf(privateKey)).signer;
}

async function createAttestors(session: Session): Promise<Pick<Organization, "attestorSet" | "wallet" | "signers">> {
  const wallet = await deployWallet(session);
  const signers = {
    account: devAccount("attestorOne").address.toLowerCase() as Hex,
    contract: wallet.toLowerCase() as Hex,
    p256: p256SignerOf(session, "attestorThree"),
  };
  const salt = stringToHex("example", { size: 32 });
  const attestors = Object.values(signers).toSorted((a, b) => (BigInt(keccak256(a)) < BigInt(keccak256(b)) ? -1 : 1));
  const set = { salt, attestors, threshold: ATTESTOR_THRESHOLD };
  const { result } = await act(session, "attestorOwner", founding.createAttestorSetCall(session, set));
  return { attestorSet: result as Hex, wallet, signers };
}

/** Founds the example organization through its offices: anchor, operators, assets, pool, seats, attestors. */
export async function foundOrganization(session: Session, documents: string): Promise<Organization> {
  for (const person of people) await enrolAnchor(session, documents, person);
  const teams = await openTeams(session, documents);
  await valueAssets(session, documents);
  await scheduleNetwork(session, documents);
  for (const asset of [addressOf(session, "TestToken"), nativeCoin] as const) {
    await act(session, "finance", founding.allowAssetCall(session, asset));
  }
  await act(session, "finance", openPoolCall(session, { name: poolName, anchor: devAccount("anchor").address }));
  for (const name of seatNames) await act(session, "governor", founding.seatCall(session, devAccount(name).address));
  return { pool: poolId(session, poolName), teams, ...(await createAttestors(session)) };
}
