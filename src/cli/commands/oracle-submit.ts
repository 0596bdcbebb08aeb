import { Command } from "commander";
import { z } from "zod";
import { heartbeatOracleAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { operatorSetOf } from "../../oracle/epochs/oracle-chain.ts";
import { signedReportSchema, verifySignedReport, type SignedReport } from "../../oracle/submission/signed-report.ts";
import { contractCall } from "../../sdk/contract-call.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { addTransactOptions, transact, type Transaction } from "../chain/transact.ts";
import { countOf } from "../values/count.ts";
import { jsonValueOf, servedText } from "./oracle-served.ts";

interface SubmitOptions {
  readonly url?: string;
  readonly bundle?: string;
}

/** The text of the signed report, from an operator or a file. */
function textOf(epoch: number, { url, bundle }: SubmitOptions): Promise<string> {
  return servedText({ url, file: bundle }, `/v1/epochs/${epoch}/signed-report`, {
    unnamed: () =>
      new MandateError("SignedReportUnnamed", "name the signed report with either --url or --bundle", {
        kind: "input",
        remedy: "Name one operator (--url), or a file that one served (--bundle).",
      }),
    missing: () =>
      new MandateError("SignedReportMissing", `that operator holds no quorum of signatures for epoch ${epoch}`, {
        kind: "retry",
        data: { epoch },
        remedy: "Ask another operator, or wait: signatures are gathered until the deadline.",
      }),
  });
}

function parse(text: string, epoch: number): SignedReport {
  const parsed = signedReportSchema.safeParse(jsonValueOf(text));
  const problem = !parsed.success
    ? z.prettifyError(parsed.error)
    : parsed.data.report.epoch === epoch
      ? undefined
      : `it is of epoch ${parsed.data.report.epoch}, not ${epoch}`;
  if (parsed.success && problem === undefined) return parsed.data;
  throw new MandateError("SignedReportMalformed", `that is no signed report of epoch ${epoch}: ${problem}`, {
    kind: "input",
    data: { epoch },
  });
}

async function prepare(session: Session, signed: SignedReport): Promise<Transaction> {
  const { report, signers, signatures } = signed;
  const address = addressOf(session, "HeartbeatOracle");
  const found = await session.client.readContract({
    address,
    abi: heartbeatOracleAbi,
    functionName: "operatorSet",
    args: [report.epoch],
  });
  const set = operatorSetOf(found);
  const place = { chainId: session.deployment.chainId, verifyingContract: address };
  const by = await verifySignedReport(signed, set, place);
  return {
    call: contractCall(session, "HeartbeatOracle", heartbeatOracleAbi, "submit", [report, signers, signatures]),
    title: `Submit the report of epoch ${report.epoch}`,
    preview: [
      ["signed by", `${by.length} of ${set.operators.length} operators, quorum ${set.quorum}`],
      ["projects", `${report.leafCount}, of which ${report.scored} scored and ${report.surviving} survive`],
      ["root", report.root],
    ],
    done: `The report of epoch ${report.epoch} is accepted.`,
    result: { epoch: report.epoch, root: report.root, operators: by },
  };
}

/** `mandate oracle submit <epoch>` */
export function submitCommand(): Command {
  const command = new Command("submit")
    .description("submit a report that a quorum signed, where the operators cannot: anyone may, with any funded key")
    .argument("<epoch>", "epoch of the report", countOf)
    .option("--url <url>", "operator that holds the signatures")
    .option("--bundle <file>", "what an operator served at /v1/epochs/<epoch>/signed-report");
  return addTransactOptions(command, "relayer")
    .addHelpText("after", "\nExample:\n  $ mandate oracle submit 12 --url http://127.0.0.1:4111 --dry-run")
    .action(async function (this: Command, epoch: number, options: SubmitOptions) {
      const signed = parse(await textOf(epoch, options), epoch);
      await transact(this, (session) => prepare(session, signed));
    });
}
