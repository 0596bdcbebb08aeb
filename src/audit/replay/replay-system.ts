import { zeroAddress } from "viem";
import type { Hex } from "../../core/hex.ts";
import { parameterIds } from "../../org/policy/parameters.ts";
import { replayAnchors, type AnchorReplay } from "./anchor-replay.ts";
import type { AuditedEvent, EventOf } from "./audited-event.ts";
import { replayAuthority, type AuthorityReplay } from "./authority-replay.ts";
import { replayBreakers } from "./breaker-replay.ts";
import { replayCalendar, type CalendarParameters, type CalendarReplay } from "./calendar-replay.ts";
import { replayCatalog, type CatalogReplay } from "./catalog-replay.ts";
import { replayChallenges, type ChallengeParameters, type ChallengeReplay } from "./challenge-replay.ts";
import { replayConstitution, type ConstitutionReplay } from "./constitution-replay.ts";
import { replayEscalations, type EscalationReplay } from "./escalation-replay.ts";
import { replayFund, type FundParameters, type FundReplay } from "./fund-replay.ts";
import { replayGovernor, type GovernorReplay } from "./governor-replay.ts";
import { checkPolicyWrites } from "./policy-writes.ts";
import { replayOperatorKeys, type OperatorKeyReplay } from "./operator-key-replay.ts";
import { replayOracle, type OracleParameters, type OracleReplay } from "./oracle-replay.ts";
import type { RuleContext } from "./rule-context.ts";
import { replaySeats, type SeatReplay } from "./seat-replay.ts";
import { replayStrategy, type PoolMove, type StrategyReplay } from "./strategy-replay.ts";
import { replayTeams, type TeamReplay } from "./team-replay.ts";
import { replayVault, type VaultReplay } from "./vault-replay.ts";

/** What contracts fix at their deployment, by address. */
export interface SystemParameters {
  readonly authority: Hex;
  readonly minAdminDelaySeconds: number;
  readonly anchorPeriodSeconds: ReadonlyMap<Hex, bigint>;
  readonly oracles: ReadonlyMap<Hex, OracleParameters>;
  readonly calendars: ReadonlyMap<Hex, CalendarParameters>;
  readonly funds: ReadonlyMap<Hex, FundParameters>;
  /** Largest rise of a score that is stored at once, 1e18 = 1, by vault. */
  readonly maxRises: ReadonlyMap<Hex, bigint>;
  readonly challenges: ReadonlyMap<Hex, ChallengeParameters>;
  /** Share of the seats that must vote, fixed point, by governor. */
  readonly quorumShares: ReadonlyMap<Hex, bigint>;
  /** Seconds between announcement and effect of a change, by constitution. */
  readonly changeDelaySeconds: ReadonlyMap<Hex, bigint>;
  /** Seconds within which the reclaim share is counted, by circuit breaker. */
  readonly reclaimWindowSeconds: ReadonlyMap<Hex, bigint>;
  /** Kinds of the registered contracts. */
  readonly kinds: ReadonlyMap<Hex, string>;
}

/** The replayed history of a whole system. */
export interface SystemReplay {
  readonly vaults: ReadonlyMap<Hex, VaultReplay>;
  readonly anchors: ReadonlyMap<Hex, AnchorReplay>;
  readonly escalations: ReadonlyMap<Hex, EscalationReplay>;
  readonly challenges: ReadonlyMap<Hex, ChallengeReplay>;
}

/** One replay for each contract address, made at its first event. */
function byAddress<Replay>(make: (address: Hex) => Replay) {
  const replays = new Map<Hex, Replay>();
  return {
    replays,
    of(address: Hex): Replay {
      const known = replays.get(address);
      if (known !== undefined) return known;
      const made = make(address);
      replays.set(address, made);
      return made;
    },
  };
}

function parameter<Value>(values: ReadonlyMap<Hex, Value>, address: Hex): Value {
  const value = values.get(address);
  if (value === undefined) throw new TypeError(`no parameters were read for ${address}`);
  return value;
}

