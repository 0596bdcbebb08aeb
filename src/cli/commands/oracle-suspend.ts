import { Command } from "commander";
import { z } from "zod";
import { heartbeatOracleAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { operatorSetOf } from "../../oracle/epochs/oracle-chain.ts";
import {
  doubleSigningSchema,
  suspendArguments,
  verifyDoubleSigning,
  type DoubleSigning,
} from "../../oracle/suspension/double-signing.ts";
import { contractCall } from "../../sdk/contract-call.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { addressOrName } from "../chain/signer.ts";
import { addTransactOptions, transact, type Transaction } from "../chain/transact.ts";
import { jsonValueOf, servedText } from "./oracle-served.ts";

interface SuspendOptions {
  readonly url?: string;
  readonly evidence?: string;
}

const servedSchema = z.strictObject({ doubleSignings: z.array(doubleSigningSchema) });

function textOf({ url, evidence }: SuspendOptions): Promise<string> {
  return servedText({ url, file: evidence }, "/v1/double-signings", {
    unnamed: () =>
      new MandateError("DoubleSigningUnnamed", "name the evidence with either --url or --evidence", {
        kind: "input",
        remedy: "Name one operator (--url), or a file that one served (--evidence).",
      }),
    missing: () =>
      new MandateError("OperatorUnreachable", "what answers at the URL named is no operator", { kind: "input" }),
  });
}

/** The latest evidence against the operator. */
function parse(text: string, operator: Hex): DoubleSigning {
  const parsed = servedSchema.safeParse(jsonValueOf(text));
  if (!parsed.success) {
    throw new MandateError("DoubleSigningMalformed", `that is no evidence: ${z.prettifyError(parsed.error)}`, {
      kind: "input",
    });
  }
  const lower = operator.toLowerCase();
  const found = parsed.data.doubleSignings
    .filter((each) => each.operator === lower)
    .reduce<DoubleSigning | undefined>(
      (a, b) => (a !== undefined && a.report.epoch > b.report.epoch ? a : b),
      undefined,
    );
  if (found !== undefined) return found;
  throw new MandateError(
    "DoubleSigningMissing",
    `there is no evidence that ${operator} signed two reports of an epoch`,
    {
      kind: "refused",
      data: { operator },
      remedy: "Ask another operator.",
    },
  );
}

async function prepare(session: Session, evidence: DoubleSigning): Promise<Transaction> {
  const { operator, report, other } = evidence;
  const address = addressOf(session, "HeartbeatOracle");
  const set = operatorSetOf(
    await session.client.readContract({
      address,
      abi: heartbeatOracleAbi,
      functionName: "operatorSet",
      args: [report.epoch],
    }),
  );
  await verifyDoubleSigning(evidence, set, { chainId: session.deployment.chainId, verifyingContract: address });
  return {
    call: contractCall(session, "HeartbeatOracle", heartbeatOracleAbi, "suspend", suspendArguments(evidence)),
    title: `Suspend the operator ${operator}`,
    preview: [
      ["signed for epoch", String(report.epoch)],
      ["root", report.root],
      ["and root", other.root],
      ["effect", "its seat is vacant from the next epoch on; the quorum stays"],
    ],
    done: `The operator ${operator} is suspended from the next epoch on.`,
    result: { operator, epoch: report.epoch },
  };
}

/** `mandate oracle suspend <operator>` */
export function suspendCommand(): Command {
  const command = new Command("suspend")
    .description(
      "take the seat of an operator that signed two reports of an epoch: anyone may, with the evidence of it",
    )
    .argument("<operator>", "address of the operator", addressOrName)
    .option("--url <url>", "operator that holds the evidence")
    .option("--evidence <file>", "what an operator served at /v1/double-signings");
  return addTransactOptions(command, "relayer")
    .addHelpText(
      "after",
      "\nOperators that submit do this by themselves.\n\nExample:\n  $ mandate oracle suspend 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --url http://127.0.0.1:4111 --dry-run",
    )
    .action(async function (this: Command, operator: Hex, options: SuspendOptions) {
      const evidence = parse(await textOf(options), operator);
      await transact(this, (session) => prepare(session, evidence));
    });
}
