import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { heartbeatOracleAbi, iHeartbeatOracleAbi } from "../../src/chain/abi.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { documentHash } from "../../src/core/documents/document-hash.ts";
import type { Hex } from "../../src/core/hex.ts";
import { operatorSource } from "../../src/oracle/bundle/bundle-source.ts";
import { replayEpoch } from "../../src/oracle/replay/replay-epoch.ts";
import type { Ruleset } from "../../src/oracle/rulesets/ruleset.ts";
import { scoringCodeDigest } from "../../src/oracle/scoring/golden-epoch.ts";
import { currentScoring } from "../../src/oracle/scoring/scorings.ts";
import { loadKeccakHasher } from "../../src/oracle/tree/keccak-hasher.ts";
import { callRpc } from "../../src/stack/json-rpc.ts";
import { openingOf, projectId, vaultCode } from "../support/many-projects-vault.ts";
import { oracleCommandIn, replayServed } from "../support/oracle-evidence.ts";
import {
  acceptedLog,
  eventually,
  operatorNames,
  publishRuleset,
  startOracleNetwork,
  type OperatorName,
  type OperatorProcess,
  type OracleNetwork,
} from "../support/oracle-network.ts";

/** Whose program nobody upgrades. */
const LEFT_BEHIND: OperatorName = "operatorFour";
const upgrade = fileURLToPath(new URL("../support/program-of-next-scoring.ts", import.meta.url));
const secondVault: Hex = `0x${"5e".repeat(20)}`;

let network: OracleNetwork;
let oracle: Hex;
let firstVault: Hex;
let mandate: ReturnType<typeof oracleCommandIn>;
const operators = new Map<OperatorName, OperatorProcess>();

function operator(name: OperatorName): OperatorProcess {
  const found = operators.get(name);
  if (found === undefined) throw new Error(`${name} does not run`);
  return found;
}

/** The first one has the directory to which documents are published, the others have each their own. */
const documentsOf = (name: OperatorName): string =>
  join(network.directory, name === "operatorOne" ? "documents" : `${name}-documents`);

/** Names a ruleset from an epoch on; its document is given to one operator alone. */
async function schedule(changes: Partial<Ruleset> & Pick<Ruleset, "vaults">, fromEpoch: number): Promise<Hex> {
  const { hash } = await publishRuleset(network.directory, changes);
  const args = [hash, fromEpoch, devAccount("anchor").address];
  await network.write("governor", oracle, iHeartbeatOracleAbi, "scheduleRuleset", args);
  return hash;
}

/** The report of the running epoch, once its time has come and it is accepted. */
async function reportOfRunningEpoch() {
  const epoch = await network.runningEpoch();
  await network.jumpTo(await network.endOf(epoch));
  await eventually(`the report of epoch ${epoch} is accepted`, async () =>
    (await network.lastEpoch()) === epoch ? true : undefined,
  );
  const { leafCount, signers } = (await acceptedLog(network, epoch)).args;
  return { epoch, leafCount, signers };
}

const logged = (name: OperatorName, text: string): readonly string[] =>
  operator(name).log.filter((line) => line.includes(text));

beforeAll(async () => {
  network = await startOracleNetwork({ hosts: [], repositories: {} }, { epochSeconds: 100, reportDeadlineSeconds: 90 });
  const { HeartbeatOracle, BudgetVault } = network.deployment.contracts;
  [oracle, firstVault] = [HeartbeatOracle, BudgetVault];
  mandate = oracleCommandIn(network.directory);
  await network.openProject({ title: "one" });
  await callRpc(network.chain.rpcUrl, "anvil_setCode", [secondVault, vaultCode(oracle)]);
  const [from] = (await callRpc(network.chain.rpcUrl, "eth_accounts", [])) as Hex[];
  const opening = { from, to: secondVault, data: openingOf(projectId(0, {})), gas: "0x30d40" };
  await callRpc(network.chain.rpcUrl, "eth_sendTransaction", [opening]);
  for (const name of operatorNames) {
    const launch = name === LEFT_BEHIND ? {} : { nodeArguments: ["--import", upgrade] };
    operators.set(name, await network.start(name, { documents: documentsOf(name) }, launch));
  }
  await network.jumpTo(await network.endOf(await network.runningEpoch())); // set and ruleset begin with the next one
});
afterAll(async () => {
  await network.stop();
  rmSync(network.directory, { recursive: true, force: true });
});

