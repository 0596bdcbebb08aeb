import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getAbiItem, toFunctionSelector } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSystem, type SystemHistory } from "../../src/audit/read-system.ts";
import { nodeLogSource, type LogSource, type ReportedLog } from "../../src/audit/reader/log-source.ts";
import { createRpc, type RpcRequest } from "../../src/audit/reader/rpc.ts";
import type { PlacedLog } from "../../src/audit/reader/verified-block.ts";
import { auditedKinds } from "../../src/audit/replay/audited-event.ts";
import { runAudit } from "../../src/audit/run-audit.ts";
import { iBudgetVaultAbi, testTokenAbi } from "../../src/chain/abi.ts";
import { contractKind } from "../../src/chain/contract-kind.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { MandateError } from "../../src/core/errors/mandate-error.ts";
import { journalHeadSlot } from "../../src/core/journal/fold-journal.ts";
import type { Hex } from "../../src/core/hex.ts";
import { AuditedStory } from "../support/audited-story.ts";
import { startWithholdingRpc } from "../support/withholding-rpc.ts";

let story: AuditedStory;
let rpc: RpcRequest;
let authority: Hex;
let clean: SystemHistory;

beforeAll(async () => {
  story = await AuditedStory.begin();
  await story.tell();
  rpc = createRpc(story.system.rpcUrl);
  authority = story.system.address("Authority");
  clean = await readSystem({ rpc, authority });
});
afterAll(() => story.system.stop());

/** A source that changes what the node reports. */
function sourceThat(change: (logs: readonly ReportedLog[], address: Hex) => readonly ReportedLog[]): LogSource {
  const node = nodeLogSource(rpc);
  return { logs: async (address, from, to) => change(await node.logs(address, from, to), address) };
}

const isSame = (a: ReportedLog, b: PlacedLog): boolean => a.blockNumber === b.blockNumber && a.logIndex === b.logIndex;

function withholding(withheld: PlacedLog): LogSource {
  return sourceThat((logs) => logs.filter((log) => !isSame(log, withheld)));
}

/** A node that answers `method` otherwise. */
function nodeThat(method: string, change: (answer: never, params: readonly unknown[]) => unknown): RpcRequest {
  return async (asked, params) => {
    const answer = await rpc(asked, params);
    return asked === method ? change(answer as never, params) : answer;
  };
}

function placeOf({ address, blockNumber, transaction, logIndex }: PlacedLog) {
  return { contract: address, block: String(blockNumber), transaction, logIndex };
}

function firstEvent(name: string): PlacedLog {
  const event = clean.events.find(({ eventName }) => eventName === name);
  if (event === undefined) throw new TypeError(`the story has no ${name}`);
  return event.log;
}

/** Runs the program `mandate` as a person would. */
async function mandate(...args: string[]): Promise<{ code: number; out: string; last: unknown }> {
  const main = new URL("../../src/cli/main.ts", import.meta.url).pathname;
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { maxBuffer: 1 << 24 }, (error, out) => {
      const code = typeof error?.code === "number" ? error.code : 0;
      const last = args.includes("--json")
        ? (JSON.parse(out.trim().split("\n").at(-1) ?? "null") as unknown)
        : undefined;
      resolve({ code, out, last });
    });
  });
}

describe("an audit of a history in which every event happens", () => {
  it("finds nothing, and says what it looked at", async () => {
    const report = await runAudit({ rpc, authority });
    expect(report).toMatchObject({ findings: [], unchecked: [], chainId: 31337, events: clean.events.length });
    expect(report.contracts.map(({ kind, complete }) => `${kind} ${complete}`).sort()).toEqual(
      [...auditedKinds].sort().map((kind) => `${kind} true`),
    );
    expect(report.metrics).toMatchObject({ escalations: 6, escalationsDecided: 6, traced: 0 });
    expect(report.metrics?.escalationLatencyP99Seconds).toBe(259_200); // silence, to the second of the deadline
    const anchor = devAccount("anchor").address.toLowerCase();
    const known = await runAudit({ rpc, authority, hasIdentityRecord: (account) => account === anchor });
    const { decisions = 0, traced = 0, untraced = {} } = known.metrics ?? {};
    expect(traced).toBeGreaterThan(0);
    expect(Object.keys(untraced)).not.toContain(anchor);
    expect(Object.values(untraced).reduce((sum, each) => sum + each, traced)).toBe(decisions);
    // 3 oaths, 4 acceptances of the anchor, 2 reports by 3 operators, and whichever seats the attestor's account has.
    expect(report.signatures.eoa).toBeGreaterThan(13);
    expect(report.signatures.erc1271).toBeGreaterThan(1); // the claiming payee's acceptance, and an attestor
    expect(report.signatures.p256).toBeGreaterThan(0);
  });

  it("given an earlier block, judges the system as it stood then", async () => {
    const { blockNumber } = firstEvent("ProjectReclaimed");
    const before = await runAudit({ rpc, authority, toBlock: blockNumber - 1n });
    expect(before.findings).toEqual([]);
    expect(before.events).toBe(clean.events.filter(({ log }) => log.blockNumber < blockNumber).length);
  });
});

