/** An organization whose score can be challenged: where the tests of challenges begin. Every contract is the real one. */
import { encodeBytes32String, id, ZeroAddress, ZeroHash, type BaseContract, type Signer } from "ethers";
import hre from "hardhat";

import { roles } from "../../src/chain/roles.ts";
import { signedTypes, signingDomains } from "../../src/core/signing/signed-types.ts";
import { identity } from "./anchors.ts";
import { minAdminDelaySeconds } from "./authority.ts";
import { expectJournalComplete } from "./journal.ts";
import { newAuthority } from "./new-authority.ts";
import { newVault } from "./new-vault.ts";
import { leafTree, operatorWallets, type OracleLeaf } from "./oracle.ts";
import { parametersFrom, reportOn, submitReport } from "./oracle-stage.ts";
import { newPolicy, parameter } from "./policy.ts";
import { coin, inSeatOrder, scoreDefinition, wallets, type PlanTerms } from "./treasury.ts";

/** `IChallenges.ChallengeStatus`. */
export const ChallengeStatus = {
  None: 0n,
  Open: 1n,
  Upheld: 2n,
  Rejected: 3n,
  Withdrawn: 4n,
  Lapsed: 5n,
  Returned: 6n,
} as const;

/** `IChallenges.Party`. */
export const Party = { Challenger: 0n, Payee: 1n, Member: 2n, Operator: 3n, PlanAnchor: 4n, TeamAnchor: 5n } as const;

const day = 86_400;
export const anchorPeriodSeconds = 300 * day;
export const deadlineSeconds = 3 * day;

/** Odd, so that a half of it has a rest. */
export const bond = 10n ** 18n + 1n;
export const reward = 3n * 10n ** 17n;

/** The team of the challenged project, and the teams up its path; the root last. */
export const team = 4;
export const path = [3, 2, 1] as const;

const cones = [0, 1, 2].map((tier) => ({ maxImpact: 1000 * (tier + 1), scopes: 1, minReversibility: 50 }));
const place = (number: number): string => encodeBytes32String(`G1.U1.P${number}`);

/**
 * Deploys on a chain of its own. Report 1, on epoch 1, has a leaf of a project of team 4, whose path is `first`, `second`, `root`; the team's
 * own anchor is `own`, the plan's `planAnchor`. Terms are set and the pot holds three rewards.
 * @param teamsMock Stands in the place of the real teams' contract.
 */
