import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { heartbeatOracleAbi } from "../../src/chain/abi.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { documentHash } from "../../src/core/documents/document-hash.ts";
import { signedMessageSchema, type SignedMessage } from "../../src/oracle/agreement/message.ts";
import { reportOf, statedReport } from "../../src/oracle/report-schema.ts";
import { evidenceOf } from "../../src/oracle/run-operator.ts";
import { ecdsaSigner, reportDigest } from "../../src/oracle/signing/operator-signer.ts";
import {
  eventually,
  operatorNames,
  startOracleNetwork,
  type OperatorProcess,
  type OracleNetwork,
} from "../support/oracle-network.ts";

let network: OracleNetwork;
let operators: OperatorProcess[];

/** What an operator serves of an epoch's agreement. */
async function messagesOf({ url }: OperatorProcess, epoch: number): Promise<readonly SignedMessage[]> {
  const response = await fetch(new URL(`/v1/agreement/${epoch}`, url));
  return z.object({ messages: z.array(signedMessageSchema) }).parse(await response.json()).messages;
}

beforeAll(async () => {
  network = await startOracleNetwork({ hosts: [], repositories: {} });
  operators = await Promise.all(operatorNames.map((name) => network.start(name)));
  await network.jumpTo(await network.endOf(await network.runningEpoch())); // the operators' set begins with the next epoch
});
afterAll(() => network.stop());

describe("iOP-030: a second signature that comes when its epoch is accepted, over and sealed", () => {
  it("given an operator that was killed meanwhile, it holds it against the first one and has its operator suspended", async () => {
    const epoch = await network.runningEpoch();
    await network.jumpTo(await network.endOf(epoch));
    await eventually("the report is accepted", async () => ((await network.lastEpoch()) >= epoch ? true : undefined));
    await network.jumpTo(await network.closesAt(epoch));
    const [first] = operators;
    if (first === undefined) throw new Error("no operator");
    const evidence = evidenceOf(join(network.directory, first.name));
    await eventually("it is sealed", () => (evidence.isSealed(epoch) ? true : undefined));
    await first.end("SIGKILL");
    const again = await network.start(first.name);
    await eventually("it looks at the chain", async () =>
      (await messagesOf(again, epoch)).length > 0 ? true : undefined,
    );

    const held = await messagesOf(again, epoch);
    expect(held.every(({ message }) => message.kind === "signature")).toBe(true);
    const liar = operatorNames.find(
      (name) =>
        name !== first.name && held.some(({ message }) => message.operator === devAccount(name).address.toLowerCase()),
    );
    if (liar === undefined) throw new Error("nobody else signed");
    const place = { chainId: network.chain.chainId, verifyingContract: network.deployment.contracts.HeartbeatOracle };
    const signer = ecdsaSigner(devAccount(liar), place);
    const [own] = held.flatMap(({ message }) =>
      message.kind === "signature" && message.operator === signer.operator ? [message] : [],
    );
    const configuration = evidence.terms(epoch)?.facts.configurationDigest;
    if (own?.report === undefined || configuration === undefined) throw new Error("nothing is kept");
    const lie = { ...reportOf(own.report), root: documentHash("lie") };
    const digest = reportDigest(place, lie);
    const signature = await signer.signReport(digest, lie);
    const message = { ...own, digest, report: statedReport(lie), signature };
    const sent = await fetch(new URL(`/v1/agreement/${epoch}`, again.url), {
      method: "POST",
      body: JSON.stringify({ messages: [await signer.seal(configuration, message)] }),
    });
    expect(sent.status).toBe(200);
    const served = await (await fetch(new URL("/v1/double-signings", again.url))).text();
    expect(served).toContain(signer.operator);
    expect(await messagesOf(again, epoch)).toHaveLength(held.length + 1);

    const suspended = await eventually("it is suspended", async () => {
      const [event] = await network.client.getContractEvents({
        address: place.verifyingContract,
        abi: heartbeatOracleAbi,
        eventName: "OperatorSuspended",
        fromBlock: 0n,
        strict: true,
      });
      return event?.args;
    });
    expect(suspended).toMatchObject({ operator: devAccount(liar).address, epoch });
  });
});
