import { Command } from "commander";
import { systemClock } from "../../core/clock.ts";
import { loadOperatorConfiguration } from "../../oracle/configuration/operator-configuration.ts";
import { prepareRegistration } from "../../oracle/operations/register-key.ts";
import { withoutSecrets } from "../../oracle/operations/without-secrets.ts";
import { confirm } from "../chain/confirm.ts";
import { outputOf } from "../output.ts";
import { factsText } from "../text/table.ts";

interface RegisterOptions {
  readonly config: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

async function register(this: Command, options: RegisterOptions): Promise<void> {
  const output = outputOf(this);
  const configuration = loadOperatorConfiguration(options.config);
  const prepared = await withoutSecrets(configuration, () => prepareRegistration(configuration));
  const { operator, key, replaces, keys, gas } = prepared;
  const title = "Register the key by which this operator signs together with others";
  output.note(
    [
      title,
      factsText([
        ["operator", operator],
        ["key", key],
        ["in the place of", replaces ?? "none"],
        ["contract", keys],
        ["gas", `at most ${gas}`],
      ]),
    ].join("\n"),
  );
  const result = { operator, key, replaces, gas };
  if (options.dryRun === true) {
    output.result({ ...result, sent: false }, "It would succeed now. Nothing was sent.");
    return;
  }
  await confirm(`${title}?`, options.yes === true);
  const { transaction, block } = await withoutSecrets(configuration, () => prepared.send(systemClock));
  output.result(
    { ...result, sent: true, transaction, block },
    `The key is registered. It counts in operator sets that are scheduled from now on.\nblock ${block}, transaction ${transaction}`,
  );
}

/** `mandate oracle register-key` */
export function registerKeyCommand(): Command {
  return new Command("register-key")
    .description("register keys.cosigning on the chain, by which the operators sign reports together; the gas key pays")
    .requiredOption("--config <file>", "configuration (YAML or JSON)")
    .option("--dry-run", "check and show the registration, send nothing")
    .option("--yes", "send without asking")
    .addHelpText(
      "after",
      `
Examples:
  $ mandate oracle register-key --config operator.yaml --dry-run
  $ mandate oracle register-key --config operator.yaml --yes --json`,
    )
    .action(register);
}
