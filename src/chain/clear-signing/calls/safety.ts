import { address, describe, raw, share, type CallDescriptions } from "../description.ts";

const reason = raw("reason", "Hash of the reason");

export const circuitBreaker: CallDescriptions = {
  trip: describe(
    "Trip an asset: its payments wait for co-signatures",
    [address("asset", "Asset"), reason],
    "Stop what moves {asset} by itself",
  ),
  tripOracle: describe("Trip an oracle: what rests on its reports waits for people", [
    address("oracle", "Oracle"),
    reason,
  ]),
  showShortfall: describe("Show that the vault has less of an asset than it owes, which trips it", [
    address("asset", "Asset"),
  ]),
  reset: describe("Let an asset move by itself again, as a quorum of anchors approved", [address("asset", "Asset")]),
  ruleShortfall: describe(
    "While money is missing, let payees take a share of their claims, as a quorum of anchors approved",
    [address("asset", "Asset"), share("share", "Share of each claim")],
  ),
  resetOracle: describe("Let what rests on an oracle move by itself again, as a quorum of anchors approved", [
    address("oracle", "Oracle"),
  ]),
  refreshLimits: describe("Write the constitution's limits into the vault", []),
};