describe("an audit of a source that hides or invents", () => {
  it("given any one event withheld, finds exactly that, by block, transaction and log", async () => {
    for (const { log } of clean.events.filter((_, i) => i % 11 === 4)) {
      const { findings, complete } = await readSystem({ rpc, authority, source: withholding(log) });
      expect(complete).toBe(true);
      expect(findings).toEqual([expect.objectContaining({ rule: "journal-log-withheld", ...placeOf(log) })]);
    }
  });

  it("given several withheld at once, finds each of them", async () => {
    const logs = ["PoolDeposited", "LeaseRenewed", "MilestonePaid"].map(firstEvent);
    const source = sourceThat((reported) => reported.filter((each) => !logs.some((log) => isSame(each, log))));
    const { findings } = await readSystem({ rpc, authority, source });
    expect(new Set(findings.map(({ transaction, logIndex }) => `${transaction} ${logIndex}`))).toEqual(
      new Set(logs.map(({ transaction, logIndex }) => `${transaction} ${logIndex}`)),
    );
  });

  it("given everything withheld of a contract, finds every event of it", async () => {
    const vault = story.vault.toLowerCase();
    const source = sourceThat((logs, address) => (address === vault ? [] : logs));
    const { findings } = await readSystem({ rpc, authority, source });
    expect(findings).toHaveLength(clean.events.filter(({ log }) => log.address === vault).length);
  });

  it("given a node without old state, finds what is withheld by bloom filters and receipts", async () => {
    const latest = `0x${clean.block.number.toString(16)}`;
    const pruned = nodeThat("eth_getProof", (answer, [, , block]) => {
      if (block !== latest) throw new MandateError("RpcFailed", "state is not available", { kind: "environment" });
      return answer;
    });
    const log = firstEvent("MilestonePaid");
    const { findings } = await readSystem({ rpc: pruned, authority, source: withholding(log) });
    expect(findings).toEqual([expect.objectContaining({ rule: "journal-log-withheld", ...placeOf(log) })]);
  });

  it("given an altered event, finds the true one withheld and the other one forged", async () => {
    const log = firstEvent("MilestonePaid");
    const source = sourceThat((logs) => logs.map((each) => (isSame(each, log) ? { ...each, data: "0x01" } : each)));
    const { findings } = await readSystem({ rpc, authority, source });
    expect(findings.map(({ rule }) => rule)).toEqual(["journal-log-withheld", "journal-log-forged"]);
    expect(findings).toEqual([expect.objectContaining(placeOf(log)), expect.objectContaining(placeOf(log))]);
  });

  it("given an invented event, finds it forged", async () => {
    const log = firstEvent("MilestonePaid");
    const source = sourceThat((logs) =>
      logs.flatMap((each) => (isSame(each, log) ? [each, { ...each, logIndex: 99 }] : [each])),
    );
    const { findings } = await readSystem({ rpc, authority, source });
    expect(findings).toEqual([expect.objectContaining({ rule: "journal-log-forged", logIndex: 99 })]);
  });
});

describe("an audit of a node that contradicts itself", () => {
  const isReceipts = "eth_getBlockReceipts";

  it.each([
    [
      "hides a log in its receipts too",
      isReceipts,
      (receipts: { logs: unknown[] }[]) => receipts.map((each) => ({ ...each, logs: [] })),
    ],
    ["changes a header", "eth_getBlockByNumber", (block: object) => ({ ...block, stateRoot: `0x${"11".repeat(32)}` })],
    [
      "changes a transaction's input",
      "eth_getBlockByNumber",
      (block: { transactions: { input?: string }[] }) => ({
        ...block,
        transactions: block.transactions.map((each) =>
          each.input === undefined ? each : { ...each, input: "0x1234" },
        ),
      }),
    ],
  ])("given that it %s, says so and does not judge", async (_what, method, change) => {
    await expect(readSystem({ rpc: nodeThat(method, change as never), authority })).rejects.toMatchObject({
      code: "NodeContradictsItself",
      kind: "environment",
    });
  });

  it("given a storage proof of another value, refuses the proof", async () => {
    const lying = nodeThat("eth_getProof", (answer: { storageProof: { proof: string[] }[] }) => {
      const [storage] = answer.storageProof;
      const flipped = storage?.proof.map((node) => `${node.slice(0, -2)}${node.endsWith("00") ? "01" : "00"}`);
      return { ...answer, storageProof: [{ ...storage, proof: flipped }] };
    });
    await expect(readSystem({ rpc: lying, authority })).rejects.toMatchObject({ code: "TrieProofInvalid" });
  });
});

