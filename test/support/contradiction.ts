/** Evidence that takes an operator's seat: two reports on one epoch that it signed. */
import { TypedDataEncoder } from "ethers";

import { oracleDomain, reportTypes, signReport, type Report } from "./oracle.ts";
import { reportOn, type OracleStage } from "./oracle-stage.ts";

const otherManifest = `0x${"9".repeat(64)}`;

/** Two reports on epoch 1 that `seat` signed, as `suspend` takes them. */
export async function contradiction(
  { oracle, operators }: Pick<OracleStage, "oracle" | "operators">,
  chainId: bigint,
  seat: number,
  changes: Partial<Report> = {},
) {
  const one = await reportOn({ oracle }, 1, [], changes);
  const two = { ...one, manifest: otherManifest };
  const [first, second] = await Promise.all(
    [one, two].map((report) => signReport(oracle, chainId, operators, [seat], report)),
  );
  if (first === undefined || second === undefined) throw new Error("not signed");
  const domain = oracleDomain(await oracle.getAddress(), chainId);
  return {
    digests: [one, two].map((report) => TypedDataEncoder.hash(domain, reportTypes, report)),
    args: [one, two, seat, first.signatures, second.signatures] as const,
  };
}
