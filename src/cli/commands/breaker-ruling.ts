import { Command } from "commander";
import { parameterIds } from "../../org/policy/parameters.ts";
import { isRulingHeld, rulingLimit } from "../../org/safety/shortfall.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { approveOperationCall } from "../../sdk/anchor.ts";
import { ruleShortfallCall, rulingOperationOf, type shortfallOf } from "../../sdk/breaker.ts";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { amountText, assetOf, type Asset } from "../../sdk/asset.ts";
import { valueOf, valueText } from "../values/parameter.ts";

type Shortfall = Awaited<ReturnType<typeof shortfallOf>>;

/** A share as percent, to and from text. */
const shareText = (share: bigint): string => valueText(parameterIds["breaker.outflowShare"], share);
const shareOf = (text: string): bigint => valueOf(parameterIds["breaker.outflowShare"], text);

/** What is missing, and what payees may take of their claims; nothing where all of it is there. */
export function missingText(
  asset: Asset,
  { credited, balance, ruling }: Shortfall,
): readonly (readonly [string, string])[] {
  if (balance >= credited) return [];
  const ruled = isRulingHeld(ruling, balance);
  return [
    ["missing", `${amountText(asset, credited - balance)} of ${amountText(asset, credited)}`],
    ["of each claim", ruled ? `${shareText(ruling.share)}, once` : "nothing until anchors rule"],
  ];
}

/** What a ruling gives of each claim, for who approves or makes it. */
function rulingFacts(asset: Asset, share: bigint, { balance, credited }: Shortfall) {
  return [
    ["the vault has", `${amountText(asset, balance)} of ${amountText(asset, credited)} that it owes`],
    ["of each claim", `${shareText(share)}, once; the rest stays the payee's claim`],
  ] as const;
}

/** @throws {MandateError} `RulingImpossible`: nothing is missing, or the share is more than there is. */
function requireRulable(asset: Asset, share: bigint, { balance, credited }: Shortfall): void {
  const limit = rulingLimit(balance, credited);
  if (share > 0n && share <= limit) return;
  const why =
    limit === 0n
      ? `there is no share of ${asset.symbol} to rule about: the vault has ${amountText(asset, balance)} and owes ${amountText(asset, credited)}`
      : `the vault has ${shareText(limit)} of what it owes in ${asset.symbol}, and no more can be ruled; nothing neither`;
  throw new MandateError("RulingImpossible", why, {
    kind: "input",
    data: { asset: asset.address, share: share.toString(), limit: limit.toString() },
    remedy: "mandate breaker status shows what is missing; leave a margin for what is paid meanwhile.",
  });
}

function addRuling(command: Command): Command {
  return command
    .argument("<asset>", "coin, test, or the address of a token")
    .requiredOption("--share <percent>", "of each claim, at most what the vault has of what it owes");
}

/** `mandate breaker approve-ruling` */
export function approveRulingCommand(): Command {
  const command = addRuling(addTransactOptions(new Command("approve-ruling"), "anchor")).description(
    "as a live anchor, approve what each payee may take of its claim while money is missing",
  );
  return command.action(async (text: string, options: { share: string }) => {
    const share = shareOf(options.share);
    await transact(command, async (session) => {
      const asset = await assetOf(session, text);
      const found = await rulingOperationOf(session, asset, share);
      requireRulable(asset, share, found);
      return {
        call: approveOperationCall(session, found.operation),
        title: `Approve that claims in ${asset.symbol} are paid in part`,
        preview: [...rulingFacts(asset, share, found), ["it takes", `${found.quorum} live anchors`]],
        done: `Approved. It takes ${found.quorum} live anchors: then mandate breaker rule-shortfall ${text} --share ${options.share}`,
        result: { asset: asset.address, share, operation: found.operation, quorum: found.quorum },
      };
    });
  });
}

/** `mandate breaker rule-shortfall` */
export function ruleShortfallCommand(): Command {
  const command = addRuling(addTransactOptions(new Command("rule-shortfall"), "relayer")).description(
    "let each payee take a share of its claim while money is missing, once a quorum of anchors approved; anyone may send it",
  );
  return command.action(async (text: string, options: { share: string }) => {
    const share = shareOf(options.share);
    await transact(command, async (session) => {
      const asset = await assetOf(session, text);
      const found = await rulingOperationOf(session, asset, share);
      requireRulable(asset, share, found);
      return {
        call: ruleShortfallCall(session, asset, share),
        title: `Pay claims in ${asset.symbol} in part`,
        preview: [
          ...rulingFacts(asset, share, found),
          [
            "approved",
            found.approved ? "yes" : `not yet: it takes ${found.quorum} live anchors (mandate breaker approve-ruling)`,
          ],
        ],
        done: `Each payee may take ${shareText(share)} of its claim, once: mandate claim send --asset ${text} --to …`,
        result: { asset: asset.address, share, operation: found.operation },
      };
    });
  });
}
