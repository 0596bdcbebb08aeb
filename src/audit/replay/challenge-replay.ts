import { encodeAbiParameters, keccak256, parseAbiParameters, toFunctionSelector } from "viem";
import { challengesAbi } from "../../chain/abi.ts";
import { bytesOf, hexOf, type Hex } from "../../core/hex.ts";
import { keccak256Text } from "../../core/keccak.ts";
import { leafHash } from "../../core/merkle/leaf.ts";
import { verifyProof } from "../../core/merkle/verify-proof.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs, EventOf } from "./audited-event.ts";
import { findCalls } from "./find-calls.ts";
import type { AcceptedReport } from "./oracle-replay.ts";
import type { RuleContext } from "./rule-context.ts";
import { outcomeOf } from "./submitted-leaves.ts";

/** What a contract of challenges fixes at its deployment. */
export interface ChallengeParameters {
  readonly oracle: Hex;
  readonly vault: Hex;
}

/** What the replay of challenges reads of the others. */
export interface ChallengeWorld {
  readonly isLive: (anchor: Hex, time: bigint) => boolean;
  readonly requireMayCall: (log: PlacedLog, by: Hex, selector: Hex) => void;
  readonly teamAt: (place: Hex) => number | undefined;
  readonly anchorOf: (team: number) => Hex | undefined;
  readonly isMember: (team: number, account: Hex) => boolean;
  readonly pathAt: (team: number, version: number) => readonly number[] | undefined;
  readonly pathVersion: (team: number) => number;
  readonly substituteOf: (anchor: Hex) => Hex | undefined;
  readonly effective: (team: number, parameter: Hex) => bigint | undefined;
  /** The plan of a project now; undefined where the vault is not audited, or has none. */
  readonly planOf: (project: Hex) => { readonly payee: Hex; readonly anchor: Hex; readonly team: Hex } | undefined;
  /** "unknown" where the oracle is not audited. */
  readonly reportOf: (index: number) => AcceptedReport | undefined | "unknown";
  /** Operators of an epoch's set, and who signs for them. */
  readonly operatorsOf: (epoch: number) => readonly Hex[];
  /** Whether the challenge lowered a tier of the team in the transaction. */
  readonly loweredIn: (transaction: Hex, team: number, challenge: Hex) => boolean;
}

/** What the events of one contract add up to, in wei. */
export interface ChallengeBooks {
  readonly bonds: bigint;
  readonly claims: bigint;
  readonly pot: bigint;
  /** Of the pot. */
  readonly reserved: bigint;
}

/** The history of one contract of challenges. */
export interface ChallengeReplay {
  apply(event: EventOf<"Challenges">): void;
  books(): ChallengeBooks;
  /** By account, in wei. */
  readonly claims: ReadonlyMap<Hex, bigint>;
}

interface Replayed {
  readonly status: "open" | "ended";
  /** Report and hash. */
  readonly leaf: string;
  readonly challenger: Hex;
  readonly project: Hex;
  readonly epoch: number;
  readonly team: number;
  readonly path: readonly number[];
  readonly planAnchor: Hex;
  readonly openedAt: bigint;
  readonly deadline: bigint;
  readonly bond: bigint;
  readonly reward: bigint;
}

type Opened = EventArgs<"Challenges", "ChallengeOpened">;

const ROOT = 1;
const deadlineSecondsId = keccak256Text("escalation.deadlineSeconds");
const setTermsSelector = toFunctionSelector("setTerms(uint96,uint96,address)");
const withdrawPotSelector = toFunctionSelector("withdrawPot(uint256,address,address)");

