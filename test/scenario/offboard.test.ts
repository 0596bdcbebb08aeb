/** Offboarding over the real contracts: an address that holds one of everything, interrupted, and one that holds nothing. */
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeFunctionData, keccak256, parseAbi, stringToHex, zeroHash, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { budgetVaultAbi, constitutionAbi, iAuthorityAbi } from "../../src/chain/abi.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { roles } from "../../src/chain/roles.ts";
import { systemClock } from "../../src/core/clock.ts";
import { kinds, type HoldingKind } from "../../src/cli/offboarding/holding.ts";
import { AuditedStory } from "../support/audited-story.ts";
import { nameDelegate } from "../support/operator-keys.ts";
import { rootTeam, storyCone, storyTeam } from "../support/office.ts";
import { runMandate, startMandate, type Ran } from "../support/run-mandate.ts";

const leaver = devAccount("granter").address;
const anchor = devAccount("anchor").address;
const coin: Hex = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE";
const ONE = 10n ** 18n;
const word = (text: string): Hex => keccak256(stringToHex(text));
const adminDelaySeconds = 60;
const timelockAbi = parseAbi(["function grantRole(bytes32 role, address account)"]);
const proposerRole = keccak256(stringToHex("PROPOSER_ROLE"));

let story: AuditedStory;
let directory: string;
let wallet: Hex;
let thirdTeam: number;
let operation: Hex;
let scheduled: Hex;

interface Answer {
  readonly done: boolean;
  readonly calls: { readonly kind: HoldingKind; readonly id: string; readonly sender: string }[];
  readonly follows: { readonly kind: HoldingKind; readonly id: string }[];
  readonly open: { readonly kind: HoldingKind; readonly what: string }[];
  readonly stays: { readonly kind: HoldingKind; readonly id: string; readonly why: string }[];
  readonly sent: { readonly id: string; readonly outcome: string }[];
}

function answerOf(ran: Ran): Answer {
  if (ran.json === undefined) throw new Error(`no answer: ${ran.err}${ran.out}`);
  return ran.json as Answer;
}

const kindsOf = (holdings: readonly { readonly kind: HoldingKind }[]): HoldingKind[] =>
  [...new Set(holdings.map(({ kind }) => kind))].sort((a, b) => kinds.indexOf(a) - kinds.indexOf(b));

function argsFor(account: string, ...more: readonly string[]): string[] {
  const { system } = story;
  const place = ["--deployment", join(directory, "deployment.json"), "--rpc-url", system.rpcUrl];
  return ["offboard", account, ...place, "--json", ...more];
}

const offboard = (account: string, ...more: readonly string[]): Promise<Ran> =>
  runMandate(...argsFor(account, ...more));

/** Sends a call as a contract, which no key can: the chain is told to let it. */
async function sendAs(from: Hex, to: Hex, data: Hex): Promise<void> {
  const { system } = story;
  await system.rpc("anvil_setBalance", from, "0x8ac7230489e80000");
  await system.rpc("anvil_impersonateAccount", from);
  const hash = (await system.rpc("eth_sendTransaction", { from, to, data })) as Hex;
  const receipt = await system.client.waitForTransactionReceipt({ hash });
  await system.rpc("anvil_stopImpersonatingAccount", from);
  if (receipt.status !== "success") throw new Error(`${hash} reverted`);
}

/** Announces a call to the authority as its admin, the timelock, and makes it when the delay is over. */
async function govern(functionName: "grantRole", args: readonly [bigint, Hex, number]): Promise<void> {
  const { system } = story;
  const timelock = system.address("TimelockController");
  const authority = system.address("Authority");
  const data = encodeFunctionData({ abi: iAuthorityAbi, functionName, args });
  const call = [authority, data] as const;
  await sendAs(
    timelock,
    authority,
    encodeFunctionData({ abi: iAuthorityAbi, functionName: "schedule", args: [...call, 0] }),
  );
  await system.travelTo((await system.now()) + adminDelaySeconds + 1);
  await sendAs(timelock, authority, encodeFunctionData({ abi: iAuthorityAbi, functionName: "execute", args: call }));
}