/** Applies every rule to all events of a system, which must be complete and in the order of the chain. */
export function replaySystem(
  context: RuleContext,
  parameters: SystemParameters,
  events: readonly AuditedEvent[],
): SystemReplay {
  const authority: AuthorityReplay = replayAuthority(context, {
    address: parameters.authority,
    minAdminDelaySeconds: parameters.minAdminDelaySeconds,
    isAudited: (target) => parameters.kinds.has(target),
    spendApproval: ({ transaction }, operation, team) =>
      [...escalations.replays.values()].some((each) => each.spend(transaction, operation, team)),
  });
  const { isLive, liveUntil, requireMayCall } = authority;
  const moves = new Map<Hex, PoolMove[]>();
  /** Transactions in which reports were accepted, by oracle and index. */
  const accepted = new Map<string, Hex>();

  const breakers = replayBreakers(
    context,
    {
      breakers: [...parameters.reclaimWindowSeconds.keys()],
      isApproved: (operation, now) => [...anchors.replays.values()].some((each) => each.isApproved(operation, now)),
      requireMayCall,
    },
    (target) => parameters.oracles.has(target),
  );
  const operatorKeys = byAddress<OperatorKeyReplay>(() => replayOperatorKeys(context));
  const oracles = byAddress<OracleReplay>((each) => {
    const fixed = parameter(parameters.oracles, each);
    const keysAreAudited = parameters.kinds.get(fixed.operatorKeys) === "OperatorKeys";
    const keys = operatorKeys.of(fixed.operatorKeys);
    const keyOf: OperatorKeyReplay["keyOf"] = (operator) => keys.keyOf(operator);
    const delegatesAreKnown = keysAreAudited || fixed.operatorKeys === zeroAddress; // without it everyone signs for itself
    const delegateOf = (operator: Hex) => (delegatesAreKnown ? keys.delegateOf(operator) : undefined);
    const handsOn = (to: Hex): boolean => parameters.funds.get(to)?.oracle === each;
    return replayOracle(context, fixed, { isLive, breakers, keyOf, delegateOf, keysAreAudited, handsOn });
  });
  const calendars = byAddress<CalendarReplay>((each) => replayCalendar(context, parameter(parameters.calendars, each)));
  const funds = byAddress<FundReplay>((each) => {
    const { oracle } = parameter(parameters.funds, each);
    const acceptedIn = (index: number) =>
      parameters.oracles.has(oracle) ? accepted.get(`${oracle}/${index}`) : ("unknown" as const);
    return replayFund(context, { isLive, requireMayCall, acceptedIn });
  });
  const anchors = byAddress<AnchorReplay>((each) =>
    replayAnchors(context, parameter(parameters.anchorPeriodSeconds, each), requireMayCall),
  );
  const vaults = byAddress<VaultReplay>((each) =>
    replayVault(context, {
      isLive,
      maxRise: parameter(parameters.maxRises, each),
      requireMayCall,
      // An oracle that is in the registry and has had no event yet has a history, too: an empty one.
      historyOf: (oracle) => {
        if (parameters.calendars.has(oracle)) return calendars.of(oracle);
        return parameters.oracles.has(oracle) ? oracles.of(oracle) : undefined;
      },
      isCalendar: (oracle) => parameters.calendars.has(oracle),
      breakers,
      allowed: () => ({
        outflowShare: [effective(0, parameterIds["breaker.outflowShare"])],
        reclaimShare: [effective(0, parameterIds["breaker.reclaimShare"])],
        reclaimWindow: [...parameters.reclaimWindowSeconds.values()],
        tripSeconds: [effective(0, parameterIds["breaker.tripSeconds"])],
        enclaveShare: [effective(0, parameterIds["enclaves.poolShare"])],
      }),
      teams: () => theTeams(),
      rateOf: (asset) => authority.limits.rateOf(asset),
    }),
  );
  const memberships = byAddress<SeatReplay>(() => replaySeats(context, requireMayCall));
  const governors = byAddress<GovernorReplay>((each) => {
    const [seats] = memberships.replays.values();
    return replayGovernor(context, seats, parameter(parameters.quorumShares, each));
  });
  const forks = byAddress<StrategyReplay>(() =>
    replayStrategy(context, {
      isLive,
      voteOf: (proposal) => [...governors.replays.values()].map((each) => each.voteOf(proposal)).find(Boolean),
      moves: (transaction) => moves.get(transaction) ?? [],
    }),
  );

  // There is one of each; a team, a parameter and a substitute are known by it alone.
  const theConstitution = (): ConstitutionReplay | undefined => [...constitutions.replays.values()].at(-1);
  const theTeams = (): TeamReplay | undefined => [...teams.replays.values()].at(-1);
  const theCatalog = (): CatalogReplay | undefined => [...catalogs.replays.values()].at(-1);
  const effective = (team: number, parameter: Hex): bigint | undefined => theConstitution()?.effective(team, parameter);
  const anchorOf = (team: number): Hex | undefined => theTeams()?.anchorOf(team);
  const constitutions = byAddress<ConstitutionReplay>((each) =>
    replayConstitution(
      context,
      {
        requireMayCall,
        isLive,
        anchorOf,
        holdsRole: authority.holdsRole,
        openTeams: () => theTeams()?.openTeams() ?? 0,
        teams: () => theTeams()?.all().length ?? 0,
      },
      parameter(parameters.changeDelaySeconds, each),
    ),
  );
  const teams = byAddress<TeamReplay>(() => replayTeams(context, { requireMayCall, isLive, effective }));
  const catalogs = byAddress<CatalogReplay>(() => replayCatalog(context, requireMayCall));
  const escalations = byAddress<EscalationReplay>(() =>
    replayEscalations(context, {
      meets: authority.meets,
      liveUntil,
      anchorOfTask: (task) => authority.task(task)?.anchor,
      teamOfTask: (task) => authority.task(task)?.team,
      anchorOf,
      pathAt: (team, version) => theTeams()?.pathAt(team, version),
      pathVersion: (team) => theTeams()?.pathVersion(team) ?? 0,
      substituteOf: (anchor) => [...anchors.replays.values()].map((each) => each.substituteOf(anchor)).find(Boolean),
      effective,
    }),
  );
  /** Tiers that were lowered: by transaction, team and cause. */
  const lowered = new Set<string>();
  const challenges = byAddress<ChallengeReplay>((each) => {
    const { oracle, vault } = parameter(parameters.challenges, each);
    return replayChallenges(context, {
      isLive,
      requireMayCall,
      teamAt: (place) => theTeams()?.teamAt(place),
      anchorOf,
      isMember: (team, account) => theTeams()?.isMember(team, account) === true,
      pathAt: (team, version) => theTeams()?.pathAt(team, version),
      pathVersion: (team) => theTeams()?.pathVersion(team) ?? 0,
      substituteOf: (anchor) => [...anchors.replays.values()].map((found) => found.substituteOf(anchor)).find(Boolean),
      effective,
      planOf: (project) => vaults.replays.get(vault)?.project(project)?.plan,
      reportOf: (index) => (parameters.oracles.has(oracle) ? oracles.of(oracle).report(index) : "unknown"),
      operatorsOf: (epoch) => oracles.replays.get(oracle)?.operatorsOf(epoch) ?? [],
      loweredIn: (transaction, team, challenge) => lowered.has(`${transaction} ${team} ${challenge}`),
    });
  });
  const policyWrites = checkPolicyWrites(context, {
    limits: authority.limits,
    teams: theTeams,
    catalog: theCatalog,
  });

  function noteMove({ log, eventName, args }: EventOf<"BudgetVault">): void {
    if (eventName !== "PoolMoved") return;
    const { transaction, logIndex } = log;
    const { from, to, asset, amount } = args;
    const move: PoolMove = { transaction, logIndex, from, to, asset, amount };
    moves.set(transaction, [...(moves.get(transaction) ?? []), move]);
  }

  /** The anchors' contract records an anchor's liveness, then writes it into the authority. */
  function checkLiveness({ log, eventName, args }: EventOf<"Authority">): void {
    if (eventName !== "AnchorLivenessSet") return;
    const recorded = [...anchors.replays.values()].map((each) => each.liveUntil(args.anchor));
    const matches = recorded.includes(BigInt(args.liveUntil));
    const expected = `${args.anchor} live until ${recorded.join(" or ") || "never"}`;
    context.require(matches, "authority-liveness", log, expected, args.liveUntil);
  }

  for (const event of events) {
    policyWrites.before(event);
    if (event.eventName === "AuthorityUpdated") {
      const { authority: obeyed } = event.args;
      context.requireEqual("registry-authority", event.log, "authority", parameters.authority, obeyed);
    }
    switch (event.kind) {
      case "Authority":
        authority.apply(event);
        checkLiveness(event);
        break;
      case "Constitution":
        constitutions.of(event.log.address).apply(event);
        break;
      case "Teams":
        teams.of(event.log.address).apply(event);
        if (event.eventName === "TierLowered") {
          lowered.add(`${event.log.transaction} ${event.args.team} ${event.args.cause}`);
        }
        break;
      case "ActionCatalog":
        catalogs.of(event.log.address).apply(event);
        break;
      case "Escalations":
        escalations.of(event.log.address).apply(event);
        break;
      case "Challenges":
        challenges.of(event.log.address).apply(event);
        break;
      case "Anchors":
        anchors.of(event.log.address).apply(event);
        break;
      case "ReviewCalendar":
        calendars.of(event.log.address).apply(event);
        break;
      case "ReportFund":
        funds.of(event.log.address).apply(event);
        break;
      case "OperatorKeys":
        operatorKeys.of(event.log.address).apply(event);
        break;
      case "HeartbeatOracle":
        oracles.of(event.log.address).apply(event);
        if (event.eventName === "ReportAccepted") {
          accepted.set(`${event.log.address}/${event.args.index}`, event.log.transaction);
        }
        break;
      case "BudgetVault":
        vaults.of(event.log.address).apply(event);
        noteMove(event);
        break;
      case "CircuitBreaker":
        breakers.apply(event);
        break;
      case "Membership":
        memberships.of(event.log.address).apply(event);
        break;
      case "MergeGovernor":
        governors.of(event.log.address).apply(event);
        break;
      case "StrategyForks":
        forks.of(event.log.address).apply(event);
        break;
    }
    policyWrites.after(event);
  }
  policyWrites.end();
  for (const oracle of oracles.replays.values()) oracle.end();
  const named = authority.escalations();
  if (named !== undefined && BigInt(named.address) !== 0n) {
    const kind = parameters.kinds.get(named.address);
    context.requireEqual("authority-escalations", named.log, "kind of who approves", "Escalations", kind);
  }
  return {
    vaults: vaults.replays,
    anchors: anchors.replays,
    escalations: escalations.replays,
    challenges: challenges.replays,
  };
}
