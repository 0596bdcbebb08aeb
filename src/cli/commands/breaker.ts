import { Command } from "commander";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import { availableNow } from "../../org/safety/available-now.ts";
import { approveOperationCall } from "../../sdk/anchor.ts";
import {
  assetSafetyOf,
  oracleSafetyOf,
  refreshLimitsCall,
  resetCall,
  resetOperationOf,
  shortfallOf,
  showShortfallCall,
  tripCall,
  type Domain,
} from "../../sdk/breaker.ts";
import { chainTime, read } from "../../sdk/read.ts";
import type { Session } from "../../sdk/session.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { outputOf } from "../output.ts";
import { factsText } from "../text/table.ts";
import { momentText, vaultAssets } from "../treasury/vault.ts";
import { amountText, assetOf, type Asset } from "../../sdk/asset.ts";
import { valueText } from "../values/parameter.ts";
import { parameterIds } from "../../org/policy/parameters.ts";
import { reasonHash, type Reason } from "../values/reason.ts";
import { approveRulingCommand, missingText, ruleShortfallCommand } from "./breaker-ruling.ts";

const REASON = ["--reason <text>", "why; the chain keeps the hash of this text"] as const;

async function domainOf(session: Session, text: string): Promise<Domain> {
  return text === "oracle" ? "oracle" : { asset: await assetOf(session, text) };
}

const nameOf = (domain: Domain): string => (domain === "oracle" ? "the oracle" : domain.asset.symbol);

function addTarget(command: Command): Command {
  return command.argument("<asset>", "coin, test, the address of a token, or oracle");
}

async function assetRow(session: Session, asset: Asset, now: number) {
  const [found, shortfall] = await Promise.all([assetSafetyOf(session, asset), shortfallOf(session, asset)]);
  const available = found.state === "tripped" ? 0n : availableNow(found, BigInt(now));
  return { asset: asset.address, symbol: asset.symbol, ...found, ...shortfall, available };
}

function statusText(asset: Asset, row: Awaited<ReturnType<typeof assetRow>>, now: number): string {
  const { state, until, available, outflowLimit, reclaimRemaining, committed, trips } = row;
  const stands = state === "tripped" ? `tripped until ${momentText(until, now)}` : state;
  return factsText([
    [asset.symbol, stands],
    ["may leave now", `${amountText(asset, available)} of ${amountText(asset, outflowLimit)} in 24 hours`],
    ["may be reclaimed", state === "tripped" ? "by an anchor only" : amountText(asset, reclaimRemaining)],
    ["committed", amountText(asset, committed)],
    ["trips so far", String(trips)],
    ...missingText(asset, row),
  ]);
}

function statusCommand(): Command {
  const command = addSessionOptions(new Command("status")).description(
    "show how every asset and the oracle stand, what may leave now, and the limits",
  );
  return command.action(async () => {
    const session = await sessionOf(command);
    const now = await chainTime(session);
    const [assets, limits, oracle] = await Promise.all([
      vaultAssets(session),
      read(session, "BudgetVault", iBudgetVaultAbi, "limits", []),
      oracleSafetyOf(session),
    ]);
    const rows = await Promise.all(assets.map(async (asset) => ({ asset, row: await assetRow(session, asset, now) })));
    const managed = oracle.managedUntil > now;
    const stale = oracle.managedUntil > oracle.trippedUntil;
    const oracleState = managed
      ? stale
        ? "stale: no report comes"
        : `tripped until ${momentText(oracle.trippedUntil, now)}`
      : "closed";
    outputOf(command).result(
      { limits, assets: rows.map(({ row }) => row), oracle: { ...oracle, managed } },
      [
        factsText([
          ["may leave in 24 hours", valueText(parameterIds["breaker.outflowShare"], limits.outflowShare)],
          ["may be reclaimed in an epoch", valueText(parameterIds["breaker.reclaimShare"], limits.reclaimShare)],
          ["a trip lasts", valueText(parameterIds["breaker.tripSeconds"], BigInt(limits.tripSeconds))],
          ["enclaves may hold of a pool", valueText(parameterIds["enclaves.poolShare"], limits.enclaveShare)],
          ["oracle", oracleState],
        ]),
        ...rows.map(({ asset, row }) => statusText(asset, row, now)),
      ].join("\n\n"),
    );
  });
}

