/**
 * `npm run bench:gas`: measures whole-transaction gas on one EVM, prints ours beside peers, and writes `bench/results/gas.json`.
 * Fails on an error, never on a figure.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import Table from "cli-table3";
import { measureEscalations } from "./operations/accountability.ts";
import { measureAuthority } from "./operations/authority.ts";
import { measureLeaseBatches } from "./operations/lease-batches.ts";
import { measureReports } from "./operations/oracle.ts";
import { measureVotes } from "./operations/strategy.ts";
import { measureTreasury } from "./operations/treasury.ts";
import type { GasTable } from "./measurement.ts";
import { publishedPeers } from "./published-peers.ts";

const target = new URL("../results/gas.json", import.meta.url);

const suites: readonly (readonly [string, () => Promise<GasTable>])[] = [
  ["grants and checks", measureAuthority],
  ["escalations", measureEscalations],
  ["release, renewal, reclaim", measureTreasury],
  ["batches of renewals and reclaims", measureLeaseBatches],
  ["reports", measureReports],
  ["votes", measureVotes],
];

const measured: GasTable = {};
for (const [name, measure] of suites) {
  console.error(`measuring ${name}…`);
  Object.assign(measured, await measure());
}

const results: GasTable = Object.fromEntries(
  Object.entries(measured).map(([key, { gas, peers }]) => [key, { gas, peers: { ...peers, ...publishedPeers[key] } }]),
);

const table = new Table({
  head: ["operation", "gas", "peers"],
  colAligns: ["left", "right", "left"],
  style: { head: [] },
});
for (const [key, { gas, peers }] of Object.entries(results)) {
  const listed = Object.entries(peers).map(([peer, figure]) => `${figure.toLocaleString("en")}  ${peer}`);
  table.push([key, gas.toLocaleString("en"), listed.join("\n")]);
}
console.log(table.toString());
mkdirSync(new URL(".", target), { recursive: true });
writeFileSync(target, `${JSON.stringify(results, undefined, 2)}\n`);
console.log("written: bench/results/gas.json");
