import { decodeEventLog, type Abi, type DecodeEventLogReturnType } from "viem";
import {
  actionCatalogAbi,
  anchorsAbi,
  authorityAbi,
  challengesAbi,
  circuitBreakerAbi,
  constitutionAbi,
  escalationsAbi,
  heartbeatOracleAbi,
  iBudgetVaultAbi,
  membershipAbi,
  mergeGovernorAbi,
  operatorKeysAbi,
  reportFundAbi,
  reviewCalendarAbi,
  strategyForksAbi,
  teamsAbi,
} from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import type { PlacedLog } from "../reader/verified-block.ts";

const abis = {
  Authority: authorityAbi,
  Anchors: anchorsAbi,
  Constitution: constitutionAbi,
  Teams: teamsAbi,
  ActionCatalog: actionCatalogAbi,
  Escalations: escalationsAbi,
  OperatorKeys: operatorKeysAbi,
  HeartbeatOracle: heartbeatOracleAbi,
  ReviewCalendar: reviewCalendarAbi,
  ReportFund: reportFundAbi,
  BudgetVault: iBudgetVaultAbi,
  Challenges: challengesAbi,
  CircuitBreaker: circuitBreakerAbi,
  Membership: membershipAbi,
  MergeGovernor: mergeGovernorAbi,
  StrategyForks: strategyForksAbi,
} as const;

/** Kinds of contracts whose events the auditor understands. */
export type AuditedKind = keyof typeof abis;

export const auditedKinds = Object.keys(abis) as readonly AuditedKind[];

/** An event of a contract of kind `Kind`, with its place; addresses are in lower case. */
export type EventOf<Kind extends AuditedKind> = {
  readonly kind: Kind;
  readonly log: PlacedLog;
} & DecodeEventLogReturnType<(typeof abis)[Kind]>;

export type AuditedEvent = { [Kind in AuditedKind]: EventOf<Kind> }[AuditedKind];

/** The arguments of one event of a contract. */
export type EventArgs<Kind extends AuditedKind, Name extends EventOf<Kind>["eventName"]> = Extract<
  EventOf<Kind>,
  { eventName: Name }
>["args"];

/** Events that OpenZeppelin's AccessManaged adds to every contract but the authority. */
const authorityUpdated = {
  type: "event",
  name: "AuthorityUpdated",
  inputs: [{ name: "authority", type: "address", indexed: false }],
} as const;

function lowerCase(value: unknown): unknown {
  if (typeof value === "string") return value.startsWith("0x") ? value.toLowerCase() : value;
  if (Array.isArray(value)) return value.map(lowerCase);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, lowerCase(each)]));
}

/** The event that `log` is in the interface of `kind`, or undefined where it is none of its events. */
export function decodeEvent(kind: AuditedKind, log: PlacedLog): AuditedEvent | undefined {
  const [signature, ...topics] = log.topics;
  if (signature === undefined) return undefined;
  try {
    const abi: Abi = [...abis[kind], authorityUpdated];
    const { eventName, args } = decodeEventLog({ abi, topics: [signature, ...topics], data: log.data, strict: true });
    return { kind, log, eventName, args: lowerCase(args) } as unknown as AuditedEvent;
  } catch {
    return undefined; // an unknown topic, or data that does not fit it
  }
}

/** Lower-case address, the form in which the auditor compares. */
export function sameAddress(a: Hex, b: Hex): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
