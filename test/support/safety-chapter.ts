/** The chapter of the audited story in which limits are met, people trip, co-sign, approve, extend, and anchors reset. */
import { keccak256, stringToHex, toFunctionSelector } from "viem";
import { devAccount, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import type { Hex } from "../../src/core/hex.ts";
import { typedDataOf } from "../../src/core/signing/typed-data.ts";
import { parameterIds, type ParameterName } from "../../src/org/policy/parameters.ts";
import type { AuditedStory } from "./audited-story.ts";
import { rootTeam, storyTeam } from "./office.ts";

const ONE = 10n ** 18n;
const PERCENT = 10n ** 16n;
const DAY = 86_400;
const RULED_SHARE = 40n * PERCENT;
const CHANGE_DELAY_SECONDS = 60;
const RENEWAL_WINDOW_SECONDS = 20;
const coin: Hex = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE";
const word = (text: string): Hex => keccak256(stringToHex(text));

type Opened = Awaited<ReturnType<AuditedStory["project"]>>;

/** Tells the chapter, on top of a story whose root office has an anchor of its own. */
export class SafetyChapter {
  private readonly story: AuditedStory;

  constructor(story: AuditedStory) {
    this.story = story;
  }

  private send(
    from: DevAccountName,
    contract: Parameters<AuditedStory["system"]["send"]>[1],
    name: string,
    ...args: unknown[]
  ) {
    return this.story.system.send(from, contract, name, args);
  }

  private async wait(seconds: number): Promise<void> {
    const { system } = this.story;
    await system.travelTo((await system.now()) + seconds);
  }

  private async constitute(parameter: ParameterName, value: bigint): Promise<void> {
    await this.send("governor", "Constitution", "proposeChange", parameterIds[parameter], value, word("stricter"));
    await this.send("strategyAnchor", "Constitution", "consent", parameterIds[parameter], rootTeam);
  }

  /** A hundredth may leave, or be reclaimed, from here on. */
  private async limits(): Promise<void> {
    const changed = ["breaker.outflowShare", "breaker.reclaimShare"] as const;
    for (const parameter of changed) await this.constitute(parameter, PERCENT);
    await this.wait(CHANGE_DELAY_SECONDS);
    for (const parameter of changed) {
      await this.send("relayer", "Constitution", "enactChange", parameterIds[parameter], 0);
    }
    await this.send("relayer", "CircuitBreaker", "refreshLimits");
  }

  /** Half of the coin is missing: anchors rule what a payee may take of its claim, which gets the rest once the coin is back. */
  private async ruling(): Promise<void> {
    const { system, vault } = this.story;
    const { claim } = await this.story.claimingPayee(ONE / 100n);
    const balance = await system.client.getBalance({ address: vault });
    await system.rpc("anvil_setBalance", vault, `0x${(balance / 2n).toString(16)}`);
    await this.send("relayer", "CircuitBreaker", "showShortfall", coin);
    await this.approve(await system.read("CircuitBreaker", "rulingOperation", [coin, RULED_SHARE]));
    await this.send("relayer", "CircuitBreaker", "ruleShortfall", coin, RULED_SHARE);
    const before = await system.client.getBalance({ address: vault });
    await claim();
    const left = await system.client.getBalance({ address: vault });
    await system.rpc("anvil_setBalance", vault, `0x${(balance - (before - left)).toString(16)}`);
    await claim();
  }

  private async reset(what: "asset" | "oracle", target: Hex): Promise<void> {
    const [name, call] = what === "asset" ? ["resetOperation", "reset"] : ["resetOracleOperation", "resetOracle"];
    await this.approve(await this.story.system.read("CircuitBreaker", name, [target]));
    await this.send("relayer", "CircuitBreaker", call, target);
  }

  /** A quorum of the anchors approves. */
  private async approve(operation: unknown): Promise<void> {
    for (const anchor of ["anchor", "strategyAnchor"] as const)
      await this.send(anchor, "Anchors", "approve", operation);
  }

  /** An anchor co-signs the payment that the last proof is about, by its own call or by a signature, and it is paid. */
  private async coSigned({ id, plan }: Opened, milestone: number, by: DevAccountName, relayed: boolean): Promise<void> {
    const { system, vault, lastProof: proof } = this.story;
    const signer = devAccount(by);
    const amount = plan.milestones[milestone]?.amount ?? 0n;
    const deadline = (await system.now()) + DAY;
    const signature = await signer.signTypedData({
      ...typedDataOf("PaymentApproval", { chainId: system.chainId, verifyingContract: vault }),
      message: { project: id, milestone, payee: plan.payee, asset: plan.asset, amount, proof, deadline },
    });
    const args = [id, milestone, proof, deadline, signer.address, relayed ? signature : "0x"] as const;
    await this.send(relayed ? "relayer" : by, "BudgetVault", "coSign", ...args);
    await this.send("relayer", "BudgetVault", "pay", id, milestone);
  }

  /** A small payment passes, a large one trips the asset; both that wait are co-signed. */
  private async payments(): Promise<void> {
    const { story } = this;
    await story.quietReport();
    const milestones = [await story.milestone({ amount: 10n * ONE }), await story.milestone(), await story.milestone()];
    const project = await story.project({ name: "payeeOne" }, milestones);
    await story.release(project, 0, [0, 1], "small");
    await story.release(project, 1, [0, 1], "large");
    await this.coSigned(project, 1, "anchor", false);
    await story.release(project, 2, [0, 1], "while it is tripped");
    await this.coSigned(project, 2, "strategyAnchor", true);
    await this.reset("asset", story.token);
  }

  /** A guardian trips; half open, a withdrawal trips again, and passes once it is approved. */
  private async withdrawals(): Promise<void> {
    const { system, pool, token, vault } = this.story;
    const now = await system.now();
    await this.send("anchor", "Authority", "openTask", storyTeam, word("pay in a hurry"), now + 5 * DAY);
    const open = (await system.read("Authority", "openTasksOf", [devAccount("anchor").address])) as number[];
    const selector = toFunctionSelector("withdraw(bytes32,address,address,uint256)");
    const grantee = devAccount("agent").address;
    const window = { task: Number(open.at(-1)), notBefore: now, notAfter: now + 5 * DAY, uses: 0, cap: 0 };
    await this.send("granter", "Authority", "grant", { ...window, grantee, target: vault, selector });
    // Half open, a payment leaves little room: what the team may decide in a day is beyond it.
    await this.send("finance", "CircuitBreaker", "trip", token, word("something looks wrong"));
    await this.wait(DAY);
    const { outflowLimit } = (await system.read("BudgetVault", "assetSafety", [token])) as { outflowLimit: bigint };
    const { story } = this;
    await story.quietReport();
    const filling = await story.project({ name: "payeeOne" }, [
      await story.milestone({ amount: outflowLimit - 5n * ONE }),
    ]);
    await story.release(filling, 0, [0, 1], "fills the bucket");
    const withdrawal = [pool, token, devAccount("stewardOne").address, 10n * ONE] as const;
    await this.send("agent", "BudgetVault", "withdraw", ...withdrawal);
    await this.send("anchor", "BudgetVault", "approveWithdrawal", ...withdrawal, now + 4 * DAY);
    await this.wait(DAY); // the team's own limit counts what was held, too
    await this.send("finance", "CircuitBreaker", "trip", token, word("and still does"));
    await this.send("agent", "BudgetVault", "withdraw", ...withdrawal);
    await this.reset("asset", token);
  }

  /** One lease is extended; a reclaim of the other trips the asset, and only the anchor takes it back. */
  private async reclaims(): Promise<Opened> {
    const { story } = this;
    const short = { initialReports: 1 } as const;
    const kept = await story.project({ name: "payeeOne" }, [await story.milestone()], short);
    const lapsed = await story.project({ name: "payeeTwo" }, [await story.milestone()], short);
    await this.send("anchor", "BudgetVault", "extendLease", kept.id, word("its source is being moved"));
    await story.quietReport();
    await this.wait(RENEWAL_WINDOW_SECONDS + 1);
    await this.send("relayer", "BudgetVault", "reclaim", lapsed.id);
    await this.send("anchor", "BudgetVault", "reclaim", lapsed.id);
    await this.reset("asset", story.token);
    return kept;
  }

  /** τ moves too far at once; a guardian trips the oracle as well. */
  private async oracle(kept: Opened): Promise<void> {
    const { story } = this;
    const oracle = story.system.address("HeartbeatOracle");
    await story.report([{ project: word("failing"), outcome: 1, score: 0n }]);
    await story.release(kept, 0, [0, 1], "while the oracle is tripped");
    await this.coSigned(kept, 0, "anchor", false);
    await this.reset("oracle", oracle);
    await this.send("finance", "CircuitBreaker", "tripOracle", oracle, word("scores look wrong"));
    await this.reset("oracle", oracle);
  }

  /** Money is missing, anyone shows it, and it is paid in. */
  private async shortfall(): Promise<void> {
    const { system, vault } = this.story;
    const balance = await system.client.getBalance({ address: vault });
    await system.rpc("anvil_setBalance", vault, `0x${(balance - 1n).toString(16)}`);
    await this.send("relayer", "CircuitBreaker", "showShortfall", coin);
    await system.rpc("anvil_setBalance", vault, `0x${balance.toString(16)}`);
    await this.reset("asset", coin);
  }

  async tell(): Promise<void> {
    await this.limits();
    await this.payments();
    await this.withdrawals();
    await this.oracle(await this.reclaims());
    await this.shortfall();
    await this.ruling();
  }
}
