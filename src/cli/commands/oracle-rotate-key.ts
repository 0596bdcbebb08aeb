import { Command } from "commander";
import { systemClock } from "../../core/clock.ts";
import { loadOperatorConfiguration } from "../../oracle/configuration/operator-configuration.ts";
import { prepareRotation } from "../../oracle/operations/rotate-key.ts";
import { withoutSecrets } from "../../oracle/operations/without-secrets.ts";
import { confirm } from "../chain/confirm.ts";
import { outputOf } from "../output.ts";
import { factsText } from "../text/table.ts";
import { addConsentOptions, consentOptionsOf, unsignedText, type ConsentFlags } from "./oracle-consent.ts";

interface RotateOptions extends ConsentFlags {
  readonly config: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

async function rotate(this: Command, options: RotateOptions): Promise<void> {
  const output = outputOf(this);
  const configuration = loadOperatorConfiguration(options.config);
  const prepared = await withoutSecrets(configuration, () => prepareRotation(configuration, consentOptionsOf(options)));
  const { operator, delegate, replaces, isNamed, fromEpoch, deadline, ready } = prepared;
  const title = "Let the configured signing key sign in the operator's seat";
  const effect =
    fromEpoch === null ? "in sets that are scheduled from now on" : `for reports from epoch ${fromEpoch} on`;
  output.note(
    [
      title,
      factsText([
        ["operator", operator],
        ["signing key", delegate],
        ["in the place of", isNamed ? "none: it is named already" : replaces],
        ["signs", effect],
        ...("gas" in ready ? ([["gas", `at most ${ready.gas} at first`]] as const) : []),
      ]),
    ].join("\n"),
  );
  const result = { operator, delegate, replaces, isNamed, fromEpoch };
  if ("message" in ready) {
    const { message } = ready;
    output.result({ ...result, sent: false, message, deadline }, unsignedText(message, deadline));
    return;
  }
  if (options.dryRun === true) {
    output.result({ ...result, sent: false }, "It would succeed now. Nothing was sent.");
    return;
  }
  await confirm(`${title}?`, options.yes === true);
  const { named, rotated } = await withoutSecrets(configuration, () => ready.send(systemClock));
  const done = [
    ...(named === null ? [] : [`named in transaction ${named.transaction}`]),
    ...(rotated === null ? [] : [`rotated in transaction ${rotated.transaction}`]),
  ];
  output.result(
    { ...result, sent: true, named: named?.transaction ?? null, rotated: rotated?.transaction ?? null },
    `The key signs ${effect}; the one before it signs those before.\n${done.join("\n")}`,
  );
}

/** `mandate oracle rotate-key` */
export function rotateKeyCommand(): Command {
  const command = new Command("rotate-key")
    .description(
      "let keys.signing sign in the operator's seat, and take its newest cosigning key into it; the gas key pays",
    )
    .requiredOption("--config <file>", "configuration (YAML or JSON) with the new key");
  return addConsentOptions(command)
    .option("--dry-run", "check and show the rotation, send nothing")
    .option("--yes", "send without asking")
    .addHelpText(
      "after",
      `
Where the operator's own key is elsewhere, the first run shows what it has to sign, and the second takes the signature.
The report on the running epoch is still signed by the key before: replace it after that one, and before the next epoch ends.

Examples:
  $ mandate oracle rotate-key --config new.yaml --operator 0x7099…
  $ mandate oracle rotate-key --config new.yaml --operator 0x7099… --deadline 1795000000 --signature 0x…
  $ mandate oracle rotate-key --config new.yaml --operator-key operator.key --yes --json`,
    )
    .action(rotate);
}