export function replayChallenges(context: RuleContext, world: ChallengeWorld): ChallengeReplay {
  let terms = { bond: 0n, reward: 0n };
  let pot = 0n;
  let count = 0n;
  const all = new Map<Hex, Replayed>();
  const claims = new Map<Hex, bigint>();
  /** The latest challenge of a leaf, by its report and hash. */
  const latest = new Map<string, Hex>();
  /** Leaves whose challenge was upheld. */
  const upheld = new Set<string>();

  const credit = (account: Hex, amount: bigint): void => {
    claims.set(account, (claims.get(account) ?? 0n) + amount);
  };

  function books(): ChallengeBooks {
    const sum = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((total, each) => total + each, 0n);
    const open = [...all.values()].filter(({ status }) => status === "open");
    return {
      bonds: sum(open.map(({ bond }) => bond)),
      claims: sum(claims.values()),
      pot,
      reserved: sum(open.map(({ reward }) => reward)),
    };
  }

  function requirePot(log: PlacedLog, stated: bigint, change: bigint): void {
    pot += change;
    context.requireEqual("challenge-conservation", log, "pot", pot, stated);
    const { reserved } = books();
    context.require(pot >= reserved, "challenge-conservation", log, `a pot that covers the ${reserved} reserved`, pot);
  }

  function requireLive(log: PlacedLog, anchor: Hex): void {
    context.require(world.isLive(anchor, log.blockTimestamp), "challenge-terms", log, "a live anchor", anchor);
  }

  /** Who delivers for the project, or signed its score. */
  function isInvolved(account: Hex, { project, team, epoch }: Pick<Replayed, "project" | "team" | "epoch">): boolean {
    const isPayee = account === world.planOf(project)?.payee;
    return isPayee || (team !== 0 && world.isMember(team, account)) || world.operatorsOf(epoch).includes(account);
  }

  function checkLeaf(log: PlacedLog, { report: index, epoch, leaf, cause }: Opened): void {
    const rule = "challenge-opened";
    const report = world.reportOf(index);
    if (report === "unknown") {
      context.unchecked(rule, log, "the oracle whose scores are challenged is not in the registry");
      return;
    }
    context.requireEqual(rule, log, `epoch of report ${index}`, report?.epoch, epoch);
    const outcome = outcomeOf.get(leaf.outcome);
    const hash = outcome === undefined ? undefined : leafHash({ ...leaf, outcome });
    context.requireEqual(rule, log, "leaf", hash === undefined ? undefined : hexOf(hash), cause);
    if (hash === undefined || report === undefined) return;
    const calls = findCalls(context.transaction(log)?.input ?? "0x", challengesAbi, "open");
    const proved = calls.some(([, , , proof]) => verifyProof(bytesOf(report.root), hash, proof.map(bytesOf)));
    context.fromInput(log).require(proved, rule, log, `a proof of the leaf in report ${index}`, "none");
  }

  function opened(log: PlacedLog, args: Opened): void {
    const rule = "challenge-opened";
    const { challenge, project, challenger, report, epoch, leaf, team, pathTeam, pathVersion, deadline, anchor } = args;
    count += 1n;
    const words = encodeAbiParameters(parseAbiParameters("uint256, address, uint256"), [
      BigInt(context.chainId),
      log.address,
      count,
    ]);
    context.requireEqual(rule, log, "id", keccak256(words), challenge);
    checkLeaf(log, args);
    context.requireEqual(rule, log, "project of the leaf", project, leaf.project);
    const plan = world.planOf(project);
    context.requireEqual(rule, log, "anchor", plan?.anchor, anchor);
    context.requireEqual(rule, log, "team", plan === undefined ? undefined : (world.teamAt(plan.team) ?? 0), team);
    context.requireEqual(rule, log, "team whose path is climbed", team === 0 ? ROOT : team, pathTeam);
    context.requireEqual(rule, log, "path", world.pathVersion(pathTeam), pathVersion);
    const lasts = world.effective(pathTeam, deadlineSecondsId) ?? 0n;
    context.requireEqual(rule, log, "deadline", log.blockTimestamp + lasts, BigInt(deadline));
    context.requireEqual(rule, log, "bond", terms.bond, args.bond);
    context.require(args.bond > 0n, rule, log, "a bond", args.bond);
    const free = pot - books().reserved;
    const wanted = team === 0 ? 0n : terms.reward;
    context.requireEqual("challenge-reward", log, "reserved", wanted < free ? wanted : free, args.reward);
    const stranger = !isInvolved(challenger, { project, team, epoch });
    context.require(stranger, rule, log, "a challenger who has no part in the score", challenger);
    const key = `${report} ${args.cause}`;
    const before = all.get(latest.get(key) ?? "0x");
    const isRunning = before?.status === "open" && log.blockTimestamp < before.deadline;
    context.require(!isRunning && !upheld.has(key), rule, log, "a leaf that is free to be challenged", key);
    latest.set(key, challenge);
    all.set(challenge, {
      status: "open",
      leaf: key,
      challenger,
      project,
      epoch,
      team,
      path: world.pathAt(pathTeam, pathVersion) ?? [],
      planAnchor: anchor,
      openedAt: log.blockTimestamp,
      deadline: BigInt(deadline),
      bond: args.bond,
      reward: args.reward,
    });
  }

  /** Ends an open challenge: in time by a ruling or a withdrawal, after its time by its bond's return. */
  function end(log: PlacedLog, challenge: Hex, cause: Hex, isLapse: boolean): Replayed | undefined {
    const rule = "challenge-single-end";
    const found = all.get(challenge);
    const inTime =
      found !== undefined && (isLapse ? log.blockTimestamp >= found.deadline : log.blockTimestamp < found.deadline);
    const holds = found?.status === "open" && inTime;
    const expected = isLapse ? "a challenge whose time is over" : "an open challenge in its time";
    context.require(
      holds,
      rule,
      log,
      expected,
      found === undefined ? "none" : `${found.status}, until ${found.deadline}`,
    );
    context.requireEqual(rule, log, "cause", challenge, cause);
    if (found !== undefined) all.set(challenge, { ...found, status: "ended" });
    return found;
  }

  function checkRuler(log: PlacedLog, found: Replayed, ruler: Hex, anchor: Hex): void {
    const rule = "challenge-ruling";
    const { path, openedAt, deadline, challenger, team, planAnchor, project } = found;
    const now = log.blockTimestamp;
    const position = path.findIndex((each) => world.anchorOf(each) === anchor);
    const opensAt = openedAt + (BigInt(Math.max(position, 0)) * (deadline - openedAt)) / BigInt(path.length || 1);
    const sits = position !== -1 && now >= opensAt;
    context.require(sits, rule, log, "an anchor of the path whose time has come", `${anchor}, from ${opensAt}`);
    const acts = ruler === anchor || world.substituteOf(anchor) === ruler;
    context.require(acts, rule, log, `${anchor} or its substitute`, ruler);
    context.require(world.isLive(ruler, now), rule, log, "a live anchor", ruler);
    // Who answers for plan or team rules where nobody is above: an anchor who sits twice may have ruled in its last place.
    const isRoots = world.anchorOf(path.at(-1) ?? 0) === anchor && now >= lastOpensAt(found);
    for (const account of new Set([ruler, anchor])) {
      const none = account !== challenger && !isInvolved(account, found);
      const answers = [planAnchor, world.planOf(project)?.anchor, team === 0 ? undefined : world.anchorOf(team)];
      const may = !answers.includes(account) || (isRoots && account === anchor);
      context.require(none && may, rule, log, "somebody who is no party", account);
    }
  }

  function ruledUpheld(log: PlacedLog, args: EventArgs<"Challenges", "ChallengeUpheld">): void {
    const { challenge, ruler, anchor, lowered, reward, credited } = args;
    const found = end(log, challenge, args.cause, false);
    if (found === undefined) return;
    checkRuler(log, found, ruler, anchor);
    const fell = world.loweredIn(log.transaction, found.team, challenge);
    context.requireEqual("challenge-reward", log, "a lower tier", fell, lowered);
    context.requireEqual("challenge-reward", log, "reward", lowered ? found.reward : 0n, reward);
    context.requireEqual("challenge-reward", log, "credited", found.bond + reward, credited);
    upheld.add(found.leaf);
    credit(found.challenger, credited);
    requirePot(log, args.pot, -reward);
  }

  function claimed(log: PlacedLog, { challenger, amount }: EventArgs<"Challenges", "ChallengeClaimed">): void {
    const owed = claims.get(challenger) ?? 0n;
    context.require(amount > 0n, "challenge-conservation", log, "a claim", amount);
    context.requireEqual("challenge-conservation", log, `claim of ${challenger}`, owed, amount);
    claims.set(challenger, owed - amount);
  }

  return {
    apply({ log, eventName, args }) {
      switch (eventName) {
        case "ChallengeOpened": {
          opened(log, args);
          return;
        }
        case "ChallengeUpheld": {
          ruledUpheld(log, args);
          return;
        }
        case "ChallengeRejected": {
          const found = end(log, args.challenge, args.cause, false);
          if (found === undefined) return;
          checkRuler(log, found, args.ruler, args.anchor);
          context.requireEqual("challenge-conservation", log, "forfeited", found.bond, args.forfeited);
          requirePot(log, args.pot, args.forfeited);
          return;
        }
        case "ChallengeWithdrawn": {
          const found = end(log, args.challenge, args.cause, false);
          if (found === undefined) return;
          context.requireEqual("challenge-single-end", log, "challenger", found.challenger, args.challenger);
          context.requireEqual("challenge-conservation", log, "credited", found.bond / 2n, args.credited);
          context.requireEqual("challenge-conservation", log, "bond", found.bond, args.credited + args.forfeited);
          credit(found.challenger, args.credited);
          requirePot(log, args.pot, args.forfeited);
          return;
        }
        case "ChallengeLapsed": {
          const found = end(log, args.challenge, args.cause, true);
          if (found === undefined) return;
          context.requireEqual("challenge-single-end", log, "challenger", found.challenger, args.challenger);
          context.requireEqual(
            "challenge-single-end",
            log,
            "anchor",
            world.anchorOf(found.path.at(-1) ?? 0),
            args.anchor,
          );
          context.requireEqual("challenge-conservation", log, "credited", found.bond, args.credited);
          credit(found.challenger, args.credited);
          return;
        }
        case "ChallengeClaimed": {
          claimed(log, args);
          return;
        }
        case "ChallengePotFunded": {
          requirePot(log, args.pot, args.amount);
          return;
        }
        case "ChallengePotWithdrawn": {
          world.requireMayCall(log, args.by, withdrawPotSelector);
          requireLive(log, args.anchor);
          requirePot(log, args.pot, -args.amount);
          return;
        }
        case "ChallengeTermsSet": {
          world.requireMayCall(log, args.by, setTermsSelector);
          requireLive(log, args.anchor);
          context.requireEqual("challenge-terms", log, "bond before", terms.bond, args.previousBond);
          context.requireEqual("challenge-terms", log, "reward before", terms.reward, args.previousReward);
          terms = { bond: args.bond, reward: args.reward };
          return;
        }
        case "AuthorityUpdated":
          return; // the system's to judge
      }
    },
    books,
    claims,
  };
}

/** Second from which the last position of the path may rule. */
function lastOpensAt({ path, openedAt, deadline }: Replayed): bigint {
  const length = BigInt(path.length || 1);
  return openedAt + ((length - 1n) * (deadline - openedAt)) / length;
}
