import { decodeEventLog, toEventSelector, type Abi, type AbiEvent, type DecodeEventLogReturnType } from "viem";
import * as abis from "../abi.ts";
import type {
  iAnchorsAbi,
  iAuthorityAbi,
  iAuthorityLimitsAbi,
  iActionCatalogAbi,
  iBudgetVaultAbi,
  iChallengesAbi,
  iCircuitBreakerAbi,
  iConstitutionAbi,
  iEscalationsAbi,
  iHeartbeatOracleAbi,
  iMembershipAbi,
  iOperatorKeysAbi,
  iReportFundAbi,
  iReviewCalendarAbi,
  iStrategyForksAbi,
  iTeamsAbi,
  mergeGovernorAbi,
} from "../abi.ts";
import type { ChainLog } from "../follow/block.ts";
import type { Hex } from "../../core/hex.ts";

/** Of one contract at a time: the events of all at once are more than the compiler follows. */
type DecodedOf<TAbi extends Abi> = DecodeEventLogReturnType<TAbi, undefined, Hex[], Hex>;

type Decoded =
  | DecodedOf<typeof iAuthorityAbi>
  | DecodedOf<typeof iAuthorityLimitsAbi>
  | DecodedOf<typeof iActionCatalogAbi>
  | DecodedOf<typeof iTeamsAbi>
  | DecodedOf<typeof iConstitutionAbi>
  | DecodedOf<typeof iEscalationsAbi>
  | DecodedOf<typeof iAnchorsAbi>
  | DecodedOf<typeof iBudgetVaultAbi>
  | DecodedOf<typeof iChallengesAbi>
  | DecodedOf<typeof iCircuitBreakerAbi>
  | DecodedOf<typeof iHeartbeatOracleAbi>
  | DecodedOf<typeof iMembershipAbi>
  | DecodedOf<typeof iOperatorKeysAbi>
  | DecodedOf<typeof iReportFundAbi>
  | DecodedOf<typeof iReviewCalendarAbi>
  | DecodedOf<typeof iStrategyForksAbi>
  | DecodedOf<typeof mergeGovernorAbi>;

/** Names of the events that a service can know. */
export type EventName = Decoded["eventName"];

/** Arguments of the event `N`: addresses in lower case, integers of up to 48 bits as numbers. */
export type ArgumentsOf<N extends EventName> = Extract<Decoded, { eventName: N }>["args"];

/** A log together with what it says. `name` is empty, and `args` the bare log, where no contract of this version declares it. */
export interface DecodedEvent {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly log: ChainLog;
}

/** Every event of every contract, by its first topic and the number of topics; the first declaration counts. */
const declared = new Map<string, AbiEvent>();
for (const abi of Object.values(abis)) {
  for (const item of abi as readonly (AbiEvent | { readonly type: string })[]) {
    if (item.type !== "event" || !("inputs" in item)) continue;
    const topics = 1 + item.inputs.filter(({ indexed }) => indexed === true).length;
    const key = `${toEventSelector(item)}/${topics}`;
    if (!declared.has(key)) declared.set(key, item);
  }
}

/** viem gives addresses with their checksum; here they are keys, and have one spelling. */
function withLowerAddresses(value: unknown): unknown {
  if (typeof value === "string") return /^0x[0-9a-fA-F]{40}$/.test(value) ? value.toLowerCase() : value;
  if (Array.isArray(value)) return value.map(withLowerAddresses);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withLowerAddresses(each)]));
}

/** What `log` says. Pure. */
export function decodeEvent(log: ChainLog): DecodedEvent {
  const item = declared.get(`${log.topics[0]}/${log.topics.length}`);
  const unknown = { name: "", args: { topics: log.topics, data: log.data }, log };
  if (item === undefined) return unknown;
  try {
    const { args } = decodeEventLog({ abi: [item], topics: [...log.topics] as [Hex, ...Hex[]], data: log.data });
    return { name: item.name, args: withLowerAddresses(args) as Record<string, unknown>, log };
  } catch {
    return unknown; // the topic of a known event over other data: recorded as it stands, and no fold reads it
  }
}
