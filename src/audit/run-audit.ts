import type { Hex } from "../core/hex.ts";
import type { Finding } from "./finding.ts";
import { measureGovernance, type GovernanceMetrics } from "./metrics/measure-governance.ts";
import { readParameters } from "./read-parameters.ts";
import { readSystem, type AuditInput, type SystemHistory } from "./read-system.ts";
import { signatureReaderAt } from "./reader/contract-reader.ts";
import { inParallel } from "./reader/in-parallel.ts";
import type { AuditedKind } from "./replay/audited-event.ts";
import { checkChallengeState } from "./replay/check-challenge-state.ts";
import { checkSenderClaims, checkSignatureClaims, type SignatureCounts } from "./replay/check-claims.ts";
import { checkVaultState } from "./replay/check-vault-state.ts";
import { replaySystem } from "./replay/replay-system.ts";
import { HEARSAY, recordingContext, type Unchecked } from "./replay/rule-context.ts";
import type { PlacedPosting } from "./replay/vault-replay.ts";

export interface AuditedContract {
  readonly address: Hex;
  readonly kind: AuditedKind | "unknown";
  readonly events: number;
  readonly journalHead: Hex;
  readonly complete: boolean;
}

/** What an audit found, and what it looked at. */
export interface AuditReport {
  readonly chainId: number;
  readonly block: { readonly number: string; readonly hash: Hex; readonly timestamp: number };
  readonly contracts: readonly AuditedContract[];
  readonly events: number;
  readonly signatures: SignatureCounts;
  readonly findings: readonly Finding[];
  /** What could not be told; an audit with such is not clean. */
  readonly unchecked: readonly Unchecked[];
  readonly postings: readonly PlacedPosting[];
  /** Null where the history has holes. */
  readonly metrics: GovernanceMetrics | null;
}

export interface AuditOptions extends AuditInput {
  /** Whether the identity record with this hash is kept for this anchor, unaltered. Default: none is. */
  readonly hasIdentityRecord?: (anchor: Hex, identity: Hex) => boolean;
}

type Judgement = Pick<AuditReport, "signatures" | "findings" | "unchecked" | "postings" | "metrics">;

/** Applies every rule to a history without holes. */
async function judge({ rpc, progress, hasIdentityRecord }: AuditOptions, history: SystemHistory): Promise<Judgement> {
  const { chainId, block, authority, contracts, events, transactions } = history;
  const kinds = new Map(contracts.map(({ address, kind }) => [address, kind]));
  const context = recordingContext(chainId, (hash) => transactions.get(hash));
  const replay = replaySystem(context, await readParameters(rpc, block.number, authority, kinds), events);
  const { vaults } = replay;
  progress?.(`replayed ${events.length} events; checking ${context.claims.length} signatures`);

  const signatures = await checkSignatureClaims(context.claims, (number) =>
    signatureReaderAt(rpc, number, block.number),
  );
  for (const { rule, log } of signatures.doubtful) context.unchecked(rule, log, HEARSAY);
  const senders = await checkSenderClaims(context.senderClaims);
  const coinOf = new Map(contracts.map(({ address, state }) => [address, state.account?.balance ?? 0n]));
  const states = await inParallel([...vaults], ([vault, replay]) =>
    checkVaultState({ rpc, vault, block, coinBalance: coinOf.get(vault) ?? 0n, replay }),
  );
  const challenged = await inParallel([...replay.challenges], ([contract, each]) =>
    checkChallengeState({
      rpc,
      contract,
      blockNumber: block.number,
      coinBalance: coinOf.get(contract) ?? 0n,
      replay: each,
    }),
  );
  return {
    signatures: signatures.counts,
    findings: [...context.findings, ...signatures.findings, ...senders, ...states.flat(), ...challenged.flat()],
    unchecked: context.uncheckedRules,
    postings: [...vaults.values()].flatMap(({ postings }) => postings),
    metrics: measureGovernance({
      events,
      escalations: [...replay.escalations.values()].flatMap((each) => each.all()),
      now: block.timestamp,
      identityOf: (anchor) => [...replay.anchors.values()].map((each) => each.identityOf(anchor)).find(Boolean),
      hasRecord: hasIdentityRecord ?? (() => false),
    }),
  };
}

/**
 * Audits a system from the chain alone: every journal against its proved head, then every rule over the replayed events.
 * @throws {MandateError} `RpcFailed`, `NodeContradictsItself`, `BlockUnavailable`, `ContractMissing`: could not be checked.
 */
export async function runAudit(input: AuditOptions): Promise<AuditReport> {
  const history = await readSystem(input);
  const { chainId, block, contracts, events } = history;
  const none: Judgement = {
    signatures: { eoa: 0, erc1271: 0, p256: 0, webauthn: 0, verifier: 0 },
    findings: [],
    unchecked: [],
    postings: [],
    metrics: null,
  };
  // Rules over a history with holes would find their own consequences of the holes.
  const judgement = history.complete ? await judge(input, history) : none;
  return {
    chainId,
    block: { number: String(block.number), hash: block.hash, timestamp: Number(block.timestamp) },
    contracts: contracts.map(({ address, kind, state, journal }) => ({
      address,
      kind,
      events: journal.logs.length,
      journalHead: state.journalHead,
      complete: journal.complete,
    })),
    events: events.length,
    ...judgement,
    findings: [...history.findings, ...judgement.findings],
  };
}
