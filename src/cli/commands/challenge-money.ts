import { Command } from "commander";
import type { Hex } from "../../core/hex.ts";
import { amountOf, assetOf } from "../../sdk/asset.ts";
import {
  challengeBooks,
  challengeClaim,
  challengeTerms,
  claimChallengesCall,
  fundChallengesCall,
  setChallengeTermsCall,
} from "../../sdk/challenge.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addressOrName } from "../chain/signer.ts";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { outputOf } from "../output.ts";
import { positiveAmount } from "../treasury/amount-options.ts";
import { coinText } from "../text/challenge-text.ts";
import { factsText } from "../text/table.ts";
import { addressBookOf } from "../values/address-book.ts";

/** `mandate challenge claim` */
export function challengeClaimCommand(): Command {
  const command = addTransactOptions(new Command("claim"), "relayer")
    .description("send what your challenges are owed, bonds and rewards, to an account that takes coin")
    .option("--to <account>", "who receives it (default: the caller)", addressOrName);
  return command.action(async (options: { to?: Hex }) => {
    await transact(command, async (session, from) => {
      const to = options.to ?? from;
      const amount = await challengeClaim(session, from);
      const book = addressBookOf(session);
      return {
        call: claimChallengesCall(session, to),
        title: `Claim ${coinText(amount)}`,
        preview: [
          ["moves", coinText(amount)],
          ["to", book.full(to)],
        ],
        done: `${coinText(amount)} were sent to ${book.full(to)}.`,
        result: { to, amount },
      };
    });
  });
}

/** `mandate challenge fund` */
export function challengeFundCommand(): Command {
  const command = addTransactOptions(new Command("fund"), "finance")
    .description("give coin to the pot that rewards are paid from; anyone may, and nothing comes back by itself")
    .requiredOption("--amount <amount>", "how much, in whole coins");
  return command.action(async (options: { amount: string }) => {
    await transact(command, async (session) => {
      const coin = await assetOf(session, "coin");
      const amount = positiveAmount(coin, options.amount);
      const { pot } = await challengeBooks(session);
      return {
        call: fundChallengesCall(session, amount),
        title: `Give ${coinText(amount)} to the pot for challenges`,
        preview: [
          ["moves", coinText(amount)],
          ["pot", `${coinText(pot)}, then ${coinText(pot + amount)}`],
        ],
        done: `The pot got ${coinText(amount)}.`,
        result: { amount },
      };
    });
  });
}

/** `mandate challenge terms` */
export function challengeTermsCommand(): Command {
  const command = addSessionOptions(new Command("terms")).description(
    "show what a challenge costs and earns now, and what the pot holds",
  );
  return command.action(async () => {
    const session = await sessionOf(command);
    const [{ bond, reward, anchor }, books] = await Promise.all([challengeTerms(session), challengeBooks(session)]);
    const text = factsText([
      ["bond", bond === 0n ? "none: nobody can challenge" : coinText(bond)],
      ["reward", `${coinText(reward)} at most`],
      ["anchor", addressBookOf(session).full(anchor)],
      ["pot", `${coinText(books.pot)}, of which ${coinText(books.reserved)} are promised to challenges`],
      ["bonds", coinText(books.bonds)],
      ["claimable", coinText(books.claims)],
    ]);
    outputOf(command).result({ bond, reward, anchor, ...books }, text);
  });
}

interface TermOptions {
  readonly bond: string;
  readonly reward: string;
  readonly anchor: Hex;
}

/** `mandate challenge set-terms` */
export function challengeSetTermsCommand(): Command {
  const command = addTransactOptions(new Command("set-terms"), "governor")
    .description("as the policy office, set what challenges cost and earn from now on")
    .requiredOption("--bond <amount>", "in whole coins; 0 lets nobody challenge")
    .requiredOption("--reward <amount>", "in whole coins, the bond at most")
    .requiredOption("--anchor <account>", "the human who answers for the terms", addressOrName);
  return command.action(async (options: TermOptions) => {
    await transact(command, async (session) => {
      const coin = await assetOf(session, "coin");
      const terms = {
        bond: amountOf(coin, options.bond),
        reward: amountOf(coin, options.reward),
        anchor: options.anchor,
      };
      const before = await challengeTerms(session);
      return {
        call: setChallengeTermsCall(session, terms),
        title: "Set the terms of challenges",
        preview: [
          ["bond", `${coinText(before.bond)}, then ${coinText(terms.bond)}`],
          ["reward", `${coinText(before.reward)}, then ${coinText(terms.reward)}, at most`],
          ["answers for it", addressBookOf(session).full(terms.anchor)],
        ],
        done: "The terms hold for challenges from now on.",
        result: terms,
      };
    });
  });
}