describe("a network whose rules change while its operators run on", () => {
  it("given a second vault from an epoch on, no epoch is missed, and its projects are scored from that epoch on", async () => {
    const first = await reportOfRunningEpoch();
    expect(first.leafCount).toBe(1);
    const running = await network.runningEpoch();
    const hash = await schedule({ vaults: [firstVault, secondVault] }, running + 1);
    const before = await reportOfRunningEpoch();
    const after = await reportOfRunningEpoch();
    expect([before, after]).toMatchObject([
      { epoch: running, leafCount: 1 },
      { epoch: running + 1, leafCount: 2 },
    ]);
    for (const name of operatorNames) expect(readdirSync(documentsOf(name))).toContain(`${hash}.json`);
    await reportOfRunningEpoch();
    for (const { epoch } of [before, after]) {
      const replayed = await replayServed(network, operator("operatorTwo").url, epoch);
      expect(replayed).toMatchObject({ verdict: "reproduced", difference: null });
      expect(replayed.checks).toContainEqual(expect.objectContaining({ name: "chain ruleset", status: "ok" }));
    }
  });

  it("given evidence of another ruleset than the chain named, a replay says so", async () => {
    const { client, deployment } = network;
    /** The endpoint of a chain that named another one. */
    const elsewhere = {
      ...client,
      readContract: (call: Parameters<typeof client.readContract>[0]) =>
        call.functionName === "ruleset" ? Promise.resolve([documentHash("another"), 1]) : client.readContract(call),
    } as typeof client;
    const epoch = (await network.lastEpoch()) - 1;
    const replayed = await replayEpoch({
      epoch,
      source: operatorSource(operator("operatorTwo").url, epoch, 10_000),
      keccak: await loadKeccakHasher(),
      chain: () => ({ client: elsewhere, fromBlock: deployment.fromBlock }),
    });
    expect(replayed).toMatchObject({
      verdict: "differs",
      difference: expect.stringMatching(/^chain ruleset: /) as string,
    });
  });

  it("iOP-040: given a new way to score, who has no program for it says so epochs ahead and takes no part, and reports go on", async () => {
    const keccak = await loadKeccakHasher();
    const scoring = scoringCodeDigest(keccak, {
      ...currentScoring,
      versions: { ...currentScoring.versions, scoring: "next" },
    });
    const set = await network.client.readContract({
      address: oracle,
      abi: heartbeatOracleAbi,
      functionName: "operatorSet",
      args: [await network.runningEpoch()],
    });
    const seat = 1n << BigInt(set.operators.indexOf(devAccount(LEFT_BEHIND).address));
    const fromEpoch = (await network.runningEpoch()) + 2;
    const hash = await schedule({ vaults: [firstVault, secondVault], scoring }, fromEpoch);

    await reportOfRunningEpoch();
    const warning = await eventually("it is warned of what is scheduled", () =>
      logged(LEFT_BEHIND, `will take no part from epoch ${fromEpoch} on`).at(0),
    );
    expect(JSON.parse(warning)).toMatchObject({ level: 40, reason: "scoring-unknown", fromEpoch });
    const { url } = operator(LEFT_BEHIND);
    expect(await mandate("status", "--url", url)).toMatchObject({
      json: { rulesets: { scheduled: { hash, fromEpoch, problem: expect.stringContaining("Upgrade") as string } } },
    });
    const config = ["--config", join(network.directory, `${LEFT_BEHIND}.json`)] as const;
    const checked = await mandate("check", ...config);
    expect(checked.json["checks"]).toContainEqual(
      expect.objectContaining({
        name: "scheduled ruleset",
        warning: true,
        detail: expect.stringContaining("Upgrade") as string,
      }),
    );
    expect(await mandate("status", "--url", operator("operatorOne").url)).toMatchObject({
      json: { rulesets: { scheduled: { hash, problem: null } } },
    });

    await reportOfRunningEpoch(); // the last one by the rules before
    const reports = [await reportOfRunningEpoch(), await reportOfRunningEpoch()];
    expect(reports.map(({ epoch, signers }) => [epoch, signers & seat])).toEqual([
      [fromEpoch, 0n],
      [fromEpoch + 1, 0n],
    ]);
    for (const epoch of [fromEpoch, fromEpoch + 1]) {
      expect(logged(LEFT_BEHIND, `"takes no part in epoch ${epoch}: `)).toHaveLength(1);
    }
    const metrics = await (await fetch(new URL("/metrics", url))).text();
    expect(metrics).toContain('mandate_oracle_ruleset_problem{of="due"} 1');
    expect((await mandate("check", ...config)).code).toBe(1);
    expect(await mandate("dry-run", ...config)).toMatchObject({ json: { error: { code: "RulesetNotFollowed" } } });
    expect([...operators.keys()]).toEqual([...operatorNames]);
    for (const each of operators.values()) {
      expect(await Promise.race([each.ended, Promise.resolve("runs on")])).toBe("runs on");
    }
    await expect(replayServed(network, operator("operatorOne").url, fromEpoch)).rejects.toMatchObject({
      code: "BundleOfOtherRules",
    });
  });

  it("given that it is upgraded, it takes part again", async () => {
    await operator(LEFT_BEHIND).end();
    const launch = { nodeArguments: ["--import", upgrade] };
    operators.set(LEFT_BEHIND, await network.start(LEFT_BEHIND, { documents: documentsOf(LEFT_BEHIND) }, launch));
    await operator("operatorThree").end(); // so that a quorum needs it
    expect((await reportOfRunningEpoch()).leafCount).toBe(2);
  });
});
