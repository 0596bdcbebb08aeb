/** The chapter of the audited story in which policy changes, limits are crossed, and people decide. */
import { encodeFunctionData, keccak256, stringToHex, toFunctionSelector, zeroAddress, type Abi } from "viem";
import { budgetVaultAbi } from "../../src/chain/abi.ts";
import { devAccount, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import type { Hex } from "../../src/core/hex.ts";
import { parameterIds } from "../../src/org/policy/parameters.ts";
import type { AuditedStory } from "./audited-story.ts";
import { rootTeam, storyCone, storyPlace, storyTeam, testTokenRate } from "./office.ts";

const ONE = 10n ** 18n;
const UNIT = 10_000;
const DAY = 86_400;
const CHANGE_DELAY_SECONDS = 60;
const IMPACT_ASSET_AMOUNT = 4;
const word = (text: string): Hex => keccak256(stringToHex(text));
const inSlot = (text: string): Hex => stringToHex(text, { size: 32 });
const withdrawal = "withdraw(bytes32,address,address,uint256)";

/** Tells the chapter, on top of a story whose office stands. */
export class PolicyChapter {
  private readonly story: AuditedStory;
  private task = 0;

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

  /** The root office gets an anchor of its own, who names a substitute; teams open, change and close. */
  private async teams(): Promise<void> {
    await this.story.enrolAnchor("strategyAnchor");
    await this.story.enrolAnchor("legalAnchor");
    const root = devAccount("strategyAnchor").address;
    const legal = devAccount("legalAnchor").address;
    await this.send("governor", "Teams", "setAnchor", rootTeam, root, word("a root of its own"));
    await this.send("strategyAnchor", "Anchors", "setSubstitute", legal);
    const cones = [{ maxImpact: 0, scopes: 0, minReversibility: 100 }, { ...storyCone }];
    const open = (place: string) =>
      this.send("governor", "Teams", "openTeam", inSlot(place), legal, cones, 1, [rootTeam], 0b100, word(place));
    await open("G1.U1.P5");
    await open("G1.U1.P7");
    const [legalTeam, other] = [storyTeam + 1, storyTeam + 2];
    await this.send("governor", "Teams", "setPath", legalTeam, [storyTeam, rootTeam], word("over finance"));
    await this.send("governor", "Teams", "setTriggers", legalTeam, 0b110, word("stricter"));
    const narrower = [cones[0], { ...storyCone, maxImpact: 1_000 * UNIT }, { ...storyCone }];
    await this.send("governor", "Teams", "setCones", legalTeam, narrower, word("three tiers"));
    const agent = devAccount("agent").address;
    await this.send("governor", "Teams", "addMember", storyTeam, agent, word("hired"));
    await this.send("governor", "Teams", "addMember", legalTeam, agent, word("lent"));
    await this.send("governor", "Teams", "removeMember", legalTeam, agent, word("returned"));
    await this.send("governor", "Teams", "closeTeam", other, word("merged"));
  }

  /** Parameters change with consents and delays; a team makes itself stricter at once, and looser after the delay. */
  private async constitution(): Promise<void> {
    const maxImpact = parameterIds["cone.maxImpact"];
    const usable = parameterIds["escalation.usableSeconds"];
    await this.send("governor", "Constitution", "proposeChange", maxImpact, 150_000n * 10_000n, word("careful"));
    await this.send("anchor", "Constitution", "consent", maxImpact, storyTeam);
    await this.send("legalAnchor", "Constitution", "consent", maxImpact, storyTeam + 1);
    await this.send("governor", "Constitution", "proposeChange", usable, 3_600n, word("sooner"));
    await this.send("strategyAnchor", "Constitution", "consent", usable, rootTeam);
    await this.wait(CHANGE_DELAY_SECONDS);
    await this.send("relayer", "Constitution", "enactChange", maxImpact, 0);
    await this.send("relayer", "Constitution", "enactChange", usable, 0);
    const own = (units: number) =>
      this.send("anchor", "Constitution", "setTeamValue", storyTeam, maxImpact, BigInt(units * UNIT), word(`${units}`));
    await own(25);
    await own(40);
    await this.send("strategyAnchor", "Constitution", "cancelChange", maxImpact, storyTeam, word("too much"));
    await own(30);
    await this.wait(CHANGE_DELAY_SECONDS);
    await this.send("relayer", "Constitution", "enactChange", maxImpact, storyTeam);
    const validUntil = (await this.story.system.now()) + 30 * DAY;
    await this.send("finance", "Constitution", "setRate", this.story.token, testTokenRate, validUntil, word("as ever"));
  }

  private registration(signature: string, scope: string) {
    return {
      target: this.story.vault,
      signature,
      impact: IMPACT_ASSET_AMOUNT,
      fixedImpact: 0,
      amountWord: 3,
      assetWord: signature === withdrawal ? 1 : 2,
      scope: inSlot(scope),
      reversibility: 50,
      inverseTarget: zeroAddress,
      inverseSelector: "0x00000000",
    };
  }

  /** Actions get new facts and are retired; a capability gets a second version after its first was granted. */
  private async catalog(): Promise<void> {
    const { system, vault } = this.story;
    const moving = "movePool(bytes32,bytes32,address,uint256)";
    await this.send(
      "governor",
      "ActionCatalog",
      "registerAction",
      this.registration(withdrawal, "budget allocation"),
      word("v2"),
    );
    await this.send(
      "governor",
      "ActionCatalog",
      "registerAction",
      this.registration(moving, "moving budgets"),
      word("new"),
    );
    const [withdraw, move] = [withdrawal, moving].map((each) => ({
      target: vault,
      selector: toFunctionSelector(each),
    }));
    const capability = inSlot("payments");
    await this.send("governor", "ActionCatalog", "defineCapability", capability, [withdraw], word("first"));
    const now = await system.now();
    await this.send("anchor", "Authority", "openTask", storyTeam, word("pay more suppliers"), now + 10 * DAY);
    const open = (await system.read("Authority", "openTasksOf", [devAccount("anchor").address])) as number[];
    this.task = Number(open.at(-1));
    const window = { task: this.task, notBefore: now, notAfter: now + 9 * DAY, uses: 0 };
    const toSteward = { ...window, grantee: devAccount("stewardOne").address, cap: 0 };
    await this.send("granter", "Authority", "grantCapability", capability, [withdraw], toSteward);
    const toAgent = { ...window, ...withdraw, grantee: devAccount("agent").address, cap: 20 * UNIT };
    await this.send("granter", "Authority", "grant", toAgent);
    await this.send("governor", "ActionCatalog", "defineCapability", capability, [withdraw, move], word("second"));
    await this.send("governor", "ActionCatalog", "retireAction", vault, move?.selector, word("not needed"));
  }

  private withdrawalOf(tokens: number) {
    return [this.story.pool, this.story.token, devAccount("stewardOne").address, BigInt(tokens) * ONE] as const;
  }

  private async withdraw(from: DevAccountName, tokens: number): Promise<void> {
    await this.send(from, "BudgetVault", "withdraw", ...this.withdrawalOf(tokens));
  }

  /** Escalates a withdrawal. @returns Its operation. */
  private async escalate(from: DevAccountName, tokens: number): Promise<Hex> {
    const abi: Abi = budgetVaultAbi;
    const data = encodeFunctionData({ abi, functionName: "withdraw", args: this.withdrawalOf(tokens) });
    const { vault, system } = this.story;
    const receipt = await this.send(from, "Escalations", "open", vault, data, word("allow it"), word("the context"));
    const at = system.address("Escalations").toLowerCase();
    return receipt.logs.find(({ address }) => address.toLowerCase() === at)?.topics[1] ?? "0x";
  }

  /** Limits are crossed: one approval is used, one by a substitute, one never; one escalation is rejected, one withdrawn, one denied by silence. */
  private async escalations(): Promise<void> {
    await this.withdraw("agent", 5);
    const beyondCap = await this.escalate("agent", 16);
    await this.send("strategyAnchor", "Escalations", "approve", beyondCap, 0n, word("a good reason"));
    await this.withdraw("agent", 16);
    await this.withdraw("stewardOne", 14);
    const beyondTeam = await this.escalate("stewardOne", 2);
    await this.send("strategyAnchor", "Escalations", "reject", beyondTeam, 0n, word("not today"));
    await this.escalate("stewardOne", 2);
    const { vault } = this.story;
    const data = encodeFunctionData({
      abi: budgetVaultAbi,
      functionName: "withdraw",
      args: this.withdrawalOf(2),
    });
    await this.send("stewardOne", "Escalations", "withdraw", vault, data);
    const forTwo = await this.escalate("stewardOne", 2);
    await this.send("legalAnchor", "Escalations", "approve", forTwo, 0n, word("for the root"));
    await this.withdraw("stewardOne", 2);
    const unused = await this.escalate("stewardOne", 3);
    await this.send("strategyAnchor", "Escalations", "approve", unused, 0n, word("if you must"));
    await this.escalate("stewardOne", 4);
    await this.wait(4 * DAY);
  }

  /** An overturned proof lowers the tier of the team that delivered; the root's anchor raises it. */
  private async ratchet(): Promise<void> {
    // Beyond what the team may decide by itself: the plan has to ask for a co-signature.
    const held = await this.story.milestone({ challengeWindow: 30, coSignature: true });
    const project = await this.story.project({ name: "payeeOne" }, [held], { team: inSlot(storyPlace) });
    await this.story.release(project, 0, [0, 1], "hasty");
    await this.send("anchor", "BudgetVault", "overturn", project.id, 0, word("not delivered"));
    await this.send("strategyAnchor", "Teams", "raiseTier", storyTeam, word("it has learned"));
  }

  async tell(): Promise<void> {
    await this.teams();
    await this.constitution();
    await this.catalog();
    await this.escalations();
    await this.ratchet();
    await this.send("anchor", "Authority", "failTask", this.task, word("suppliers left"));
  }
}
