import { Command, InvalidArgumentError } from "commander";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { operatorFiles } from "../../oracle/operations/configuration-text.ts";
import { initOperator, type InitializedOperator } from "../../oracle/operations/init-operator.ts";
import { processTerminal, type Terminal } from "../chain/confirm.ts";
import { outputOf } from "../output.ts";
import { countOf, countWithin } from "../values/count.ts";

interface InitCommandOptions {
  readonly directory: string;
  readonly chainId?: number;
  readonly rpcUrl: readonly string[];
  readonly oracle?: string;
  readonly fromBlock: number;
  readonly listen: { readonly host: string; readonly port: number };
  readonly peer: readonly string[];
  readonly keys: boolean;
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function listenPlace(text: string): { host: string; port: number } {
  const [, host, port] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) throw new InvalidArgumentError("not a port, nor host:port");
  return { host: (host ?? "127.0.0.1").replace(/^\[(.*)\]$/, "$1"), port: Number(port) };
}

/** An option, or the answer of the person at the terminal. @throws {MandateError} `OptionMissing` where nobody is there. */
async function given(value: string | undefined, option: string, question: string, terminal: Terminal): Promise<string> {
  if (value !== undefined && value !== "") return value;
  if (!terminal.present) {
    throw new MandateError("OptionMissing", `${option} is missing, and there is no terminal to ask at`, {
      kind: "input",
      data: { option },
      remedy: `Add ${option}; \`mandate oracle init --help\` shows an example.`,
    });
  }
  return (await terminal.ask(`${question}: `)).trim();
}

function nextSteps({ configuration, addresses }: InitializedOperator): readonly string[] {
  const keys =
    addresses === null
      ? `Put keystores into ${operatorFiles.signing} and ${operatorFiles.gas}, their password into ${operatorFiles.password} (mode 0600), or name other places under \`keys\`.`
      : `Back up ${operatorFiles.signing} and ${operatorFiles.gas} apart from ${operatorFiles.password}. Ask for a seat for ${addresses.signing}; send gas money to ${addresses.gas}.`;
  return [
    keys,
    "Name what definitions may read under `sources`, and the other operators under `peers`.",
    `mandate oracle check --config ${configuration}`,
    `mandate oracle dry-run --config ${configuration}`,
    `mandate oracle run --config ${configuration}`,
    "When it says that it would submit reports, set `submit: true` and start it again.",
  ];
}

async function init(this: Command, options: InitCommandOptions): Promise<void> {
  const ask = (value: string | undefined, option: string, question: string): Promise<string> =>
    given(value, option, question, processTerminal);
  const chainId = Number(await ask(options.chainId?.toString(), "--chain-id", "Chain id"));
  const rpcUrls = await ask(
    options.rpcUrl.join(" "),
    "--rpc-url",
    "URLs of the chain's endpoints, with spaces between",
  );
  const oracle = await ask(options.oracle, "--oracle", "Address of the oracle contract");
  const { directory, fromBlock, listen, peer: peers, keys: makeKeys } = options;
  const written = await initOperator({
    directory,
    chainId,
    rpcUrls: rpcUrls.split(/\s+/),
    oracle,
    fromBlock,
    ...listen,
    peers,
    makeKeys,
  });
  const steps = nextSteps(written);
  const text = [`Wrote ${written.files.join(", ")}.`, "", "Next:", ...steps.map((each, at) => `  ${at + 1}. ${each}`)];
  outputOf(this).result({ ...written, nextSteps: steps }, text.join("\n"));
}

/** `mandate oracle init` */
export function initCommand(): Command {
  return new Command("init")
    .description("write a new operator's configuration and keystores; overwrites nothing, asks for what is missing")
    .option("--directory <directory>", "where to write", ".")
    .option("--chain-id <number>", "id of the chain", countWithin(1, Number.MAX_SAFE_INTEGER))
    .option("--rpc-url <url>", "an endpoint of the chain; repeat it, for three, of which two must agree", collect, [])
    .option("--oracle <address>", "the oracle contract")
    .option("--from-block <number>", "block of the deployment", countOf, 0)
    .option("--listen <host:port>", "where this operator is reached", listenPlace, { host: "127.0.0.1", port: 4111 })
    .option("--peer <url>", "another operator; repeat it for more", collect, [])
    .option("--no-keys", "make no keystores")
    .addHelpText(
      "after",
      `
Example:
  $ mandate oracle init --directory /etc/mandate --chain-id 1 --rpc-url http://127.0.0.1:8545 \\
      --oracle 0x5fc8d32690cc91d4c39d9d3abcbd16989f875707`,
    )
    .action(init);
}
