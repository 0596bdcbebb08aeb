import { Command, InvalidArgumentError } from "commander";
import { createChainClient, type ChainClient } from "../../chain/client.ts";
import { createQuorumClient } from "../../chain/rpc/quorum-transport.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { loadOperatorConfiguration } from "../../oracle/configuration/operator-configuration.ts";
import type { EvidenceStore } from "../../oracle/evidence/evidence-store.ts";
import { withoutSecrets } from "../../oracle/operations/without-secrets.ts";
import { participation, type Participation } from "../../oracle/participation/participation.ts";
import { readChainRecord } from "../../oracle/participation/read-chain-record.ts";
import { readEvidence } from "../../oracle/participation/read-evidence.ts";
import { evidenceOf } from "../../oracle/run-operator.ts";
import { outputOf } from "../output.ts";
import { participationText } from "../text/participation-text.ts";
import { countOf, countWithin } from "../values/count.ts";

const epochNumber = countWithin(1, 0xffff_ffff);

interface Options {
  readonly config?: string;
  readonly rpcUrl?: string;
  readonly oracle?: Hex;
  readonly fromBlock: number;
  readonly from?: number;
  readonly to?: number;
}

interface Place {
  readonly client: ChainClient;
  readonly oracle: Hex;
  readonly fromBlock: number;
  readonly evidence?: EvidenceStore;
}

function address(text: string): Hex {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw new InvalidArgumentError("not an address");
  return text.toLowerCase() as Hex;
}

async function read({ client, oracle, fromBlock, evidence }: Place, { from, to }: Options): Promise<Participation> {
  const record = await readChainRecord(client, { oracle, fromBlock }, { from, to });
  return participation(record, evidence === undefined ? [] : await readEvidence(evidence, record));
}

/** An endpoint of a chain whose id nobody named. */
async function clientOf(rpcUrl: string): Promise<ChainClient> {
  const asked = createChainClient({ chainId: 1, rpcUrl });
  const chainId = await asked.getChainId().catch((cause: unknown) => {
    throw new MandateError("ChainUnreachable", "no chain answers at the endpoint named", {
      kind: "retry",
      cause,
      remedy: "Name another endpoint with --rpc-url.",
    });
  });
  return createChainClient({ chainId, rpcUrl });
}

async function run(this: Command, options: Options): Promise<void> {
  const { config, rpcUrl, oracle, fromBlock, from, to } = options;
  if (from !== undefined && to !== undefined && from > to) {
    throw new MandateError("EpochRangeEmpty", `there is no epoch from ${from} to ${to}`, {
      kind: "input",
      data: { from, to },
      remedy: "Name the earlier epoch with --from.",
    });
  }
  let found: Participation;
  if (config !== undefined && rpcUrl === undefined && oracle === undefined) {
    const configuration = loadOperatorConfiguration(config);
    found = await withoutSecrets(configuration, () => {
      const place = { oracle: configuration.oracle, fromBlock: configuration.fromBlock };
      const evidence = evidenceOf(configuration.data);
      return read({ ...place, client: createQuorumClient(configuration), evidence }, options);
    });
  } else if (config === undefined && rpcUrl !== undefined && oracle !== undefined) {
    found = await read({ client: await clientOf(rpcUrl), oracle, fromBlock }, options);
  } else {
    throw new MandateError("OracleNotNamed", "an oracle is named in one of two ways", {
      kind: "input",
      remedy: "Name --config <file>, or --rpc-url <url> and --oracle <address>.",
    });
  }
  outputOf(this).result(found, participationText(found));
}

/** `mandate oracle participation` */
export function participationCommand(): Command {
  return new Command("participation")
    .description(
      "who signed and submitted accepted reports, and whose observations agreed: from the chain and evidence",
    )
    .option("--config <file>", "configuration of an operator: its endpoints, and its evidence")
    .option("--rpc-url <url>", "JSON-RPC endpoint, where there is no operator: the chain alone")
    .option("--oracle <address>", "oracle contract, with --rpc-url", address)
    .option("--from-block <number>", "block of the deployment or an earlier one, with --rpc-url", countOf, 0)
    .option("--from <epoch>", "first epoch; that of the first report where not named", epochNumber)
    .option("--to <epoch>", "last epoch; that of the last report where not named", epochNumber)
    .addHelpText(
      "after",
      `
Examples:
  $ mandate oracle participation --config operator.yaml
  $ mandate oracle participation --config operator.yaml --from 1200 --to 1300 --json
  $ mandate oracle participation --rpc-url http://127.0.0.1:4100 --oracle 0x…`,
    )
    .action(run);
}
