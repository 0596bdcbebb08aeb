import { expect } from "chai";
import { dataSlice, getCreateAddress, type BaseWallet } from "ethers";
import hre from "hardhat";

import { signingDomains } from "../../../src/core/signing/signed-types.ts";
import { SeededRandom } from "../../../src/core/seeded-random.ts";
import { contradiction } from "../../support/contradiction.ts";
import { delegation } from "../../support/delegation.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { modelAnswers, OperatorSetsModel, type ModelAnswer } from "../../support/operator-sets-model.ts";
import { operatorWallets } from "../../support/oracle.ts";
import { epochEnd, parametersFrom } from "../../support/oracle-stage.ts";
import { groupOrder, keyFrom, registration } from "../../support/schnorr.ts";

const connection = await hre.network.create();
const { ethers, networkHelpers } = connection;
const { chainId } = await ethers.provider.getNetwork();

const STEPS = 90;
/** Secrets of which some add up to nothing, so that sets stop signing together. */
const COLLIDING = [5n, 6n, 11n, groupOrder - 5n, groupOrder - 11n].map(keyFrom);

/** The name of the contract's error, without its prefix. */
async function answerOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "done";
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    const found = /'(?:HeartbeatOracle|OperatorKeys)(\w+)\(/.exec(text);
    if (found?.[1] === undefined) throw thrown;
    return found[1];
  }
}

/** @param count Operators that sets are made of. */
async function deploy(count: number) {
  const [admin, anchor] = await ethers.getSigners();
  if (admin === undefined || anchor === undefined) throw new Error("no accounts");
  const authority = await ethers.deployContract("AuthorityDouble", [admin]);
  const keys = await ethers.deployContract("OperatorKeys", [authority]);
  const domain = { ...signingDomains.OperatorKeys, chainId, verifyingContract: await keys.getAddress() };
  const genesis = (await networkHelpers.time.latest()) + 5_000;
  const parameters = { ...parametersFrom(genesis), operatorKeys: await keys.getAddress() };
  const oracle = await ethers.deployContract("HeartbeatOracle", [authority, parameters]);
  await authority.setAnchorLiveUntil(anchor, genesis + 10_000_000);
  const pool = operatorWallets(count, 100);
  const spare = operatorWallets(STEPS, 1_000);
  return { anchor, keys, domain, genesis, oracle, pool, spare };
}

