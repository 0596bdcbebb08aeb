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

function parse(text: string): readonly DoubleSigning[] {
  const parsed = servedSchema.safeParse(jsonValueOf(text));
  if (parsed.success) return parsed.data.doubleSignings;
  throw new MandateError("DoubleSigningMalformed", `that is no evidence: ${z.prettifyError(parsed.error)}`, {
    kind: "input",
  });
}

/** The latest evidence against an operator, known by its own address or by its delegate's, and the set that it sat in. */
async function findAgainst(session: Session, served: readonly DoubleSigning[], operator: Hex) {
  const wanted = operator.toLowerCase();
  for (const evidence of served.toSorted((a, b) => b.report.epoch - a.report.epoch)) {
    const set = operatorSetOf(
      await session.client.readContract({
        address: addressOf(session, "HeartbeatOracle"),
        abi: heartbeatOracleAbi,
        functionName: "operatorSet",
        args: [evidence.report.epoch],
      }),
    );
    const name = set.names[evidence.seat];
    if (name === wanted || evidence.operator === wanted) return { evidence, set, name: name ?? evidence.operator };
  }
  const problem = `there is no evidence that ${operator} signed two reports of an epoch`;
  throw new MandateError("DoubleSigningMissing", problem, {
    kind: "refused",
    data: { operator },
    remedy: "Ask another operator.",
  });
}

async function prepare(session: Session, served: readonly DoubleSigning[], operator: Hex): Promise<Transaction> {
  const { evidence, set, name } = await findAgainst(session, served, operator);
  const { report, other } = evidence;
  const place = { chainId: session.deployment.chainId, verifyingContract: addressOf(session, "HeartbeatOracle") };
  await verifyDoubleSigning(evidence, set, place);
  return {
    call: contractCall(session, "HeartbeatOracle", heartbeatOracleAbi, "suspend", suspendArguments(evidence)),
    title: `Suspend the operator ${name}`,
    preview: [
      ["signed by", evidence.operator],
      ["for epoch", String(report.epoch)],
      ["root", report.root],
      ["and root", other.root],
      ["effect", "its seat is vacant from the next epoch on; the quorum stays"],
    ],
    done: `The operator ${name} is suspended from the next epoch on.`,
    result: { operator: name, epoch: report.epoch },
  };
}

/** `mandate oracle suspend <operator>` */
export function suspendCommand(): Command {
  const command = new Command("suspend")
    .description(
      "take the seat of an operator that signed two reports of an epoch: anyone may, with the evidence of it",
    )
    .argument("<operator>", "address of the operator, or of the delegate that signed for it", addressOrName)
    .option("--url <url>", "operator that holds the evidence")
    .option("--evidence <file>", "what an operator served at /v1/double-signings");
  return addTransactOptions(command, "relayer")
    .addHelpText(
      "after",
      "\nOperators that submit do this by themselves.\n\nExample:\n  $ mandate oracle suspend 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --url http://127.0.0.1:4111 --dry-run",
    )
    .action(async function (this: Command, operator: Hex, options: SuspendOptions) {
      const served = parse(await textOf(options));
      await transact(this, (session) => prepare(session, served, operator));
    });
}
