import { describe, expect, it } from "vitest";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { SeededRandom } from "../../core/seeded-random.ts";
import type { CosigningMessage } from "../agreement/message.ts";
import { NoncePair } from "../cosigning/nonce-pair.ts";
import { Session } from "../cosigning/session.ts";
import { CosigningLiars } from "./cosigning-liars.ts";
import { drawFaults, faultProfiles, type Tactic } from "./faults.ts";
import { modelGroup, ModelKeys } from "./model-group.ts";

const names = [1, 2, 3, 4].map((number): Hex => `0x${number.toString(16).padStart(40, "0")}`);
const [first = "0x", second = "0x", third = "0x", liar = "0x"] = names;
const set = { configuration: 1, faults: 1, quorum: 3, operators: names, seats: names, names };
const keys = new ModelKeys(names);
const setKeys = keys.setKeys(names);
const digest = documentHash("report");

/** What a liar tells to whom when three honest operators have offered nonces in the attempt that it coordinates. */
function told(tactic: Tactic): readonly (readonly [CosigningMessage, readonly Hex[]])[] {
  let secrets = 0;
  const group = modelGroup(() => secrets++);
  const calm = drawFaults(new SeededRandom(1), faultProfiles.none, {
    ...{ operators: names, vacant: 0, faults: 1, quorum: 3, deadlineSeconds: 480 },
  });
  const faults = { ...calm, tactic, liars: [liar], camps: [[first], [second, third]] as const };
  const heard: [CosigningMessage, readonly Hex[]][] = [];
  const liars = new CosigningLiars({
    ...{ epoch: 1, faults, set, group, setKeys, order: [liar, first, second, third] },
    keyOf: (operator) => keys.of(operator),
    tell: (message, audience) => heard.push([message, audience]),
  });
  for (const operator of [first, second, third]) {
    const { points } = new NoncePair(group);
    liars.hear({ kind: "nonces", epoch: 1, operator, digest, attempt: 0, ...points });
  }
  return heard;
}

/** Sessions by the camp that hears of them. */
function sessionsTo(tactic: Tactic, operator: Hex) {
  const group = modelGroup(() => 0);
  return told(tactic).flatMap(([message, audience]) =>
    message.kind === "session" && audience.includes(operator)
      ? [{ message, opened: Session.open(message, set, setKeys, group) }]
      : [],
  );
}

describe("liars where others sign together", () => {
  it("given silence, they say nothing", () => {
    expect(told("silence")).toEqual([]);
  });

  it("given equivocation, they name two sessions with the same nonces of who is honest, to each camp another one first", () => {
    const [toFirst, toSecond] = [sessionsTo("equivocation", first), sessionsTo("equivocation", second)];
    expect(toFirst.map(({ opened }) => opened.ok)).toEqual([true, true]);
    expect(toFirst[0]?.message).toEqual(toSecond[1]?.message);
    expect(toFirst[1]?.message).toEqual(toSecond[0]?.message);
    const [one, other] = toFirst.map(({ message }) => message.signers);
    expect(one?.slice(0, -1)).toEqual(other?.slice(0, -1));
    expect(one).not.toEqual(other);
  });

  it("given withholding, they name a session that counts on them, and give no share", () => {
    expect(sessionsTo("withholding", first).map(({ opened }) => opened.ok)).toEqual([true]);
    expect(told("withholding").some(([{ kind }]) => kind === "share")).toBe(false);
  });

  it("given nonsense, they name what is no session", () => {
    expect(sessionsTo("nonsense", first).map(({ opened }) => opened.ok)).toEqual([false]);
  });

  it("given that they copy, they sign with the others as they should", () => {
    const shares = told("copying").flatMap(([message]) => (message.kind === "share" ? [message] : []));
    const [session] = sessionsTo("copying", first);
    if (session?.opened.ok !== true) throw new Error("no session");
    const { opened } = session;
    expect(shares.map(({ share }) => opened.session.isShareOf(3, share))).toEqual([true]);
  });
});
