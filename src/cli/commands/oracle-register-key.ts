import { Command } from "commander";
import { systemClock } from "../../core/clock.ts";
import { loadOperatorConfiguration } from "../../oracle/configuration/operator-configuration.ts";
import { prepareRegistration } from "../../oracle/operations/register-key.ts";
import { withoutSecrets } from "../../oracle/operations/without-secrets.ts";
import { confirm } from "../chain/confirm.ts";
import { outputOf } from "../output.ts";
import { factsText } from "../text/table.ts";
import { addConsentOptions, consentOptionsOf, unsignedText, type ConsentFlags } from "./oracle-consent.ts";

interface RegisterOptions extends ConsentFlags {
  readonly config: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

async function register(this: Command, options: RegisterOptions): Promise<void> {
  const output = outputOf(this);
  const configuration = loadOperatorConfiguration(options.config);
  const prepared = await withoutSecrets(configuration, () =>
    prepareRegistration(configuration, consentOptionsOf(options)),
  );
  const { operator, key, replaces, keys, deadline, ready } = prepared;
  const title = "Register the key by which this operator signs together with others";
  output.note(
    [
      title,
      factsText([
        ["operator", operator],
        ["key", key],
        ["in the place of", replaces ?? "none"],
        ["contract", keys],
        ...("gas" in ready ? ([["gas", `at most ${ready.gas}`]] as const) : []),
      ]),
    ].join("\n"),
  );
  if ("message" in ready) {
    const { message } = ready;
    output.result({ operator, key, replaces, sent: false, message, deadline }, unsignedText(message, deadline));
    return;
  }
  const result = { operator, key, replaces, gas: ready.gas };
  if (options.dryRun === true) {
    output.result({ ...result, sent: false }, "It would succeed now. Nothing was sent.");
    return;
  }
  await confirm(`${title}?`, options.yes === true);
  const { transaction, block } = await withoutSecrets(configuration, () => ready.send(systemClock));
  output.result(
    { ...result, sent: true, transaction, block },
    `The key is registered. It counts in operator sets that are scheduled from now on, and in its seat after mandate oracle rotate-key.\nblock ${block}, transaction ${transaction}`,
  );
}

/** `mandate oracle register-key` */
export function registerKeyCommand(): Command {
  const command = new Command("register-key")
    .description("register keys.cosigning on the chain, by which the operators sign reports together; the gas key pays")
    .requiredOption("--config <file>", "configuration (YAML or JSON)");
  return addConsentOptions(command)
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
