import type { Abi } from "viem";
import { iActionCatalogAbi, iConstitutionAbi, iTeamsAbi } from "../../src/chain/abi.ts";
import { devAccount, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import { contractCall } from "../../src/sdk/contract-call.ts";
import { send } from "../../src/sdk/send.ts";
import { addressOf, type Session } from "../../src/sdk/session.ts";
import { nativeCoin } from "../../src/sdk/asset.ts";
import { MandateError } from "../../src/core/errors/mandate-error.ts";
import type { Hex } from "../../src/core/hex.ts";
import { textOfAsciiWord } from "../../src/org/ascii-word.ts";
import { foundingCalls, type FoundingCall } from "../../src/org/teams/founding-calls.ts";
import { organizationFile } from "../../src/org/teams/organization-file.ts";
import { tenTeamOffice } from "../../src/org/teams/ten-team-office.ts";
import { publishDocument } from "./publish-document.ts";

/** Who answers for the teams that are not named here. */
const usualAnchor: DevAccountName = "anchor";

const otherAnchors: Readonly<Record<string, DevAccountName>> = {
  strategy: "strategyAnchor",
  sales: "strategyAnchor",
  rd: "strategyAnchor",
  legal: "legalAnchor",
  audit: "legalAnchor",
  hr: "legalAnchor",
};

const abis: Record<FoundingCall["contract"], Abi> = { ActionCatalog: iActionCatalogAbi, Teams: iTeamsAbi };

/** Units of account (4 decimals) for 1e18 base units, and how long the first valuation holds. */
const valuations = [
  { asset: "TestToken", rate: 1_0000n, minimum: 1n, maximum: 100_0000n },
  { asset: nativeCoin, rate: 3_000_0000n, minimum: 1_0000n, maximum: 100_000_0000n },
] as const;
const VALID_SECONDS = 30 * 86_400;

/** Opens the ten teams and the CEO office. @returns numbers of the teams by their id. */
export async function openTeams(session: Session, documents: string): Promise<Readonly<Record<string, number>>> {
  const catalog = { address: addressOf(session, "ActionCatalog"), abi: iActionCatalogAbi } as const;
  const scopes = await session.client.readContract({ ...catalog, functionName: "scopes" });
  const plan = foundingCalls({
    organization: tenTeamOffice,
    anchors: Object.fromEntries(
      tenTeamOffice.teams.map(({ id }) => [id, devAccount(otherAnchors[id] ?? usualAnchor).address]),
    ),
    targets: {},
    knownScopes: scopes.map(textOfAsciiWord),
    reason: publishDocument(documents, organizationFile(tenTeamOffice)),
  });
  if (!plan.planned) {
    const names = plan.missing.map(({ kind, name }) => `${kind} ${name}`).join(", ");
    throw new MandateError("OrganizationIncomplete", `the example organization lacks ${names}`, { kind: "defect" });
  }
  for (const { contract, functionName, args } of plan.calls) {
    const address = addressOf(session, contract);
    await send(session, devAccount("governor"), {
      contract,
      address,
      abi: abis[contract],
      functionName,
      args,
      value: 0n,
    });
  }
  return plan.teamNumbers;
}

/** Says what the example's assets are worth in the unit of account. */
export async function valueAssets(session: Session, documents: string): Promise<void> {
  const reason = publishDocument(documents, { reason: "example valuation of a local chain" });
  const { timestamp } = await session.client.getBlock();
  const validUntil = Number(timestamp) + VALID_SECONDS;
  for (const { asset, rate, minimum, maximum } of valuations) {
    const address: Hex = asset === "TestToken" ? addressOf(session, asset) : asset;
    const define = contractCall(session, "Constitution", iConstitutionAbi, "defineAsset", [address, minimum, maximum]);
    await send(session, devAccount("governor"), define);
    const value = contractCall(session, "Constitution", iConstitutionAbi, "setRate", [
      address,
      rate,
      validUntil,
      reason,
    ]);
    await send(session, devAccount("finance"), value);
  }
}
