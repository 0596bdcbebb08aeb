import { Command } from "commander";
import { z } from "zod";
import { heartbeatOracleAbi, reportFundAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { checkFund } from "../../oracle/operations/check-fund.ts";
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
  readonly fund?: boolean;
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

async function prepare(session: Session, signed: SignedReport, isRefunded: boolean): Promise<Transaction> {
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
  const args = [report, signers, signatures] as const;
  const refund = isRefunded
    ? await checkFund(session.client, addressOf(session, "ReportFund"), address)
    : { detail: "none: with --fund, the deployment's fund pays it back" };
  return {
    call: isRefunded
      ? contractCall(session, "ReportFund", reportFundAbi, "submit", args)
      : contractCall(session, "HeartbeatOracle", heartbeatOracleAbi, "submit", args),
    title: `Submit the report of epoch ${report.epoch}`,
    preview: [
      ["signed by", `${by.length} of ${set.operators.length} operators, quorum ${set.quorum}`],
      ["projects", `${report.leafCount}, of which ${report.scored} scored and ${report.surviving} survive`],
      ["root", report.root],
      ["refund", refund.detail],
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
    .option("--bundle <file>", "what an operator served at /v1/epochs/<epoch>/signed-report")
    .option("--fund", "through the deployment's ReportFund, which refunds what an accepted report cost");
  return addTransactOptions(command, "relayer")
    .addHelpText(
      "after",
      `
Examples:
  $ mandate oracle submit 12 --url http://127.0.0.1:4111 --dry-run
  $ mandate oracle submit 12 --bundle signed-report.json --fund --yes`,
    )
    .action(async function (this: Command, epoch: number, options: SubmitOptions) {
      const signed = parse(await textOf(epoch, options), epoch);
      await transact(this, (session) => prepare(session, signed, options.fund === true));
    });
}