export async function deployChallenges(teamsMock?: (root: string) => readonly [name: string, ...args: unknown[]]) {
  const connection = await hre.network.create();
  const { ethers, networkHelpers } = connection;
  const [admin, payee, planAnchor, own, first, second, root, substitute, redTeam, member, outsider] =
    await ethers.getSigners();
  if (!admin || !payee || !planAnchor || !own || !first || !second || !root || !substitute || !redTeam || !member)
    throw new Error("too few signers");
  if (!outsider) throw new Error("too few signers");
  const authority = await newAuthority(ethers, admin, minAdminDelaySeconds);
  const anchors = await ethers.deployContract("Anchors", [authority, anchorPeriodSeconds]);
  const { constitution, teams } = await newPolicy(ethers, authority, day);
  const permit = async (contract: BaseContract, name: string, role: bigint, holder: BaseContract) => {
    await authority.setTargetFunctionRole(contract, [contract.interface.getFunction(name)?.selector ?? ""], role);
    await authority.grantRole(role, holder, 0);
  };
  await permit(authority, "setAnchorLiveness", roles.ANCHORS_ROLE, anchors);

  const { chainId } = await ethers.provider.getNetwork();
  const oathDomain = { ...signingDomains.Anchors, chainId, verifyingContract: await anchors.getAddress() };
  /** Enrols `signer` and relays its oath: a live anchor. */
  async function makeLive(signer: Signer): Promise<void> {
    const anchor = await signer.getAddress();
    await anchors.enrol(anchor, identity);
    const deadline = (await networkHelpers.time.latest()) + day;
    const oath = { anchor, identity, nonce: await anchors.nonceOf(anchor), deadline };
    const signature = await signer.signTypedData(oathDomain, { AnchorOath: [...signedTypes.AnchorOath] }, oath);
    await anchors.accept(anchor, deadline, signature);
  }
  for (const signer of [planAnchor, own, first, second, root, substitute]) await makeLive(signer);

  const lower = { stricter: 0, kernel: false, cone: true, minimum: 1, maximum: 2n ** 40n };
  await constitution.defineParameter(parameter.maxImpact, lower, 2n ** 40n, id("first"));
  const higher = { stricter: 1, kernel: false, cone: true, minimum: 0, maximum: 100 };
  await constitution.defineParameter(parameter.minReversibility, higher, 0, id("first"));
  const seconds = { stricter: 0, kernel: false, cone: false, minimum: 60, maximum: 30 * day };
  await constitution.defineParameter(parameter.deadline, seconds, deadlineSeconds, id("first"));
  const seats: readonly [Signer, number[]][] = [
    [root, [1]],
    [second, [1]],
    [first, [2, 1]],
    [own, [...path]],
  ];
  for (const [index, [anchor, up]] of seats.entries()) {
    await teams.openTeam(place(index + 1), anchor, cones, 2, up, 0b111, id("founded"));
  }
  await teams.addMember(team, member, id("joined"));

  const genesis = (await networkHelpers.time.latest()) + 1000;
  const oracle = await ethers.deployContract("HeartbeatOracle", [authority, parametersFrom(genesis)]);
  const oracleAddress = await oracle.getAddress();
  const operators = operatorWallets(4);
  const operatorAddresses = operators.map(({ address }) => address);
  await oracle.scheduleOperatorSet(operatorAddresses, 1, root);
  await authority.registerContract(oracle, id("HeartbeatOracle"));
  const standIn = teamsMock?.(root.address);
  const namedTeams = standIn === undefined ? teams : await ethers.deployContract(standIn[0], standIn.slice(1));
  const vault = await newVault(ethers, authority, namedTeams);
  await vault.allowAsset(coin, true);
  const poolTerms = [id("pool"), ZeroAddress, root.address] as const;
  const pool = await vault.openPool.staticCall(...poolTerms);
  await vault.openPool(...poolTerms);
  const attestors = inSeatOrder(wallets(3, 50), ({ address }) => address).map(({ address }) => address);
  const attestorSet = await vault.createAttestorSet.staticCall(id("set"), attestors, 2);
  await vault.createAttestorSet(id("set"), attestors, 2);
  const now = await networkHelpers.time.latest();

  const plan = (changes: Partial<PlanTerms> = {}): PlanTerms => ({
    version: 1,
    project: ZeroHash,
    pool,
    reclaimTo: pool,
    asset: coin,
    payee: payee.address,
    opener: admin.address,
    anchor: planAnchor.address,
    team: place(team),
    oracle: oracleAddress,
    scoreDefinition,
    leaseReports: 2,
    initialReports: 2,
    maxMissing: 2,
    renewalWindow: 300,
    acceptBy: now + 30 * day,
    salt: id("salt"),
    milestones: [
      {
        amount: 10n ** 18n,
        deadline: now + 100 * day,
        challengeWindow: day,
        specification: id("specification"),
        attestorSet,
        attestorSetVersion: 1,
        coSignature: true,
      },
    ],
    ...changes,
  });
  const openProject = async (terms: PlanTerms): Promise<string> => {
    await vault.openProject(terms);
    return vault.planId(terms);
  };

  const challenges = await ethers.deployContract("Challenges", [authority, oracle, vault, anchors, constitution]);
  await permit(teams, "lowerTier", roles.RATCHET_ROLE, challenges);
  await challenges.setTerms(bond, reward, root);
  await admin.sendTransaction({ to: challenges, value: 3n * reward });

  const leafOf = (project: string, score = 9n * 10n ** 17n): OracleLeaf => ({
    project,
    definition: scoreDefinition,
    outcome: 1,
    grade: 1,
    score,
  });
  /** Has the operators report `leaves` in `epoch`; answers what a prover of each needs, in their order. */
  async function report(epoch: number, leaves: readonly OracleLeaf[], of = { oracle, operators, genesis }) {
    const sorted = [...leaves].sort((a, b) => (a.project < b.project ? -1 : 1));
    const signed = await reportOn(of, epoch, sorted);
    await submitReport(connection, of, signed);
    const { index, acceptedAt } = await of.oracle.latest();
    const { root: reportRoot, threshold, leafCount, manifest } = signed;
    const header = { index, epoch, root: reportRoot, threshold, leafCount, acceptedAt, manifest };
    const { proofs } = leafTree(sorted);
    return leaves.map((leaf) => ({ header, leaf, proof: proofs[sorted.indexOf(leaf)] ?? [] }));
  }
  const terms = plan();
  const project = await openProject(terms);
  const other = leafOf(id("another project"));
  const [found] = await report(1, [leafOf(project), other]);
  if (found === undefined) throw new Error("no leaf");
  const proved = found; // narrowed for the closures below
  const challenger: Signer = redTeam;
  const evidence = id("evidence");
  const reason = id("reason");

  /** Opens a challenge of the one leaf, or as `changes` say, and answers its id. */
  async function open(
    by: Signer = challenger,
    changes: Partial<{
      plan: PlanTerms;
      proved: typeof proved;
      evidence: string;
      value: bigint;
      leastReward: bigint;
    }> = {},
  ): Promise<string> {
    const { header, leaf, proof } = changes.proved ?? proved;
    const args = [
      changes.plan ?? terms,
      header,
      leaf,
      proof,
      changes.evidence ?? evidence,
      changes.leastReward ?? 0n,
    ] as const;
    const value = { value: changes.value ?? bond };
    const challenge = await challenges.connect(by).open.staticCall(...args, value);
    await challenges.connect(by).open(...args, value);
    return challenge;
  }
  /** What opens a challenge of the one leaf, for a contract that calls. */
  const openData = (): string => {
    const { header, leaf, proof } = proved;
    return challenges.interface.encodeFunctionData("open", [terms, header, leaf, proof, evidence, 0n]);
  };
  const tierOf = async (number = team): Promise<bigint> => (await teams.getTeam(number)).tier;
  const statusOf = async (challenge: string): Promise<bigint> => (await challenges.getChallenge(challenge)).status;
  /** Bonds, claims and pot, held against the balance, which has `surplus` more; what is reserved, against the challenges that did not end. */
  async function books(surplus = 0n): Promise<readonly [bonds: bigint, claims: bigint, pot: bigint]> {
    const { bonds, claims, pot, reserved } = await challenges.books();
    const balance = await ethers.provider.getBalance(challenges);
    if (balance !== bonds + claims + pot + surplus) {
      throw new Error(`the balance ${balance} is not ${bonds} + ${claims} + ${pot} + ${surplus}`);
    }
    let promised = 0n;
    for (const { args } of await challenges.queryFilter(challenges.filters.ChallengeOpened)) {
      const { status, reward: own } = await challenges.getChallenge(args.challenge);
      if (status === ChallengeStatus.Open || status === ChallengeStatus.Lapsed) promised += own;
    }
    if (reserved !== promised || reserved > pot) {
      throw new Error(`${reserved} of ${pot} are reserved, and ${promised} promised`);
    }
    return [bonds, claims, pot];
  }
  const latest = () => networkHelpers.time.latest();
  /** The next transaction happens at `time`. */
  const at = (time: number) => networkHelpers.time.setNextBlockTimestamp(time);

  const people = { admin, payee, planAnchor, own, first, second, root, substitute, redTeam, member, outsider };
  const contracts = { authority, anchors, constitution, teams, oracle, vault, challenges };
  const facts = { genesis, operators, terms, project, proved, other, evidence, reason, provider: ethers.provider };
  const acts = { makeLive, plan, openProject, leafOf, report, open, openData, tierOf, statusOf, books, latest, at };
  return { ...connection, ...people, ...contracts, ...facts, ...acts };
}

export type ChallengeStage = Awaited<ReturnType<typeof deployChallenges>>;

/**
 * Gives each test of the suite around it a stage of its own, and asks after each whether the journal is complete and the books hold.
 * @param take Gets the stage before each test.
 */
export function onFreshStage(take: (stage: ChallengeStage) => void): void {
  let stage: ChallengeStage;
  beforeEach(async () => {
    stage = await deployChallenges();
    take(stage);
  });
  afterEach(async () => {
    await expectJournalComplete(stage.provider, stage.challenges);
    await stage.books();
  });
}