/** Gives the leaver one of everything that an address can hold. */
async function giveEverything(): Promise<void> {
  const { system } = story;
  const vault = system.address("BudgetVault");
  // Another human who governs, with the delay that the authority asks of every admin.
  await govern("grantRole", [roles.ADMIN_ROLE, devAccount("governor").address, adminDelaySeconds]);
  await govern("grantRole", [roles.POLICY_ROLE, leaver, 600]);
  const grantRole = encodeFunctionData({ abi: timelockAbi, functionName: "grantRole", args: [proposerRole, leaver] });
  const timelock = system.address("TimelockController");
  await sendAs(timelock, timelock, grantRole);

  await story.enrolAnchor("granter");
  const cones = [{ maxImpact: 0, scopes: 0, minReversibility: 100 }, storyCone];
  const place = stringToHex("G1.U1.P9", { size: 32 });
  await system.send("governor", "Teams", "openTeam", [place, leaver, cones, 1, [rootTeam], 7, zeroHash]);
  thirdTeam = Number(await system.read("Teams", "teamCount"));
  await system.send("governor", "Teams", "addMember", [storyTeam, leaver, zeroHash]);
  await system.send("anchor", "Anchors", "setSubstitute", [leaver]);
  await system.send("governor", "Membership", "seat", [leaver]);
  const names = ["operatorOne", "operatorTwo", "operatorThree", "operatorFour"] as const;
  const operators = [...names.map((name) => devAccount(name).address), leaver].sort((a, b) =>
    a.toLowerCase() < b.toLowerCase() ? -1 : 1,
  );
  const running = Number(await system.read("HeartbeatOracle", "epochAt", [await system.now()]));
  await system.send("governor", "HeartbeatOracle", "scheduleOperatorSet", [operators, running + 1, leaver]);
  await system.send("governor", "HeartbeatOracle", "scheduleRuleset", [word("its ruleset"), running + 1, leaver]);
  const attestors = [leaver, devAccount("attestorOne").address].sort((a, b) => (keccak256(a) < keccak256(b) ? -1 : 1));
  await system.send("attestorOwner", "BudgetVault", "createAttestorSet", [word("with the leaver"), attestors, 1]);
  await system.send("granter", "BudgetVault", "createAttestorSet", [word("its own"), attestors.slice(0, 1), 1]);
  await story.openPool("its pool", "granter");
  await story.project({ name: "granter" }, [await story.milestone()]);

  const now = await system.now();
  await system.send("granter", "Authority", "openTask", [thirdTeam, word("its own task"), now + 3_600]);
  await system.send("anchor", "Authority", "openTask", [storyTeam, word("a task for it"), now + 3_600]);
  const task = Math.max(...((await system.read("Authority", "openTasksOf", [anchor])) as number[]).map(Number));
  const beyond = [story.pool, story.token, leaver, 4_000n * 10n ** 6n * ONE] as const;
  const withdrawal = encodeFunctionData({ abi: budgetVaultAbi, functionName: "withdraw", args: beyond });
  const selector = withdrawal.slice(0, 10) as Hex;
  const request = {
    task,
    grantee: leaver,
    target: vault,
    selector,
    notBefore: now,
    notAfter: now + 3_000,
    uses: 0,
    cap: 0,
  };
  await system.send("granter", "Authority", "grant", [request]);
  await system.send("granter", "Escalations", "open", [vault, withdrawal, zeroHash, zeroHash]);
  operation = (await system.read("Authority", "hashOperation", [leaver, vault, withdrawal])) as Hex;

  const constitution = system.address("Constitution");
  const change = [word("cone.maxImpact"), 1n, zeroHash] as const;
  const proposal = encodeFunctionData({ abi: constitutionAbi, functionName: "proposeChange", args: change });
  await system.send("granter", "Authority", "schedule", [constitution, proposal, 0]);
  scheduled = (await system.read("Authority", "hashOperation", [leaver, constitution, proposal])) as Hex;

  // Money that cannot be pushed to its payee: a contract that takes no coin.
  wallet = await system.deploy("mocks/ERC1271WalletMock.sol", "ERC1271WalletMock", [devAccount("payeeTwo").address]);
  const project = await story.project({ name: "payeeTwo", wallet }, [await story.milestone({ amount: 7n })], {
    asset: coin,
  });
  await story.quietReport(); // while the oracle is stale, payments wait for a co-signature
  await story.release(project, 0, [0, 1]);
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "mandate-offboard-"));
  story = await AuditedStory.begin();
  await giveEverything();
  writeFileSync(join(directory, "deployment.json"), JSON.stringify(story.system.deployment));
});
afterAll(async () => {
  await story.system.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** What the contracts themselves still say of the leaver, without the command that is tested. */
async function leftOnChain(): Promise<string[]> {
  const { system } = story;
  const held: string[] = [];
  const say = async (what: string, is: Promise<unknown>): Promise<void> => {
    if ((await is) === true) held.push(what);
  };
  for (const [name, id] of Object.entries(roles)) {
    await say(
      name,
      system.read("Authority", "hasRole", [id, leaver]).then((answer) => (answer as [boolean])[0]),
    );
  }
  await say("seat", system.read("Membership", "isSeated", [leaver]));
  await say("member", system.read("Teams", "isMember", [storyTeam, leaver]));
  await say(
    "team",
    system.read("Teams", "anchorOf", [thirdTeam]).then((found) => found === leaver),
  );
  await say(
    "anchor",
    system.read("Anchors", "statusOf", [leaver]).then((status) => [1, 2, 3].includes(Number(status))),
  );
  await say(
    "tasks",
    system.read("Authority", "openTasksOf", [leaver]).then((tasks) => (tasks as number[]).length > 0),
  );
  await say(
    "operation",
    system.read("Authority", "getSchedule", [scheduled]).then((at) => Number(at) > 0),
  );
  await say(
    "escalation",
    system
      .read("Escalations", "getEscalation", [operation])
      .then((found) => [1, 2].includes((found as { status: number }).status)),
  );
  return held;
}

describe("offboarding", () => {
  it("given an address that holds nothing, it says so and that the record is complete", async () => {
    const nobody = `0x${"12".repeat(20)}`;
    const ran = await offboard(nobody, "--as", "governor", "--yes");
    expect(ran.code).toBe(0);
    expect(answerOf(ran)).toMatchObject({ done: true, calls: [], follows: [], open: [], stays: [], sent: [] });
  });

  it("given a payee with a claim, its money is listed and never ended", async () => {
    const answer = answerOf(await offboard(wallet, "--as", "governor", "--yes"));
    expect(answer.done).toBe(true);
    expect(answer.stays.map(({ kind, why }) => [kind, why])).toContainEqual(["claim", "it is its money"]);
  });

  it("given one of everything, the plan names each and who ends it, and without --yes nothing is sent", async () => {
    const before = await story.system.client.getBlockNumber();
    const ran = await offboard("granter", "--as", "governor");
    expect(ran.code).toBe(0);
    const answer = answerOf(ran);
    expect(await story.system.client.getBlockNumber()).toBe(before);
    expect(answer.done).toBe(false);
    expect(answer.open.map(({ kind }) => kind)).toEqual(["team-anchor", "operator", "ruleset"]); // no successor is named
    const everything = kindsOf([...answer.calls, ...answer.follows, ...answer.open, ...answer.stays]);
    expect(everything).toEqual(kinds.filter((kind) => kind !== "fork" && kind !== "claim"));
    const senderOf = (kind: HoldingKind) => answer.calls.find((each) => each.kind === kind)?.sender;
    const governor = devAccount("governor").address.toLowerCase();
    expect([senderOf("team-member"), senderOf("seat"), senderOf("role")]).toEqual([governor, governor, governor]);
    expect(senderOf("attestor")).toBe(devAccount("attestorOwner").address.toLowerCase());
    expect(senderOf("anchor")).toBe(anchor.toLowerCase());
  });

  it("given it is killed after its first transaction, a second run goes on, and each sender is asked for its own part", async () => {
    const { system } = story;
    const block = async (): Promise<number> => Number(await system.rpc("eth_blockNumber"));
    const before = await block();
    const killed = startMandate(argsFor("granter", "--successor", "anchor", "--as", "governor", "--yes"));
    const closed = once(killed, "close");
    for (let waits = 0; waits < 3_000 && (await block()) === before; waits += 1) {
      await systemClock.sleep(10);
    }
    killed.kill("SIGKILL");
    await closed;
    expect(await block()).toBeGreaterThan(before);
    expect(await leftOnChain()).toEqual(expect.arrayContaining(["GRANTER_ROLE", "anchor", "tasks"]));

    const second = await offboard("granter", "--successor", "anchor", "--as", "governor", "--yes");
    expect(second.code).toBe(1);
    expect(
      answerOf(second)
        .sent.filter(({ outcome }) => outcome === "announced")
        .map(({ id }) => id),
    ).toContain(`role/${roles.GRANTER_ROLE}`);
    expect(await leftOnChain()).not.toContain("seat");
    expect(await leftOnChain()).not.toContain("member");
    expect(await leftOnChain()).not.toContain("team");

    const early = answerOf(await offboard("granter", "--successor", "anchor", "--as", "governor", "--yes"));
    expect(early.sent.map(({ outcome }) => outcome)).toEqual(["waiting", "waiting"]);
    await system.travelTo((await system.now()) + adminDelaySeconds);
    const late = answerOf(await offboard("granter", "--successor", "anchor", "--as", "governor", "--yes"));
    expect(kindsOf(late.calls)).not.toContain("role");

    const byAnchor = answerOf(await offboard("granter", "--successor", "anchor", "--as", "anchor", "--yes"));
    expect(byAnchor.sent.filter(({ outcome }) => outcome === "ended").map(({ id }) => id)).toContain("anchor");
    const byOwner = answerOf(await offboard("granter", "--as", "attestorOwner", "--yes"));
    expect(kindsOf(byOwner.calls)).toEqual(
      ["attestor", "timelock-role"].filter((kind) => kindsOf(byOwner.calls).includes(kind as HoldingKind)),
    );
  });

  it("given what only others sign, the exported batch ends it, and nothing is left but what it says stays", async () => {
    const file = join(directory, "batch.json");
    const planned = answerOf(await offboard("granter", "--out", file));
    const batch = JSON.parse(readFileSync(file, "utf8")) as {
      parts: { from: Hex; eip5792: { calls: { to: Hex; data: Hex }[] }; safe: { transactions: unknown[] } }[];
    };
    expect(batch.parts.flatMap(({ eip5792 }) => eip5792.calls)).toHaveLength(planned.calls.length);
    for (const { from, eip5792, safe } of batch.parts) {
      expect(safe.transactions).toHaveLength(eip5792.calls.length);
      for (const { to, data } of eip5792.calls) await sendAs(from, to, data);
    }
    const last = await offboard("granter", "--as", "governor", "--yes");
    const answer = answerOf(last);
    expect(last.code).toBe(0);
    expect(answer).toMatchObject({ done: true, calls: [], open: [] });
    expect(answer.follows).toEqual([]); // the epoch of the operator set without it has begun
    expect(kindsOf(answer.stays)).toEqual(["attestor-set", "pool", "project"]);
    expect(await leftOnChain()).toEqual([]);
  });

  it("given who signs in an operator's seat, that operator has to name another one", async () => {
    const { system } = story;
    const operator = devAccount("operatorOne");
    const delegate = privateKeyToAccount(`0x${"d3".repeat(32)}`);
    await nameDelegate(system, operator, delegate, 0n);
    await system.send("relayer", "HeartbeatOracle", "rotate", [operator.address]);
    const { open, done } = answerOf(await offboard(delegate.address, "--as", "governor", "--yes"));
    expect([done, open.map(({ kind, what }) => [kind, what])]).toEqual([
      false,
      [["operator", expect.stringContaining(`${operator.address.toLowerCase()} has to name another`) as unknown]],
    ]);
  });
});
