import { keccak256 } from "viem";
import { beforeEach, describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import { replayAttestorSets, type AttestorSetReplay } from "./attestor-set-replay.ts";
import { recordingContext, type RecordingContext } from "./rule-context.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const account = (n: number): Hex => `0x${n.toString(16).padStart(40, "0")}`;

const [owner, stranger] = [account(1), account(2)];
const members = [account(11), account(12), account(13)].sort((a, b) => (keccak256(a) < keccak256(b) ? -1 : 1));
const [first, second] = [word(100), word(200)];
const start = 1_000;
const delay = 172_800;

const at = (time: number): PlacedLog => ({
  address: account(99),
  topics: [],
  data: "0x",
  logIndex: 0,
  blockNumber: BigInt(time),
  blockTimestamp: BigInt(time),
  transaction: word(time),
});

describe("replayAttestorSets", () => {
  let context: RecordingContext;
  let sets: AttestorSetReplay;

  const common = { attestors: members, threshold: 2, cause: word(0), anchor: owner };
  const create = (attestorSet: Hex, time = start) =>
    sets.created(at(time), { ...common, attestorSet, version: 1, owner });
  const add = (version: number, changes: { activeFrom?: number; anchor?: Hex; attestors?: Hex[] } = {}, time = start) =>
    sets.versionAdded(at(time), { ...common, attestorSet: first, version, activeFrom: time + delay, ...changes });
  const name = (version: number, successor: Hex, successorVersion: number, anchor = owner) =>
    sets.successorNamed(at(start), {
      attestorSet: first,
      version,
      successor,
      successorVersion,
      cause: word(0),
      anchor,
    });
  const revoke = (attestorSet: Hex, version: number, ...seats: bigint[]) => {
    for (const seat of seats) {
      sets.revoked(at(start), { attestorSet, version, seat, cause: word(0), anchor: owner });
    }
  };
  const expected = () => context.findings.map((each) => each.expected);

  beforeEach(() => {
    context = recordingContext(31_337, () => undefined);
    sets = replayAttestorSets(context);
    create(first);
  });

  it("given versions in order, by the owner, that count after the delay, it finds nothing", () => {
    add(2);
    name(2, first, 1);
    add(3);
    create(second);
    expect(context.findings).toEqual([]);
  });

  it("given a version out of order, of a stranger, too early, of an unknown set, or with members out of order, it says so", () => {
    add(3);
    add(4, { anchor: stranger });
    add(5, { activeFrom: start + delay - 1 });
    add(6, { attestors: members.toReversed() });
    sets.versionAdded(at(start), { ...common, attestorSet: word(7), version: 2, activeFrom: start + delay });
    expect(expected()).toEqual([
      "version 2",
      `the set's owner ${owner}`,
      `counts from ${start + delay}`,
      "strictly ascending signers",
      "a known set",
    ]);
  });

  it("given a successor that is unknown, counts later, comes twice, or closes a circle, it says so", () => {
    add(2);
    name(2, second, 1);
    name(1, first, 2);
    name(2, first, 1, stranger);
    name(1, first, 2);
    expect(expected()).toEqual([
      "a successor that exists",
      `a successor that counts at ${start}`,
      `the set's owner ${owner}`,
      "a line without a circle",
      "one successor",
      `a successor that counts at ${start}`,
    ]);
  });

  it("given four successors it finds nothing, given five it does", () => {
    for (let version = 2; version <= 5; version++) {
      add(version);
      name(version, first, version - 1);
    }
    expect(context.findings).toEqual([]);
    add(6);
    name(6, first, 5);
    expect(expected()).toEqual(["4 successors"]);
  });

  it("given k live members the version proves, given fewer its successor, given nobody itself", () => {
    create(second);
    add(2);
    name(2, second, 1);
    const named = { attestorSet: first, version: 2 };
    revoke(first, 2, 0n);
    expect(sets.proving(named)).toEqual(named);
    revoke(first, 2, 1n);
    expect([sets.proving(named), sets.isReachable(named)]).toEqual([{ attestorSet: second, version: 1 }, true]);
    revoke(second, 1, 0n, 2n);
    expect([sets.proving(named), sets.isReachable(named)]).toEqual([named, false]);
    expect(context.findings).toEqual([]);
  });

  it("given a plan on a version before it counts, below k, or with a party on its line, it says so", () => {
    add(2);
    name(2, first, 1);
    const named = { attestorSet: first, version: 2 };
    const [party = stranger] = members;
    sets.requireNameable(at(start + delay), named, [stranger]);
    expect(context.findings).toEqual([]);
    sets.requireNameable(at(start + delay - 1), named, [stranger]);
    sets.requireNameable(at(start + delay), named, [stranger, party]);
    revoke(first, 2, 0n, 1n);
    sets.requireNameable(at(start + delay), named, [stranger]);
    expect(expected()).toEqual([
      `a plan from ${start + delay} on`,
      "attestors who are no party of the plan",
      "2 live attestors",
    ]);
  });
});
