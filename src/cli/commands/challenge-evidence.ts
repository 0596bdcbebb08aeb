import { Command } from "commander";
import { EvidenceClient } from "../../chain/evidence/evidence-client.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { addStoreOption, evidenceClientAs } from "../chain/evidence-store.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addSignerOption } from "../chain/signer.ts";
import { evidenceProblem } from "../documents/challenge-evidence.ts";
import { addDocumentsOption, documentsOf } from "../documents/document-store.ts";
import { outputOf } from "../output.ts";
import { challengeState } from "../state/challenges.ts";
import { bytes32 } from "../values/bytes32.ts";

function evidenceCommand(name: string): Command {
  const command = new Command(name).argument("<challenge>", "id of the challenge", bytes32);
  return addStoreOption(addDocumentsOption(addSessionOptions(command)));
}

/** `mandate challenge store-evidence` */
export function challengeStoreEvidenceCommand(): Command {
  const command = addSignerOption(evidenceCommand("store-evidence"), "relayer").description(
    "upload your challenge's evidence, out of --documents, to an evidence store, where anybody can read it",
  );
  return command.action(async (challenge: Hex, options: { store: string; as: string }) => {
    const session = await sessionOf(command);
    const { evidence: hash } = await challengeState(session, challenge);
    const evidence = documentsOf(command).find(hash);
    if (evidence.state !== "present") {
      throw new MandateError("DocumentMissing", `the evidence ${hash} is ${evidence.state} here`, {
        kind: "input",
        data: { hash, state: evidence.state },
        remedy: "Name the directory that has it: --documents <directory>.",
      });
    }
    const client = evidenceClientAs(options.store, session.client.chain.id, options.as);
    const { isNew, record } = await client.putDocument({ challenge }, evidence.document);
    const { hash: stored, sizeBytes } = record;
    outputOf(command).result({ challenge, isNew, hash: stored, sizeBytes }, `${stored}: ${sizeBytes} bytes`);
  });
}

/** `mandate challenge fetch-evidence` */
export function challengeFetchEvidenceCommand(): Command {
  const command = evidenceCommand("fetch-evidence").description(
    "fetch a challenge's evidence from an evidence store into --documents, and say whether it is the challenger's own; anybody may",
  );
  return command.action(async (challenge: Hex, { store: url }: { store: string }) => {
    const session = await sessionOf(command);
    const found = await challengeState(session, challenge);
    const { evidence: hash } = found;
    const client = new EvidenceClient({ url, chainId: session.client.chain.id });
    const answer = await client.get({ challenge }, hash);
    if (!answer.found) {
      const why = answer.reason === "missing" ? "has not got the evidence" : "served something with another hash";
      throw new MandateError("EvidenceUnavailable", `the store ${why}`, {
        kind: "refused",
        data: { hash, reason: answer.reason },
        remedy: "Ask the challenger to upload it: mandate challenge store-evidence.",
      });
    }
    const document: unknown = JSON.parse(Buffer.from(answer.bytes).toString("utf8"));
    const documents = documentsOf(command);
    documents.put(document);
    const problem = evidenceProblem(document, found);
    const text =
      problem === undefined
        ? `The evidence is in ${documents.directory}: mandate challenge show ${challenge}`
        : `The evidence is in ${documents.directory}, and is not the challenger's: ${problem}`;
    outputOf(command).result({ challenge, hash, problem: problem ?? null }, text);
  });
}
