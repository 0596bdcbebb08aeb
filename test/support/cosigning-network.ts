/** Operators that sign together, without envelopes, disk and network. */
import { concatHex, getContractAddress, numberToHex, padHex } from "viem";
import type { Hex } from "../../src/core/hex.ts";
import { reportQuorum, toleratedFaults } from "../../src/org/quorum.ts";
import type { CosigningMessage, MessageOf } from "../../src/oracle/agreement/message.ts";
import { Cosigning, type CosigningEvent } from "../../src/oracle/cosigning/cosigning.ts";
import { setKeysOf, type SetKeys } from "../../src/oracle/cosigning/set-keys.ts";
import type { OperatorSet } from "../../src/oracle/epochs/oracle-chain.ts";
import { groupOrder, keyFrom, modulo, schnorrKeys, type SchnorrKey } from "./schnorr.ts";

export const EPOCH = 7;
export const digest: Hex = `0x${"d1".repeat(32)}`;
export const otherDigest: Hex = `0x${"d2".repeat(32)}`;
export const STARTED_AT = 1_000;
export const schedule = { attemptSeconds: 10, waitSeconds: 5 };

export function operatorSet(count: number, vacant: readonly number[] = []): OperatorSet {
  const addresses = (from: Hex): readonly Hex[] =>
    Array.from({ length: count }, (_, n) => getContractAddress({ from, nonce: BigInt(n) }).toLowerCase() as Hex);
  const seats = addresses(`0x${"0a".repeat(20)}`);
  const names = addresses(`0x${"0b".repeat(20)}`);
  const operators = seats.filter((_, seat) => !vacant.includes(seat));
  return { configuration: 1, faults: toleratedFaults(count), quorum: reportQuorum(count), seats, operators, names };
}

/** Code of a set's table, as `OperatorTable.sol` writes it. */
export function tableCode({ seats, operators, names }: OperatorSet, keys: readonly SchnorrKey[] | undefined): Hex {
  const point = ({ x, y }: { x: bigint; y: bigint }): Hex =>
    concatHex([numberToHex(x, { size: 32 }), numberToHex(y, { size: 32 })]);
  const secret = (keys ?? []).reduce((sum, each) => modulo(sum + each.secret, groupOrder), 0n);
  const vacant = seats.reduce((all, each, seat) => (operators.includes(each) ? all : all | (1n << BigInt(seat))), 0n);
  return concatHex([
    padHex(numberToHex(seats.length), { size: 32 }),
    keys === undefined ? padHex("0x", { size: 64 }) : point(keyFrom(secret)),
    numberToHex(vacant, { size: 32 }),
    ...seats,
    ...names,
    ...(keys ?? []).map(point),
  ]);
}

export class CosigningNode {
  readonly self: Hex;
  readonly said: CosigningMessage[] = [];
  readonly events: CosigningEvent[] = [];
  cosigning: Cosigning;
  signed: Hex | undefined = digest;
  readonly #make: () => Cosigning;

  constructor(self: Hex, set: OperatorSet, key: SchnorrKey) {
    this.self = self;
    this.#make = () =>
      new Cosigning({
        ...{ epoch: EPOCH, self, set, schedule, order: set.operators },
        key: { secret: key.secret, point: { x: key.x, y: key.y } },
        hasSigned: (asked) => asked === this.signed,
        say: (message) => void this.said.push(message),
        onEvent: (event) => void this.events.push(event),
      });
    this.cosigning = this.#make();
  }

  /** The process ends and starts again; what it said is in its journal, unless that is lost as well. */
  restart(hasJournal: boolean): void {
    this.cosigning = this.#make();
    for (const message of hasJournal ? this.said : []) this.cosigning.receive(message);
  }

  saidOf<Kind extends CosigningMessage["kind"]>(kind: Kind): readonly MessageOf<Kind>[] {
    return this.said.filter((each): each is MessageOf<Kind> => each.kind === kind);
  }

  types(): readonly string[] {
    return this.events.map(({ type }) => type);
  }
}

export interface CosigningNetwork {
  readonly set: OperatorSet;
  readonly keys: SetKeys;
  readonly secrets: readonly SchnorrKey[];
  /** In seat order, vacant seats left out. */
  readonly nodes: readonly CosigningNode[];
  node(place: number): CosigningNode;
  /** Everybody has signed alone. */
  begin(nodes?: readonly CosigningNode[]): void;
  /** Brings everything that was said to these, until nobody says anything more. */
  deliver(nodes?: readonly CosigningNode[]): void;
  advance(seconds: number): void;
}

export function cosigningNetwork(count: number, vacant: readonly number[] = []): CosigningNetwork {
  const set = operatorSet(count, vacant);
  const secrets = schnorrKeys(count);
  const keys = setKeysOf(tableCode(set, secrets), set);
  if (keys === undefined) throw new Error("no keys");
  const nodes = set.seats.flatMap((operator, seat) => {
    const key = secrets[seat];
    return key === undefined || vacant.includes(seat) ? [] : [new CosigningNode(operator, set, key)];
  });
  const node = (place: number): CosigningNode => {
    const found = nodes[place];
    if (found === undefined) throw new Error("no such operator");
    return found;
  };
  return {
    ...{ set, keys, secrets, nodes, node },
    begin: (some = nodes) => {
      for (const each of some) each.cosigning.begin(digest, keys, STARTED_AT);
    },
    deliver: (some = nodes) => {
      for (let isNew = true; isNew;) {
        isNew = false;
        for (const message of some.flatMap(({ said }) => [...said]))
          for (const each of some) isNew = each.cosigning.receive(message) || isNew;
      }
    },
    advance: (seconds) => {
      for (const each of nodes) each.cosigning.advanceTo(STARTED_AT + seconds);
    },
  };
}