describe("an audit of what the vault stores and holds", () => {
  const getProject = toFunctionSelector(getAbiItem({ abi: iBudgetVaultAbi, name: "getProject" }));

  /** A node on which a reading function of a contract answers one less. */
  const oneLess = (contract: Hex, signature: string): RpcRequest =>
    nodeThat("eth_call", (answer: Hex, [call]) => {
      const { to, data } = call as { to: string; data: string };
      const asked = to.toLowerCase() === contract.toLowerCase() && data.startsWith(toFunctionSelector(signature));
      return asked && BigInt(answer) > 0n
        ? `0x${(BigInt(answer) - 1n).toString(16).padStart(answer.length - 2, "0")}`
        : answer;
    });

  /** A node on which a reading function of challenges answers one wei more in one of its words. */
  const oneMore = (signature: string, word: number): RpcRequest =>
    nodeThat("eth_call", (answer: Hex, [call]) => {
      const { to, data } = call as { to: string; data: string };
      const challenges = story.system.address("Challenges").toLowerCase();
      if (to.toLowerCase() !== challenges || !data.startsWith(toFunctionSelector(signature))) return answer;
      const more = BigInt(answer) + (1n << BigInt(256 * (Math.floor(answer.length / 64) - 1 - word)));
      return `0x${more.toString(16).padStart(answer.length - 2, "0")}`;
    });

  /** A node on which every project has one unsettled milestone less than it has. */
  const settledMore = (): RpcRequest =>
    nodeThat("eth_call", (answer: Hex, [call]) => {
      const { to, data } = call as { to: string; data: string };
      const asked = to.toLowerCase() === story.vault.toLowerCase() && data.startsWith(getProject);
      const unsettled = Number(`0x${answer.slice(-2)}`);
      return asked && unsettled > 0 ? `${answer.slice(0, -2)}0${unsettled - 1}` : answer;
    });

  it.each([
    ["settled a milestone of which its events say that it waits", "treasury-milestone-status", settledMore],
    ["credits less than its events say", "treasury-credited", () => oneLess(story.vault, "credited(address)")],
    [
      "has less in a pool than its events say",
      "treasury-conservation",
      () => oneLess(story.vault, "poolBalance(bytes32,address)"),
    ],
    ["keeps shorter trips than its events say", "safety-state", () => oneLess(story.vault, "limits()")],
    ["lets less be reclaimed than its events say", "safety-state", () => oneLess(story.vault, "assetSafety(address)")],
    ["has more bonds of challenges than its events say", "challenge-conservation", () => oneMore("books()", 0)],
    ["owes challengers more than its events say", "challenge-conservation", () => oneMore("books()", 1)],
    ["has more in the pot for challenges than its events say", "challenge-conservation", () => oneMore("books()", 2)],
    ["promises more of the pot than its events say", "challenge-conservation", () => oneMore("books()", 3)],
    ["owes a challenger more than its events say", "challenge-conservation", () => oneMore("claimable(address)", 0)],
    ["holds less of a token than it credited", "treasury-solvency", () => oneLess(story.token, "balanceOf(address)")],
  ])("given that it %s, finds %s", async (_what, rule, node) => {
    const { findings } = await runAudit({ rpc: node(), authority });
    expect(findings.length).toBeGreaterThan(0);
    expect(new Set(findings.map((each) => each.rule))).toEqual(new Set([rule]));
  });
});

