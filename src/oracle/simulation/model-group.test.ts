import { describe, expect, it } from "vitest";
import { aggregateMessage } from "../../chain/signature/aggregate-signature.ts";
import type { Hex } from "../../core/hex.ts";
import { NoncePair } from "../cosigning/nonce-pair.ts";
import { Scalars } from "../cosigning/points.ts";
import { Session } from "../cosigning/session.ts";
import { isSignedInModel, modelGroup, ModelKeys } from "./model-group.ts";

const names = [1, 2, 3, 4].map((number): Hex => `0x${number.toString(16).padStart(40, "0")}`);
const set = { seats: names, operators: names, quorum: 3 };
const modelKeys = new ModelKeys(names);
const keys = modelKeys.setKeys(names);
const points = keys.keys;
const digest: Hex = `0x${"ab".repeat(32)}`;

function newGroup(first = 0) {
  let count = first;
  return modelGroup(() => count++);
}

/** The first three seats sign `digest` together. */
function signed() {
  const group = newGroup();
  const pairs = [0, 1, 2].map(() => new NoncePair(group));
  const signers = pairs.map((pair, seat) => ({ seat, ...pair.points }));
  const description = { kind: "session", epoch: 1, operator: names[0] ?? "0x", digest, attempt: 0, signers } as const;
  const opened = Session.open(description, set, keys, group);
  if (!opened.ok) throw new Error(opened.problem);
  const { session } = opened;
  const shares = pairs.map((pair, seat) => session.share(pair, modelKeys.of(names[seat] ?? "0x").secret));
  return { session, shares };
}

describe("the model's group", () => {
  it("given a session of the production's code, shares are those of their seats, and add up to a signature", () => {
    const { session, shares } = signed();
    expect(shares.map((share, seat) => session.isShareOf(seat, share))).toEqual([true, true, true]);
    expect(session.isShareOf(0, shares[1] ?? "0x")).toBe(false);
    const aggregate = session.combine(shares);
    if (aggregate === undefined) throw new Error("no signature");
    expect(aggregate.signers).toBe(0b111n);
    const message = aggregateMessage(digest, aggregate.signers);
    expect(isSignedInModel(points.slice(0, 3), message, aggregate)).toBe(true);
    expect(isSignedInModel(points, message, aggregate)).toBe(false);
    expect(isSignedInModel(points.slice(0, 3), aggregateMessage(digest, 0b1011n), aggregate)).toBe(false);
    expect(isSignedInModel(points.slice(0, 3), message, { ...aggregate, s: aggregate.s + 1n })).toBe(false);
  });

  it("has the sum of all keys in a set's, and no key of strangers", () => {
    expect(keys.sum.x).toBe(points.reduce((sum, { x }) => Scalars.add(sum, x), 0n));
    expect(() => modelKeys.of("0x")).toThrow(RangeError);
  });

  it("given the same numbers, it draws the same secrets; others for others", () => {
    const draw = (first: number): readonly bigint[] => {
      const group = newGroup(first);
      return [group.drawSecret(), group.drawSecret(), group.drawSecret()];
    };
    expect(draw(0)).toEqual(draw(0));
    expect(new Set([...draw(0), ...draw(3)]).size).toBe(6);
    expect(draw(0)).not.toContain(0n);
  });

  it("given a text beyond the order, it finds no point", () => {
    expect(newGroup().parse(`0x02${"ff".repeat(32)}`)).toBeUndefined();
    const one = newGroup().pointOf(1n);
    expect(newGroup().parse(newGroup().text(one))?.equals(one)).toBe(true);
  });
});
