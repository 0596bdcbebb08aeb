import { iAnchorsAbi, iAuthorityAbi } from "../../../chain/abi.ts";
import type { Hex } from "../../../core/hex.ts";
import type { Holding, Way } from "../holding.ts";
import { callOf, type SystemView } from "../system-view.ts";
import { own } from "../ways.ts";
import type { Finder } from "./finder.ts";

/** As `IAnchors.AnchorStatus` counts them. */
const statuses = ["none", "proposed", "live", "lapsed", "removed"] as const;

/** By itself at once; by others, each live anchor's approval first and then anybody's call. */
async function waysToRemove(view: SystemView, anchors: Hex, account: Hex): Promise<Way[]> {
  const { address, abi } = { address: anchors, abi: iAnchorsAbi };
  const resign = own(account, "as the anchor itself", callOf("Anchors", address, abi, "resign", []));
  const remove = callOf("Anchors", address, abi, "remove", [account]);
  const operation = await view.read(address, abi, "removalOperation", [account]);
  const others = (await view.read(address, abi, "anchors", [])).map((each) => each.toLowerCase() as Hex);
  const live = await Promise.all(
    others
      .filter((each) => each !== account)
      .map(async (each) => ({ each, until: await view.read(address, abi, "liveUntil", [each]) })),
  );
  const voters = live.filter(({ until }) => until > view.block.timestamp).map(({ each }) => each);
  const isEnough = await view.client
    .simulateContract({ address, abi, functionName: "remove", args: [account], blockNumber: view.block.number })
    .then(
      () => true,
      () => false,
    );
  if (isEnough) return [resign, ...voters.map((each) => own(each, "as anybody: a quorum approved", remove))];
  const approved = new Set(
    view
      .eventsNamed("OperationApproved")
      .filter(({ args }) => args.operation === operation)
      .map(({ args }) => args.anchor),
  );
  const approve = callOf("Anchors", address, abi, "approve", [operation]);
  return [
    resign,
    ...voters
      .filter((each) => !approved.has(each))
      .map((each) => own(each, "as a live anchor, towards a quorum", approve)),
  ];
}

/** Its enrolment as an accountable human, and what ends with it: its open tasks, and its place as a substitute. */
export const findAnchorhood: Finder = async (view, { account }) => {
  const found = await Promise.all(
    view.all("Anchors").map(async (anchors): Promise<Holding[]> => {
      const status = statuses[await view.read(anchors, iAnchorsAbi, "statusOf", [account])];
      if (status === undefined || status === "none" || status === "removed") return [];
      const [tasks, all] = await Promise.all([
        view.read(view.authority, iAuthorityAbi, "openTasksOf", [account]),
        view.read(anchors, iAnchorsAbi, "anchors", []),
      ]);
      const named = await Promise.all(
        all.map(async (each) => ({ each, substitute: await view.read(anchors, iAnchorsAbi, "substituteOf", [each]) })),
      );
      const follows = { kind: "follows", what: "ends when it is no anchor any more" } as const;
      return [
        {
          kind: "anchor",
          id: "anchor",
          sentence: `is ${status === "proposed" ? "proposed as an anchor" : `a ${status} anchor`}`,
          ending: { kind: "call", ways: await waysToRemove(view, anchors, account) },
        },
        ...tasks.map((task): Holding => {
          const sentence = `is the anchor of the open task ${task}, with every grant in it`;
          return { kind: "task", id: `task/${task}`, sentence, ending: follows };
        }),
        ...named
          .filter(({ substitute }) => substitute.toLowerCase() === account)
          .map(({ each }): Holding => {
            const sentence = `may act as the substitute of ${each}, while it is a live anchor`;
            return { kind: "substitute", id: `substitute/${each.toLowerCase()}`, sentence, ending: follows };
          }),
      ];
    }),
  );
  return found.flat();
};