describe("mandate audit", () => {
  const directory = mkdtempSync(join(tmpdir(), "audit-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("given a clean history, exits 0 and writes the report", async () => {
    const file = join(directory, "report.json");
    const run = await mandate(
      "audit",
      "run",
      "--rpc",
      story.system.rpcUrl,
      "--authority",
      authority,
      "--report",
      file,
      "--json",
    );
    expect(run.code).toBe(0);
    expect(run.last).toMatchObject({ verdict: "clean", findings: [], events: clean.events.length });
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(run.last);
  });

  it("given a node that withholds one log, exits 1 and names it", async () => {
    const log = firstEvent("MilestonePaid");
    const between = await startWithholdingRpc(story.system.rpcUrl);
    between.withhold(
      ({ transactionHash, logIndex }) => transactionHash === log.transaction && Number(logIndex) === log.logIndex,
    );
    try {
      const run = await mandate("audit", "run", "--rpc", between.url, "--authority", authority, "--json");
      expect(run.code).toBe(1);
      expect(run.last).toMatchObject({
        verdict: "findings",
        findings: [{ rule: "journal-log-withheld", ...placeOf(log) }],
      });
    } finally {
      await between.stop();
    }
  });

  it("given no node, exits 3", async () => {
    const run = await mandate("audit", "run", "--rpc", "http://127.0.0.1:9", "--authority", authority, "--json");
    expect(run).toMatchObject({ code: 3, last: { error: { code: "RpcFailed" } } });
  });

  it("given no system, exits 2", async () => {
    expect((await mandate("audit", "run", "--rpc", story.system.rpcUrl)).code).toBe(2);
  });

  it("exports books whose rows sum to what the vault credits", async () => {
    const file = join(directory, "books.csv");
    expect(
      (await mandate("audit", "journal", "--rpc", story.system.rpcUrl, "--authority", authority, "--csv", file)).code,
    ).toBe(0);
    const [header, ...rows] = readFileSync(file, "utf8").trim().split("\n");
    expect(header).toBe("block,timestamp,transaction,logIndex,vault,event,asset,amount,from,to");
    const token = story.token.toLowerCase();
    const credited = rows
      .map((row) => row.split(","))
      .filter(([, , , , , , asset]) => asset === token)
      .reduce((sum, [, , , , , , , amount, from, to]) => {
        const moved = BigInt(amount ?? 0);
        return sum + (from === "outside" ? moved : 0n) - (to === "outside" ? moved : 0n);
      }, 0n);
    const { client } = story.system;
    const at = { address: story.vault, abi: iBudgetVaultAbi } as const;
    expect(credited).toBe(await client.readContract({ ...at, functionName: "credited", args: [story.token] }));
    const balance = {
      address: story.token,
      abi: testTokenAbi,
      functionName: "balanceOf",
      args: [story.vault],
    } as const;
    expect(credited).toBe(await client.readContract(balance));
  });
});

describe("an audit of contracts that are not what they should be", () => {
  /** A registry of one's own, whose administrator needs no delay, with one journal registered as a vault. */
  async function otherSystem(): Promise<{ registry: Hex; journal: Hex }> {
    const { system } = story;
    const deployer = devAccount("deployer").address;
    const registry = await system.deploy("authority/Authority.sol", "Authority", [deployer, 60]);
    const journal = await system.deploy("mocks/JournalMock.sol", "JournalMock", []);
    await system.call("deployer", registry, "function registerContract(address,bytes32)", [
      journal,
      contractKind("BudgetVault"),
    ]);
    return { registry, journal };
  }

  it("given a log that is no event of its contract, finds it undecodable", async () => {
    const { registry, journal } = await otherSystem();
    const topic: Hex = `0x${"ab".repeat(32)}`;
    await story.system.call("deployer", journal, "function record(bytes32[],bytes)", [[topic], "0x"]);
    const { findings } = await readSystem({ rpc, authority: registry });
    expect(findings).toEqual([
      expect.objectContaining({ rule: "journal-log-undecodable", contract: journal.toLowerCase(), actual: topic }),
    ]);
  });

  it("given other code than the registered one, finds it", async () => {
    const { registry, journal } = await otherSystem();
    await story.system.rpc("anvil_setCode", journal, "0x00");
    await story.system.rpc("evm_mine");
    const { findings } = await readSystem({ rpc, authority: registry });
    expect(findings).toEqual([expect.objectContaining({ rule: "registry-code", contract: registry.toLowerCase() })]);
  });

  it("given a head that no event explains, finds the block from which on it differs, and does not replay", async () => {
    const { registry } = await otherSystem();
    const { system } = story;
    // Keeps what it is called with as its head, and logs nothing.
    const runtime = `6000357f${journalHeadSlot.slice(2)}5500`;
    const { contractAddress } = await system.sendData("deployer", `0x60268060095f395ff3${runtime}`);
    const contract = (contractAddress ?? "0x").toLowerCase() as Hex;
    const register = [contract, contractKind("BudgetVault")];
    await system.call("deployer", registry, "function registerContract(address,bytes32)", register);
    const head: Hex = `0x${"cd".repeat(32)}`;
    const { blockNumber } = await system.sendData("deployer", head, contract);
    await system.rpc("evm_mine");
    const report = await runAudit({ rpc, authority: registry });
    const place = { contract, block: String(blockNumber) };
    expect(report.findings).toEqual([expect.objectContaining({ rule: "journal-head", expected: head, ...place })]);
    expect(report.contracts.map(({ complete }) => complete)).toEqual([true, true, false]);
  });

  it("given an address without a contract, says so", async () => {
    const nobody: Hex = "0x00000000000000000000000000000000000000f0";
    await expect(readSystem({ rpc, authority: nobody })).rejects.toMatchObject({
      code: "ContractMissing",
      kind: "input",
    });
  });
});