describe("operator sets, beside a model of them", () => {
  /** What calls ended with. */
  const met = new Set<string>();
  const compare = async (call: Promise<unknown>, want: ModelAnswer): Promise<void> => {
    met.add(want);
    expect(await answerOf(call)).to.equal(want);
  };

  for (const [seed, count, sizes] of [
    [1, 9, [4, 8]],
    [2, 9, [4, 8]],
    [5, 9, [4, 8]],
    [3, 34, [29, 31]],
  ] as const) {
    it(`iOR-004, iOR-010, iOR-011, iOR-012: given ${STEPS} random calls (seed ${seed}, sets of ${sizes.join(" to ")}), every epoch has the set that it should`, async () => {
      const random = new SeededRandom(seed);
      const { anchor, keys, domain, genesis, oracle, pool, spare } = await deploy(count);
      const address = await oracle.getAddress();
      const model = new OperatorSetsModel();
      const wallets = new Map([...pool, ...spare].map((wallet) => [wallet.address, wallet]));
      const walletOf = (account: string): BaseWallet => {
        const found = wallets.get(account);
        if (found === undefined) throw new Error(`whose is ${account}?`);
        return found;
      };
      let secrets = 0n;

      async function register(operator: BaseWallet): Promise<void> {
        secrets += 1n;
        const key = random.chance(0.1) ? random.pick(COLLIDING) : keyFrom(1_000n + secrets);
        await keys.register(...(await registration(domain, operator, key, await keys.nonceOf(operator))).args);
        model.register(operator.address, key);
      }

      async function schedule(): Promise<void> {
        const names = pool.map((each) => each.address);
        const [least, most] = sizes;
        const size = least + random.below(most - least + 1);
        while (names.length > size) names.splice(random.below(names.length), 1);
        const fromEpoch = model.running + 1 + (random.chance(0.5) ? 0 : random.below(6));
        await compare(oracle.scheduleOperatorSet(names, fromEpoch, anchor), model.schedule(names, fromEpoch));
      }

      async function name(operator: BaseWallet): Promise<void> {
        const to = random.chance(0.6)
          ? (spare.pop() ?? operator)
          : walletOf(random.pick([operator.address, random.pick(pool).address, ...model.named]));
        const nonce = await keys.delegationNonceOf(operator);
        const pair = [operator.address, to.address] as const;
        const { args } = await delegation(domain, pair, { by: operator, provedBy: to }, { nonce });
        await compare(keys.delegate(...args), model.name(...pair));
      }

      async function suspend(): Promise<void> {
        const epoch = model.running - random.below(11);
        const set = epoch < 1 ? undefined : model.setFor(epoch);
        if (set === undefined) return;
        const known = set.operators.flatMap((each, seat) => (model.suspended.includes(each) ? [seat] : []));
        const seat = random.chance(0.5) && known.length > 0 ? random.pick(known) : random.below(set.operators.length);
        const holders = set.delegates.map(walletOf);
        const changes = { configuration: set.configuration, epoch };
        const { args } = await contradiction({ oracle, operators: holders }, chainId, seat, changes);
        await compare(oracle.suspend(...args), model.suspend(epoch, seat));
      }

      async function step(): Promise<void> {
        const operator = walletOf(random.pick(model.latest?.operators ?? pool.map((each) => each.address)));
        const roll = random.next();
        if (roll < 0.18) return schedule();
        if (roll < 0.36) return name(operator);
        if (roll < 0.44) return register(operator);
        if (roll < 0.66) return compare(oracle.rotate(operator), model.rotate(operator.address));
        if (roll < 0.78) return suspend();
        if (roll < 0.86) {
          const { address: who } = walletOf(random.pick([operator.address, ...model.suspended]));
          return compare(oracle.reinstate(who, anchor), model.reinstate(who));
        }
        model.running += random.chance(0.2) ? 2 : 1;
        await networkHelpers.time.increaseTo(epochEnd(genesis, model.running - 1));
      }

      async function check(what: string): Promise<void> {
        expect(await ethers.provider.getTransactionCount(address), what).to.equal(model.newest + 1);
        for (let epoch = Math.max(0, model.running - 9); epoch <= model.running + 7; epoch += 1) {
          const found = await oracle.operatorSet(epoch);
          const want = model.setFor(epoch);
          const got = [found.configuration, found.fromEpoch, found.vacant, [...found.operators], [...found.delegates]];
          expect(got, `${what}: epoch ${epoch}`).to.deep.equal(
            want === undefined
              ? [0n, 0n, 0n, [], []]
              : [BigInt(want.configuration), BigInt(want.fromEpoch), want.vacant, want.operators, want.delegates],
          );
        }
        const { latest } = model;
        if (latest === undefined) return;
        const code = await ethers.provider.getCode(getCreateAddress({ from: address, nonce: latest.configuration }));
        const { x, y } = latest.sum?.toAffine() ?? { x: 0n, y: 0n };
        expect([BigInt(dataSlice(code, 32, 64)), BigInt(dataSlice(code, 64, 96))], what).to.deep.equal([x, y]);
        for (const [seat, key] of latest.sum === undefined ? [] : latest.keys.entries()) {
          const start = 128 + 40 * latest.operators.length + 64 * seat;
          const listed = [BigInt(dataSlice(code, start, start + 32)), BigInt(dataSlice(code, start + 32, start + 64))];
          expect(listed, `${what}: key of seat ${seat}`).to.deep.equal([key?.x, key?.y]);
        }
      }

      for (const operator of pool) await register(operator);
      for (let number = 0; number < STEPS; number += 1) {
        await step();
        await check(`step ${number}`);
      }
      await expectJournalComplete(ethers.provider, oracle);
    });
  }

  it("met every answer that the contracts have, so that none of them is untried", () => {
    expect([...met].sort()).to.deep.equal([...modelAnswers].sort());
  });
});