function tripCommand(): Command {
  const command = addTarget(addTransactOptions(new Command("trip"), "finance"))
    .description("as a guardian, stop an asset or the oracle at once: payments then wait for co-signatures")
    .requiredOption(...REASON);
  return command.action(async (target: string, { reason }: { reason: string }) => {
    await transact(command, async (session) => {
      const domain = await domainOf(session, target);
      return {
        call: tripCall(session, domain, reasonHash(reason)),
        title: `Trip ${nameOf(domain)}`,
        preview: [
          ["stops", "payments without an anchor's co-signature, withdrawals without approval, reclaims"],
          ["goes on", "proofs, renewals, claims"],
          ["ends", "by time, then half the limits hold; at once when a quorum of anchors resets it"],
        ],
        documents: [{ reason } satisfies Reason],
        done: `${nameOf(domain)} is tripped.`,
        result: { target },
      };
    });
  });
}

function approveResetCommand(): Command {
  const command = addTarget(addTransactOptions(new Command("approve-reset"), "anchor")).description(
    "as a live anchor, approve that what is tripped now is reset; an approval holds for this trip alone",
  );
  return command.action(async (target: string) => {
    await transact(command, async (session) => {
      const domain = await domainOf(session, target);
      const { operation, quorum } = await resetOperationOf(session, domain);
      return {
        call: approveOperationCall(session, operation),
        title: `Approve that ${nameOf(domain)} is reset`,
        preview: [["it takes", `${quorum} live anchors`]],
        done: `Approved. It takes ${quorum} live anchors: then mandate breaker reset ${target}`,
        result: { target, operation, quorum },
      };
    });
  });
}

function resetCommand(): Command {
  const command = addTarget(addTransactOptions(new Command("reset"), "relayer")).description(
    "let an asset or the oracle run by itself again, once a quorum of anchors approved; anyone may send it",
  );
  return command.action(async (target: string) => {
    await transact(command, async (session) => {
      const domain = await domainOf(session, target);
      const { operation, approved, quorum } = await resetOperationOf(session, domain);
      return {
        call: resetCall(session, domain),
        title: `Reset ${nameOf(domain)}`,
        preview: [
          [
            "approved",
            approved ? "yes" : `not yet: it takes ${quorum} live anchors (mandate breaker approve-reset ${target})`,
          ],
          ["starts again", "payments at once, within the whole limit; reclaims after a renewal window"],
        ],
        done: `${nameOf(domain)} runs by itself again.`,
        result: { target, operation },
      };
    });
  });
}

function showShortfallCommand(): Command {
  const command = addTransactOptions(new Command("show-shortfall"), "relayer")
    .argument("<asset>", "coin, test, or the address of a token")
    .description("trip an asset of which the vault has less than it owes; anyone may");
  return command.action(async (text: string) => {
    await transact(command, async (session) => {
      const asset = await assetOf(session, text);
      const owed = await read(session, "BudgetVault", iBudgetVaultAbi, "credited", [asset.address]);
      return {
        call: showShortfallCall(session, asset),
        title: `Show that ${asset.symbol} is missing`,
        preview: [["the vault owes", amountText(asset, owed)]],
        done: `${asset.symbol} is tripped until what is missing was paid in and anchors reset it.`,
        result: { asset: asset.address },
      };
    });
  });
}

function refreshCommand(): Command {
  const command = addTransactOptions(new Command("refresh-limits"), "relayer").description(
    "write the constitution's limits into the vault, after a change was enacted; anyone may",
  );
  return command.action(async () => {
    await transact(command, (session) =>
      Promise.resolve({
        call: refreshLimitsCall(session),
        title: "Write the constitution's limits into the vault",
        preview: [["counts", "from the next window of each asset on"]],
        done: "The vault has the constitution's limits.",
      }),
    );
  });
}

/** `mandate breaker …` */
export function breakerCommand(): Command {
  const command = new Command("breaker").description(
    "the circuit breaker: what may leave or be reclaimed before people look at it",
  );
  for (const verb of [
    statusCommand(),
    tripCommand(),
    approveResetCommand(),
    resetCommand(),
    showShortfallCommand(),
    approveRulingCommand(),
    ruleShortfallCommand(),
    refreshCommand(),
  ])
    command.addCommand(verb);
  return command.addHelpText(
    "after",
    `
Examples:
  $ mandate breaker status
  $ mandate breaker trip test --reason "a payee reports a stolen key" --as guardian.key
  $ mandate breaker approve-reset test --as anchor.key
  $ mandate breaker reset test --dry-run
  $ mandate breaker approve-ruling test --share 40 --as anchor.key
  $ mandate breaker rule-shortfall test --share 40
  $ mandate breaker reset oracle --sender <safe> --export reset.json`,
  );
}
