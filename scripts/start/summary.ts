import type { Foundation } from "../local/foundation.ts";
import { attestorUrls, feedUrl, operatorUrls } from "../local/configurations.ts";
import { urlOf, type Layout } from "../local/layout.ts";
import { exampleEvidence } from "./seed.ts";

/** Addresses, and what to do next. */
export function summaryOf(layout: Layout, { session }: Foundation): string {
  const { contracts } = session.deployment;
  const local =
    layout.ports.chain === 4_100 ? "" : ` --rpc-url ${urlOf(layout.ports.chain)} --deployment ${layout.deployment}`;
  return `
  Web page    ${urlOf(layout.ports.web)}
  Chain       ${urlOf(layout.ports.chain)}   (chain id ${session.deployment.chainId}; keys of the public test mnemonic: never for value)
  Indexer     ${urlOf(layout.ports.web)}/v1/status
  Data        ${urlOf(layout.ports.acl)}/v1/status
  Evidence    ${urlOf(layout.ports.evidence)}/healthz
  Notices     ${feedUrl(layout)}
  Operators   ${operatorUrls(layout).join("  ")}
  Attestors   ${attestorUrls(layout).join("  ")}
  Vault       ${contracts.BudgetVault}
  Oracle      ${contracts.HeartbeatOracle}
  Authority   ${contracts.Authority}
  State, logs ${layout.directory}

  Three example projects: "watch" does its work and its lease is renewed each minute; "dormant" does none, its lease
  runs out after two reports, and then anybody can return its money to the pool; "next" waits to be funded on the page
  from the wallet of finance, account 1 of the public test mnemonic.

  What to do next, in another terminal:
    npm run -s mandate -- project list${local}
    npm run -s mandate -- pool fund main --amount 100 --asset coin${local}
    echo '${JSON.stringify({ kind: "json-assertions", document: exampleEvidence })}' > evidence.json
    npm run -s mandate -- milestone release <project> 0 --evidence evidence.json --attestors ${attestorUrls(layout).slice(0, 2).join(" ")}${local}

  Ctrl-C stops everything; the next npm start continues from here.
`;
}
