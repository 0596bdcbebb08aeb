/** A history in which every event of the system happens, told on a real chain: what an audit must find clean. */
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { encodeFunctionData, hashTypedData, keccak256, maxUint256, stringToHex, type LocalAccount } from "viem";
import { collectProof } from "../../src/attestor/collect.ts";
import type { Evidence } from "../../src/attestor/evidence/evidence.ts";
import { planId } from "../../src/chain/plan/read-plan.ts";
import { contractSigner, eoaSigner } from "../../src/attestor/signers/account-signer.ts";
import type { MilestoneSigner } from "../../src/attestor/signers/milestone-signer.ts";
import { p256Signer } from "../../src/attestor/signers/p256-signer.ts";
import { proofDigest } from "../../src/attestor/signing/proof-message.ts";
import type { MilestoneFacts } from "../../src/attestor/chain/milestone-facts.ts";
import { budgetVaultAbi } from "../../src/chain/abi.ts";
import { devAccount, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import { documentHash } from "../../src/core/documents/document-hash.ts";
import { hexOf, type Hex } from "../../src/core/hex.ts";
import { typedDataOf } from "../../src/core/signing/typed-data.ts";
import { AgreementChapter } from "./agreement-chapter.ts";
import { ChallengeChapter } from "./challenge-chapter.ts";
import { EnclaveChapter } from "./enclave-chapter.ts";
import { ForkChapter } from "./fork-chapter.ts";
import { openOffice, storyTeam } from "./office.ts";
import { OperatorChapter } from "./operator-chapter.ts";
import { compactSignature, registerOperatorKeys, signTogether } from "./operator-keys.ts";
import { PartChapter } from "./part-chapter.ts";
import { PolicyChapter } from "./policy-chapter.ts";
import { RefundChapter } from "./refund-chapter.ts";
import { SafetyChapter } from "./safety-chapter.ts";
import { startSystemOnAnvil, type SystemOnAnvil } from "./system-on-anvil.ts";

export const EPOCH_SECONDS = 60;
const REPORT_DEADLINE_SECONDS = 30;
const RENEWAL_WINDOW_SECONDS = 20;
const coin: Hex = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE";
const DAY = 86_400;
/** So that a report in which nothing survives trips the oracle, and a quiet one does not. */
const SOFT_STEP_E18 = 5n * 10n ** 16n;
const zeroWord: Hex = `0x${"0".repeat(64)}`;

/** What a milestone of the story asks for, and a document that delivers it. */
export const specification = { kind: "json-assertions", assertions: [{ pointer: "/done", equals: true }] } as const;
export const evidence: Evidence = { kind: "json-assertions", document: { done: true } };

const scoreDefinition = documentHash({ kind: "score", name: "story" });

type Plan = MilestoneFacts["plan"];
type Milestone = Plan["milestones"][number];

/** Outcome of a project in a report: a score, or 2 for missing. */
interface Scored {
  readonly project: Hex;
  readonly outcome: 1 | 2;
  readonly score: bigint;
}

const ONE = 10n ** 18n;

/** Hands a report to the oracle, by itself or through another contract. */
export type Submit = (functionName: "submit" | "submitAggregate", args: readonly unknown[]) => Promise<unknown>;

/** Leaves of projects that are of no other concern. */
function others(count: number, surviving: number): readonly Scored[] {
  const score = (place: number): bigint => (place < surviving ? 9n * 10n ** 17n : 0n);
  return Array.from({ length: count }, (_, place) => ({
    project: word(`other ${place}`),
    outcome: 1,
    score: score(place),
  }));
}
const word = (text: string): Hex => keccak256(stringToHex(text));

function privateKeyOf(name: DevAccountName): Hex {
  const { privateKey } = devAccount(name).getHdKey();
  if (privateKey === null) throw new TypeError("a development account has a private key");
  return hexOf(privateKey);
}

/** The story's teller: the system, its parties, and the steps that the story is made of. */
export class AuditedStory {
  readonly system: SystemOnAnvil;
  readonly attestors: readonly MilestoneSigner[];
  readonly attestorSet: Hex;
  pool: Hex = zeroWord;
  /** Digest of the proof that was released last. */
  lastProof: Hex = zeroWord;
  /** Who signs reports in a seat in its operator's place. */
  readonly signers = new Map<number, LocalAccount>();
  private genesis = 0;
  private intents = 0;
  private plans = 0;

  private constructor(system: SystemOnAnvil, attestors: readonly MilestoneSigner[]) {
    this.system = system;
    this.attestors = attestors;
    this.attestorSet = zeroWord;
  }

  /** Deploys the system and seats its people: an anchor, operators, attestors of three kinds, a funded pool. */
  static async begin(): Promise<AuditedStory> {
    const system = await startSystemOnAnvil(EPOCH_SECONDS, REPORT_DEADLINE_SECONDS, {
      softStepE18: SOFT_STEP_E18,
    });
    const wallet = await system.deploy("mocks/ERC1271WalletMock.sol", "ERC1271WalletMock", [
      devAccount("attestorTwo").address,
    ]);
    const signers = [
      eoaSigner(privateKeyOf("attestorOne")),
      contractSigner(wallet, privateKeyOf("attestorTwo")),
      p256Signer(system.address("ERC7913P256Verifier"), privateKeyOf("attestorThree")),
    ].sort((a, b) => (keccak256(a.signer) < keccak256(b.signer) ? -1 : 1));
    const story = new AuditedStory(system, signers);
    await story.seatPeople();
    return story;
  }

  get vault(): Hex {
    return this.system.address("BudgetVault");
  }

  get token(): Hex {
    return this.system.address("TestToken");
  }

  place(contract: "BudgetVault" | "HeartbeatOracle" | "Anchors") {
    return { chainId: this.system.chainId, verifyingContract: this.system.address(contract) };
  }

  private intent(): Hex {
    this.intents += 1;
    return word(`intent ${this.intents}`);
  }

  async enrolAnchor(name: DevAccountName): Promise<void> {
    const { system } = this;
    const anchor = devAccount(name);
    const identity = word(`identity of ${name}`);
    await system.send("governor", "Anchors", "enrol", [anchor.address, identity]);
    const nonce = (await system.read("Anchors", "nonceOf", [anchor.address])) as bigint;
    const deadline = (await system.now()) + 1_000;
    const signature = await anchor.signTypedData({
      ...typedDataOf("AnchorOath", this.place("Anchors")),
      message: { anchor: anchor.address, identity, nonce, deadline },
    });
    await system.send("relayer", "Anchors", "accept", [anchor.address, deadline, signature]);
  }

  async openPool(name: string, steward: DevAccountName): Promise<Hex> {
    const args = [word(name), devAccount(steward).address, devAccount("anchor").address] as const;
    const receipt = await this.system.send("finance", "BudgetVault", "openPool", args);
    const [opened] = receipt.logs;
    return opened?.topics[1] ?? zeroWord;
  }

  private async seatPeople(): Promise<void> {
    const { system } = this;
    this.genesis = Number(await system.read("HeartbeatOracle", "genesis"));
    await this.enrolAnchor("anchor");
    await openOffice(system);
    await registerOperatorKeys(system, this.operators());
    const operators = this.operators().map(({ address }) => address);
    const running = (await system.read("HeartbeatOracle", "epochAt", [await system.now()])) as number;
    await system.send("governor", "HeartbeatOracle", "scheduleOperatorSet", [
      operators,
      running + 1,
      devAccount("anchor").address,
    ]);
    await system.send("governor", "HeartbeatOracle", "scheduleRuleset", [
      word("ruleset"),
      running + 1,
      devAccount("anchor").address,
    ]);
    await system.travelTo(this.genesis + running * EPOCH_SECONDS + 1); // their first epoch
    await system.send("finance", "BudgetVault", "allowAsset", [this.token, true]);
    await system.send("finance", "BudgetVault", "allowAsset", [coin, true]);
    const signers = this.attestors.map(({ signer }) => signer);
    const receipt = await system.send("attestorOwner", "BudgetVault", "createAttestorSet", [word("set"), signers, 2]);
    Object.assign(this, { attestorSet: receipt.logs[0]?.topics[1] ?? zeroWord });
    this.pool = await this.openPool("treasury", "finance");
    await system.send("finance", "TestToken", "mint", [devAccount("finance").address, 10_000n * ONE]);
    await system.send("finance", "TestToken", "approve", [this.vault, maxUint256]);
    await system.send("finance", "BudgetVault", "deposit", [this.pool, this.token, 5_000n * ONE, this.intent()]);
    await system.send("finance", "BudgetVault", "deposit", [this.pool, coin, 10n * ONE, this.intent()], 10n * ONE);
  }

  operators() {
    const names = ["operatorOne", "operatorTwo", "operatorThree", "operatorFour"] as const;
    return names.map(devAccount).sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
  }

  /** Travels to the end of the running epoch and has three operators report the outcomes; answers what provers need. */
  async report(
    scored: readonly Scored[],
    how: "singly" | "together" = "singly",
    submit: Submit = (functionName, args) => this.system.send("relayer", "HeartbeatOracle", functionName, args),
  ) {
    const { system } = this;
    const epoch = (await system.read("HeartbeatOracle", "epochAt", [await system.now()])) as number;
    await system.travelTo(this.genesis + epoch * EPOCH_SECONDS + 1);
    const { configuration } = (await system.read("HeartbeatOracle", "operatorSet", [epoch])) as {
      configuration: number;
    };
    const threshold = (await system.read("HeartbeatOracle", "threshold")) as bigint;
    // In the order of the tree that operators sign: ascending by project, which proofs of several leaves rest on.
    const ascending = scored.toSorted((a, b) => (BigInt(a.project) < BigInt(b.project) ? -1 : 1));
    const leaves = ascending.map(({ project, outcome, score }) => ({
      project,
      definition: scoreDefinition,
      outcome,
      grade: outcome === 1 ? 1 : 0,
      score,
    }));
    const types = ["bytes32", "bytes32", "uint8", "uint8", "uint64"];
    const values = leaves.map((leaf) => [leaf.project, leaf.definition, leaf.outcome, leaf.grade, leaf.score]);
    const tree = StandardMerkleTree.of(values, types, { sortLeaves: false });
    const valued = leaves.filter(({ outcome }) => outcome === 1);
    const report = {
      configuration,
      epoch,
      root: tree.root as Hex,
      threshold,
      leafCount: leaves.length,
      scored: valued.length,
      surviving: valued.filter(({ score }) => score >= threshold).length,
      manifest: word(`manifest ${epoch}`),
    };
    const typed = { ...typedDataOf("HeartbeatReport", this.place("HeartbeatOracle")), message: report };
    const signers = 0b1011n; // one operator is away
    if (how === "together") {
      const signature = signTogether(hashTypedData(typed), signers, this.operators().length);
      await submit("submitAggregate", [report, signature]);
    } else {
      const signatures = await Promise.all(
        [0, 1, 3].map(async (seat) => {
          const signature = await (this.signers.get(seat) ?? this.operators()[seat])?.signTypedData(typed);
          return compactSignature(signature ?? "0x");
        }),
      );
      const packed: Hex = `0x${signatures.map((each) => each.slice(2)).join("")}`;
      await submit("submit", [report, signers, packed]);
    }
    const [index, acceptedAt] = (await system.read("HeartbeatOracle", "latest")) as [number, number];
    const { root, leafCount, manifest } = report;
    const header = { index, epoch, root, threshold, leafCount, acceptedAt, manifest };
    return {
      header,
      proofOf: (project: Hex) => {
        const at = leaves.findIndex((leaf) => leaf.project === project);
        return { leaf: leaves[at], proof: tree.getProof(at) };
      },
    };
  }

  /** A report that leaves τ where it is: four of five others survive, as is aimed at. */
  async quietReport(how?: "singly" | "together", submit?: Submit): Promise<void> {
    await this.report(others(5, 4), how, submit);
  }

  async renew(project: Hex, { header, proofOf }: Awaited<ReturnType<AuditedStory["report"]>>): Promise<void> {
    const { leaf, proof } = proofOf(project);
    await this.system.send("relayer", "BudgetVault", "renewLease", [project, header, leaf, proof]);
  }

  /** A milestone with the story's terms. */
  async milestone(change: Partial<Milestone> = {}): Promise<Milestone> {
    return {
      amount: 100n * ONE,
      deadline: (await this.system.now()) + DAY,
      challengeWindow: 0,
      specification: documentHash(specification),
      attestorSet: this.attestorSet,
      attestorSetVersion: 1,
      coSignature: false,
      ...change,
    };
  }

  /**
   * Opens, accepts and funds a project: the payee by its own call or, where its wallet is a contract, by its signature; the
   * anchor by a relayed signature.
   */
  async project(
    payee: { readonly name: DevAccountName; readonly wallet?: Hex },
    milestones: readonly Milestone[],
    options: {
      asset?: Hex;
      team?: Hex;
      initialReports?: number;
      from?: "pool" | "wallet";
      /** Whether people review it: an enclave. */
      reviewed?: boolean;
    } = {},
  ): Promise<{ id: Hex; plan: Plan }> {
    const { system } = this;
    const { reviewed = false } = options;
    this.plans += 1;
    const plan: Plan = {
      version: 1,
      project: zeroWord,
      pool: this.pool,
      reclaimTo: this.pool,
      asset: options.asset ?? this.token,
      payee: payee.wallet ?? devAccount(payee.name).address,
      opener: devAccount("finance").address,
      anchor: devAccount("anchor").address,
      team: options.team ?? zeroWord,
      oracle: system.address(reviewed ? "ReviewCalendar" : "HeartbeatOracle"),
      scoreDefinition,
      leaseReports: reviewed ? 1 : 2,
      initialReports: reviewed ? 1 : (options.initialReports ?? 2),
      maxMissing: 2,
      renewalWindow: RENEWAL_WINDOW_SECONDS,
      acceptBy: (await system.now()) + DAY,
      salt: word(`plan ${this.plans}`),
      milestones: [...milestones],
    };
    const id = planId(this.place("BudgetVault"), plan);
    await system.send("finance", "BudgetVault", "openProject", [plan]);
    const total = milestones.reduce((sum, { amount }) => sum + amount, 0n);
    const terms = { project: id, planVersion: 1, asset: plan.asset, total };
    const asPayee = {
      ...typedDataOf("PayeeAcceptance", this.place("BudgetVault")),
      message: { ...terms, payee: plan.payee },
    };
    const own = payee.wallet === undefined ? "0x" : await devAccount(payee.name).signTypedData(asPayee);
    await system.send(payee.wallet === undefined ? payee.name : "relayer", "BudgetVault", "acceptProject", [
      id,
      0,
      own,
    ]);
    const signature = await devAccount("anchor").signTypedData({
      ...typedDataOf("AnchorAcceptance", this.place("BudgetVault")),
      message: { ...terms, anchor: plan.anchor },
    });
    await system.send("relayer", "BudgetVault", "acceptProject", [id, 1, signature]);
    if (options.from === "wallet") await system.send("finance", "BudgetVault", "fundProject", [id, this.intent()]);
    else await system.send("finance", "BudgetVault", "commitProject", [id]);
    return { id, plan };
  }

  /** Has the attestors in `seats` sign, and relays their proof. */
  async release(
    { id, plan }: { id: Hex; plan: Plan },
    index: number,
    seats: readonly number[],
    about = "done",
    part?: bigint,
  ) {
    const { system } = this;
    const milestone = plan.milestones[index];
    if (milestone === undefined) throw new TypeError(`the plan has no milestone ${index}`);
    const deadline = (await system.now()) + 1_000;
    const claim = { project: id, milestone: index, evidence: word(about), deadline };
    const digest = proofDigest(this.place("BudgetVault"), { plan, milestone }, { ...claim, part });
    this.lastProof = digest;
    const signing = this.attestors.filter((_, seat) => seats.includes(seat));
    const signatures = await Promise.all(signing.map((attestor) => attestor.sign(digest)));
    const bitmap = seats.reduce((bits, seat) => bits | (1n << BigInt(seat)), 0n);
    return part === undefined
      ? system.send("relayer", "BudgetVault", "release", [claim, bitmap, signatures])
      : system.send("relayer", "BudgetVault", "releasePart", [claim, part, bitmap, signatures]);
  }

  /** Releases through running attestor services, as a payee would. */
  async releaseThrough(attestorUrls: readonly string[], project: Hex, milestone: number) {
    const { system } = this;
    const request = { project, milestone, evidence, deadline: (await system.now()) + 1_000 };
    const proof = await collectProof({ client: system.client, vault: this.vault, attestorUrls, request });
    if (proof.complete) {
      await system.send("relayer", "BudgetVault", "release", [proof.claim, proof.attestors, proof.signatures]);
    }
    return proof;
  }

  /** A payee whose contract takes no coin: its payment becomes a claim. @returns the payee, and how it sends it elsewhere. */
  async claimingPayee(amount: bigint): Promise<{ readonly payee: Hex; readonly claim: () => Promise<void> }> {
    const { system } = this;
    const payee = await system.deploy("mocks/ERC1271WalletMock.sol", "ERC1271WalletMock", [
      devAccount("payeeTwo").address,
    ]);
    const project = await this.project({ name: "payeeTwo", wallet: payee }, [await this.milestone({ amount })], {
      asset: coin,
    });
    await this.release(project, 0, [0, 1]);
    const args = [coin, devAccount("payeeOne").address] as const;
    const data = encodeFunctionData({ abi: budgetVaultAbi, functionName: "claim", args });
    return {
      payee,
      claim: async () => {
        await system.call("relayer", payee, "function execute(address,bytes)", [this.vault, data]);
      },
    };
  }

  /** A grant of one withdrawal for a task, used; another one, ended; the task completed. */
  async grantedWithdrawal(): Promise<void> {
    const { system } = this;
    const now = await system.now();
    await system.send("anchor", "Authority", "openTask", [storyTeam, word("pay a supplier"), now + 3_600]);
    const task = Number(
      ((await system.read("Authority", "openTasksOf", [devAccount("anchor").address])) as number[])[0],
    );
    const selector = encodeFunctionData({
      abi: budgetVaultAbi,
      functionName: "withdraw",
      args: [zeroWord, coin, coin, 0n],
    }).slice(0, 10) as Hex;
    const request = { task, target: this.vault, selector, notBefore: now, notAfter: now + 600, cap: 0 };
    const toAgent = { ...request, grantee: devAccount("agent").address, uses: 1 };
    await system.send("granter", "Authority", "grant", [toAgent]);
    const withdrawal = [this.pool, this.token, devAccount("stewardOne").address, 5n * ONE] as const;
    await system.send("agent", "BudgetVault", "withdraw", withdrawal);
    const toSteward = { ...request, grantee: devAccount("stewardOne").address, uses: 0 };
    await system.send("granter", "Authority", "grant", [toSteward]);
    await system.send("stewardOne", "BudgetVault", "withdraw", withdrawal);
    await system.send("anchor", "Authority", "endGrant", [toSteward.grantee, this.vault, selector]);
    await system.send("anchor", "Authority", "completeTask", [task]);
  }

  /** A second anchor is enrolled, approves, and is removed by a quorum; a third resigns. */
  async anchorsComeAndGo(): Promise<void> {
    const { system } = this;
    await this.enrolAnchor("stewardTwo");
    await system.send("anchor", "Anchors", "checkIn", []);
    const operation = await system.read("Anchors", "removalOperation", [devAccount("stewardTwo").address]);
    await system.send("anchor", "Anchors", "approve", [operation]);
    await system.send("stewardTwo", "Anchors", "approve", [operation]);
    await system.send("relayer", "Anchors", "remove", [devAccount("stewardTwo").address]);
    await this.enrolAnchor("seatThree");
    await system.send("seatThree", "Anchors", "resign", []);
  }

  /** The project's score falls, and rises by more than is stored at once: the report after confirms it. */
  private async suddenRise(project: Hex): Promise<void> {
    for (const tenths of [6n, 10n, 10n]) {
      const scored = { project, outcome: 1, score: tenths * 10n ** 17n } as const;
      await this.renew(project, await this.report([scored, ...others(4, 3)]));
    }
  }

  /** Everything, in an order in which leases hold where they must and run out where they must. */
  async tell(): Promise<{ readonly lively: Hex; readonly silent: Hex }> {
    const { system } = this;
    const held = await this.milestone({ challengeWindow: 30 });
    const lively = await this.project({ name: "payeeOne" }, [await this.milestone(), held, await this.milestone()]);
    const silent = await this.project({ name: "payeeTwo" }, [await this.milestone()], {
      initialReports: 1,
      from: "wallet",
    });
    await this.release(lively, 0, [0, 1]);
    await this.release(lively, 1, [1, 2], "first try");
    await system.send("anchor", "BudgetVault", "overturn", [lively.id, 1, word("not so")]);
    await this.release(lively, 1, [0, 2], "second try");

    const first = await this.report([
      { project: lively.id, outcome: 1, score: 9n * 10n ** 17n },
      { project: silent.id, outcome: 1, score: 1n * 10n ** 17n },
      ...others(3, 3),
    ]);
    await this.renew(lively.id, first);
    await system.send("relayer", "BudgetVault", "pay", [lively.id, 1]);
    const missed = [
      { project: lively.id, outcome: 2, score: 0n },
      { project: silent.id, outcome: 1, score: 2n * 10n ** 17n },
    ] as const;
    const second = await this.report([...missed, ...others(4, 4)], "together");
    await this.renew(lively.id, second);
    await system.send("relayer", "BudgetVault", "reclaim", [silent.id]);
    await this.suddenRise(lively.id);

    await (await this.claimingPayee(ONE)).claim();
    await this.grantedWithdrawal();
    await system.send("finance", "TestToken", "mint", [this.vault, 3n * ONE]);
    await system.send("relayer", "BudgetVault", "creditSurplus", [this.pool, this.token]);
    const other = await this.openPool("other", "stewardOne");
    await system.send("finance", "BudgetVault", "movePool", [this.pool, other, this.token, 7n * ONE]);
    await system.send("finance", "BudgetVault", "closePool", [other]);
    const short = await this.project({ name: "payeeOne" }, [
      await this.milestone({ deadline: (await system.now()) + 20 }),
    ]);
    await system.travelTo((await system.now()) + 21);
    await system.send("relayer", "BudgetVault", "reclaimMilestone", [short.id, 0]);
    await new AgreementChapter(this).tell();
    await new PartChapter(this).tell();
    await new ForkChapter(this).tell();
    await this.anchorsComeAndGo();
    await new PolicyChapter(this).tell();
    await new SafetyChapter(this).tell();
    await new EnclaveChapter(this).tell();
    await system.send("attestorOwner", "BudgetVault", "revokeAttestor", [this.attestorSet, 1, 1n]);
    await new OperatorChapter(this).tell();
    await new RefundChapter(this).tell();
    await new ChallengeChapter(this).tell();
    return { lively: lively.id, silent: silent.id };
  }
}
