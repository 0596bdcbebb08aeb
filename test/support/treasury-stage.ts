/** Deploys a vault with a pool, a token, attestors and parties; for tests of the vault and of whatever rests on it. */
import { ZeroAddress, ZeroHash, id, type BaseWallet } from "ethers";
import hre from "hardhat";

import { expectJournalComplete } from "./journal.ts";
import { newVault } from "./new-vault.ts";
import {
  anchorAcceptanceTypes,
  coin,
  inSeatOrder,
  party,
  payeeAcceptanceTypes,
  proofMessage,
  proofTypes,
  scoreDefinition,
  vaultDomain,
  wallets,
  type Claim,
  type MilestoneTerms,
  type PlanTerms,
  leafOf,
  reportHeader,
} from "./treasury.ts";

export const day = 86_400;
export const renewalWindowSeconds = 300;
export const unit = 10n ** 18n;

/**
 * On a chain of its own: a vault whose office is `office`, a pool with 1,000 units of a token and of coin, the 2-of-3 attestor
 * set of three accounts, and an oracle double that has accepted no report.
 * @param options.teams The contract that learns of overturned proofs; none by default.
 * @param options.calendar The review calendar of enclaves; none by default.
 */
export async function deployVault(
  options: {
    teams?: { mock: string; args: readonly unknown[] };
    calendar?: { periodSeconds: number; beginSeconds: number };
  } = {},
) {
  const connection = await hre.network.create();
  const { ethers, networkHelpers } = connection;
  const [office, payee, anchor, outsider, steward, setOwner] = await ethers.getSigners();
  if (!office || !payee || !anchor || !outsider || !steward || !setOwner) throw new Error("too few signers");
  const authority = await ethers.deployContract("AuthorityDouble", [office]);
  const { teams: named } = options;
  const teams = named === undefined ? ethers.ZeroAddress : await ethers.deployContract(named.mock, [...named.args]);
  const calendarGenesis = (await networkHelpers.time.latest()) + 1;
  const { calendar: lengths } = options;
  const calendar =
    lengths === undefined
      ? undefined
      : await ethers.deployContract("ReviewCalendar", [
          ...[authority, calendarGenesis, lengths.periodSeconds, lengths.beginSeconds],
        ]);
  const vault = await newVault(ethers, authority, teams, calendar);
  const oracle = await ethers.deployContract("OracleDouble");
  const token = await ethers.deployContract("TestToken");
  const asset = await token.getAddress();
  const oracleAddress = await oracle.getAddress();
  const { chainId } = await ethers.provider.getNetwork();
  const domain = vaultDomain(await vault.getAddress(), chainId);
  const start = await networkHelpers.time.latest();

  /** What the vault was told to open, for whoever adds up what it owes. */
  const opened = { pools: new Set<string>(), projects: new Set<string>() };

  await authority.setAnchorLiveUntil(anchor, start + 1000 * day);
  await authority.setRate(1n, start + 1000 * day);
  await vault.allowAsset(asset, true);
  await vault.allowAsset(coin, true);
  const pool = await openPool("treasury");
  const attestors = inSeatOrder(wallets(3, 50), (wallet) => wallet.address);
  const attestorSet = await createAttestorSet(
    attestors.map((wallet) => wallet.address),
    2,
  );
  await token.mint(office, 10_000n * unit);
  await token.approve(vault, 10_000n * unit);
  await vault.deposit(pool, asset, 1000n * unit, id("first deposit"));
  await vault.deposit(pool, coin, 1000n * unit, id("first coin"), { value: 1000n * unit });

  async function openPool(name: string, by?: { address: string }): Promise<string> {
    const terms = [id(name), by?.address ?? ZeroAddress, anchor?.address ?? ZeroAddress] as const;
    const pool = await vault.openPool.staticCall(...terms);
    await vault.openPool(...terms);
    opened.pools.add(pool);
    return pool;
  }

  async function createAttestorSet(signers: readonly string[], threshold: number, salt = id("set")): Promise<string> {
    const owned = vault.connect(setOwner);
    const created = await owned.createAttestorSet.staticCall(salt, [...signers], threshold);
    await owned.createAttestorSet(salt, [...signers], threshold);
    return created;
  }

  const milestone = (changes: Partial<MilestoneTerms> = {}): MilestoneTerms => ({
    amount: 10n * unit,
    deadline: start + 100 * day,
    challengeWindow: 0,
    specification: id("specification"),
    attestorSet,
    attestorSetVersion: 1,
    coSignature: false,
    ...changes,
  });

  /** A plan with three milestones of 10 units, which the office may open. */
  const plan = (changes: Partial<PlanTerms> = {}): PlanTerms => ({
    version: 1,
    project: ZeroHash,
    pool,
    reclaimTo: pool,
    asset,
    payee: payee.address,
    opener: office.address,
    anchor: anchor.address,
    team: ZeroHash,
    oracle: oracleAddress,
    scoreDefinition,
    leaseReports: 2,
    initialReports: 2,
    maxMissing: 2,
    renewalWindow: renewalWindowSeconds,
    acceptBy: start + 30 * day,
    salt: id("salt"),
    milestones: [milestone(), milestone(), milestone()],
    ...changes,
  });

  async function open(terms: PlanTerms): Promise<string> {
    await vault.openProject(terms);
    const project = await vault.planId(terms);
    opened.projects.add(project);
    return project;
  }

  /** Opens a plan that payee and anchor accept by their signatures. */
  async function openAccepted(terms: PlanTerms): Promise<string> {
    const project = await open(terms);
    const total = terms.milestones.reduce((sum, { amount }) => sum + amount, 0n);
    const common = { project, planVersion: terms.version, asset: terms.asset, total };
    const byPayee = await payee?.signTypedData(domain, payeeAcceptanceTypes, { ...common, payee: terms.payee });
    const byAnchor = await anchor?.signTypedData(domain, anchorAcceptanceTypes, { ...common, anchor: terms.anchor });
    await vault.acceptProject(project, party.payee, byPayee ?? "0x");
    await vault.acceptProject(project, party.anchor, byAnchor ?? "0x");
    return project;
  }

  /** A project that runs on pool money. */
  async function openActive(terms: PlanTerms): Promise<string> {
    const project = await openAccepted(terms);
    await vault.commitProject(project);
    return project;
  }

  const claim = (project: string, index = 0, changes: Partial<Claim> = {}): Claim => ({
    project,
    milestone: index,
    evidence: id(`evidence ${index}`),
    deadline: start + 200 * day,
    ...changes,
  });

  /** What `release` takes: the claim, the bitmap of `seats`, and their signatures in seat order. */
  async function proof(
    terms: PlanTerms,
    claimed: Claim,
    seats: readonly number[] = [0, 1],
    signers: readonly BaseWallet[] = attestors,
    part?: bigint,
  ): Promise<[Claim, bigint, string[]]> {
    const signatures = await Promise.all(
      seats.map((seat) => {
        const signer = signers[seat];
        if (signer === undefined) throw new Error(`no attestor has seat ${seat}`);
        return signer.signTypedData(domain, proofTypes, proofMessage(terms, claimed, part));
      }),
    );
    return [claimed, seats.reduce((bits, seat) => bits | (1n << BigInt(seat)), 0n), signatures];
  }

  /** What `releasePart` takes: {@link proof} of what is due so far. */
  async function partProof(
    terms: PlanTerms,
    claimed: Claim,
    part: bigint,
    seats?: readonly number[],
  ): Promise<[Claim, bigint, bigint, string[]]> {
    const [claim_, bits, signatures] = await proof(terms, claimed, seats, attestors, part);
    return [claim_, part, bits, signatures];
  }

  const completeJournal = () => expectJournalComplete(ethers.provider, vault);
  const accounts = { office, payee, anchor, outsider, steward, setOwner };
  const contracts = { authority, vault, oracle, token, opened };
  const terms = {
    milestone,
    plan,
    claim,
    proof,
    partProof,
    openPool,
    createAttestorSet,
    open,
    openAccepted,
    openActive,
  };
  return {
    ...connection,
    ...accounts,
    ...contracts,
    ...terms,
    calendar,
    calendarGenesis,
    asset,
    pool,
    attestors,
    attestorSet,
    domain,
    start,
    completeJournal,
  };
}

export type VaultStage = Awaited<ReturnType<typeof deployVault>>;

/** τ of the reports by which tests of leases renew. */
export const leaseThreshold = 5n * 10n ** 17n;

/** Lets the oracle accept report `index` now; returns when. */
export async function acceptReport({ networkHelpers, oracle }: VaultStage, index: number): Promise<number> {
  const at = await networkHelpers.time.latest();
  await oracle.accept(index, at);
  return at;
}

/** Renews `project` by report `index`, of which its leaf is the only one. */
export function renewBy(
  { vault }: VaultStage,
  project: string,
  index: number,
  changes: Parameters<typeof leafOf>[1] = {},
) {
  return vault.renewLease(project, reportHeader(index, leaseThreshold), leafOf(project, changes), []);
}
