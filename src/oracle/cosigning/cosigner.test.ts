import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { cosigningNetwork, digest, EPOCH, type CosigningNetwork } from "../../../test/support/cosigning-network.ts";
import type { CosigningMessage } from "../agreement/message.ts";
import { createOperatorMetrics } from "../node/operator-metrics.ts";
import { Cosigner } from "./cosigner.ts";
import type { SetKeys } from "./set-keys.ts";

const stageSeconds = 20;
const schedule = {
  ...{ opensAt: 0, closesAt: 600, commitSeconds: 10, quietSeconds: 5, revealSeconds: 5, stageSeconds },
  ...{ operators: 4, strictViews: 2 },
};

/** The operator in seat 0, whose chain answers with `readings`, one a time. */
function cosignerOf(network: CosigningNetwork, readings: (() => Promise<SetKeys | undefined>)[]) {
  const said: CosigningMessage[] = [];
  const log: string[] = [];
  const metrics = createOperatorMetrics();
  const [secret] = network.secrets;
  if (secret === undefined) throw new Error("no key");
  const cosigner = new Cosigner(
    {
      key: { secret: secret.secret, point: { x: secret.x, y: secret.y } },
      readKeys: () => readings.shift()?.() ?? Promise.reject(new Error("asked once too often")),
    },
    {
      ...{
        epoch: EPOCH,
        self: network.node(0).self,
        set: network.set,
        order: network.set.operators,
        schedule,
        metrics,
      },
      hasSigned: () => true,
      say: (message) => void said.push(message),
      said: [],
      logger: pino({}, { write: (line: string) => void log.push(line) }),
    },
  );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { cosigner, said, log, metrics, settle };
}

describe("an operator's part in signing an epoch's report together", () => {
  it("given keys that are read before there is a report, it offers nonces when it has signed", async () => {
    const network = cosigningNetwork(4);
    const { cosigner, said, settle } = cosignerOf(network, [() => Promise.resolve(network.keys)]);
    cosigner.advanceTo(100);
    await settle();
    expect([cosigner.isHopeful, said.length]).toEqual([false, 0]);
    cosigner.begin(digest, 110);
    expect([cosigner.isHopeful, said.length]).toEqual([true, 1]);
  });

  it("given an endpoint that fails, it is asked again at the next look, and hoped for meanwhile", async () => {
    const network = cosigningNetwork(4);
    const fails = () => Promise.reject(new Error("the endpoint is away"));
    const { cosigner, said, log, settle } = cosignerOf(network, [fails, () => Promise.resolve(network.keys)]);
    cosigner.begin(digest, 100);
    await settle();
    expect([cosigner.isHopeful, said.length]).toEqual([true, 0]);
    expect(log.join()).toContain("the endpoint is away");
    cosigner.advanceTo(101);
    await settle();
    expect([cosigner.isHopeful, said.length]).toEqual([true, 1]);
  });

  it("given a set without a sum of keys, or with another key of this operator, it offers nothing and hopes for nothing", async () => {
    const network = cosigningNetwork(4);
    const { sum, keys } = network.keys;
    for (const answer of [undefined, { sum, keys: [...keys].reverse() }]) {
      const { cosigner, said, settle } = cosignerOf(network, [() => Promise.resolve(answer)]);
      cosigner.begin(digest, 100);
      await settle();
      cosigner.advanceTo(101);
      expect([cosigner.isHopeful, said.length]).toEqual([false, 0]);
    }
  });

  it("given attempts that end and shares that are wrong, they are counted", async () => {
    const network = cosigningNetwork(4);
    const { cosigner, said, metrics, settle } = cosignerOf(network, [() => Promise.resolve(network.keys)]);
    network.begin(network.nodes.slice(1));
    cosigner.begin(digest, 100);
    await settle();
    for (const message of network.nodes.flatMap((node) => [...node.said])) cosigner.receive(message);
    const session = said.find((each) => each.kind === "session");
    if (session === undefined) throw new Error("it named no session");
    for (const node of network.nodes.slice(1)) node.cosigning.receive(session);
    for (const share of network.node(1).saidOf("share")) {
      cosigner.receive({ ...share, share: `0x${"00".repeat(31)}01` });
    }
    expect((await metrics.badShares.get()).values).toMatchObject([{ value: 1 }]);
    cosigner.advanceTo(100 + stageSeconds);
    expect((await metrics.cosigningAttempts.get()).values).toEqual([{ labels: { result: "failed" }, value: 2 }]);
  });
});
