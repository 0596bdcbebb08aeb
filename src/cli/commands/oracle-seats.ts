import { Command } from "commander";
import { isAddressEqual, zeroAddress } from "viem";
import { heartbeatOracleAbi, iHeartbeatOracleAbi, iOperatorKeysAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { hasKey, signerFor } from "../../oracle/operations/seat-signers.ts";
import { contractCall } from "../../sdk/contract-call.ts";
import { scheduleOperatorsCall } from "../../sdk/founding.ts";
import { chainTime, read } from "../../sdk/read.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { addTransactOptions, transact, type Transaction } from "../chain/transact.ts";
import { addressOrName } from "../chain/signer.ts";
import { addressBookOf } from "../values/address-book.ts";
import { countOf } from "../values/count.ts";
import { timeText } from "../values/time.ts";

/** Greater than every epoch, so that the set asked for is the one that was scheduled last. */
const LAST_EPOCH = 2 ** 32 - 1;

interface SeatOptions {
  readonly anchor?: Hex;
  readonly from?: number;
}

type Change = "join" | "leave";

/** The set that was scheduled last, without the seats that evidence took. */
async function newestSet(session: Session) {
  const oracle = addressOf(session, "HeartbeatOracle");
  const abi = heartbeatOracleAbi;
  const [set, now, genesis, epochSeconds] = await Promise.all([
    session.client.readContract({ address: oracle, abi, functionName: "operatorSet", args: [LAST_EPOCH] }),
    chainTime(session),
    session.client.readContract({ address: oracle, abi, functionName: "genesis" }),
    session.client.readContract({ address: oracle, abi, functionName: "epochSeconds" }),
  ]);
  const running = await session.client.readContract({ address: oracle, abi, functionName: "epochAt", args: [now] });
  const seated = set.operators.filter((_, seat) => ((set.vacant >> BigInt(seat)) & 1n) === 0n);
  return { ...set, running, seated, startOf: (epoch: number) => genesis + (epoch - 1) * epochSeconds };
}

function operatorsAfter(change: Change, seated: readonly Hex[], operator: Hex): readonly Hex[] {
  const isSeated = seated.some((each) => isAddressEqual(each, operator));
  if (isSeated === (change === "join")) {
    throw new MandateError(
      change === "join" ? "OperatorSeated" : "OperatorNotSeated",
      `${operator} ${change === "join" ? "has a seat" : "has no seat"} in the newest operator set`,
      { kind: "refused", data: { operator }, remedy: "mandate oracle check says where an operator stands." },
    );
  }
  return change === "join" ? [...seated, operator] : seated.filter((each) => !isAddressEqual(each, operator));
}

/**
 * Who would sign for an operator in a new seat.
 * @throws {MandateError} `OperatorWithoutKey` where nobody could: a contract that named no delegate.
 */
async function signerOf(session: Session, operator: Hex): Promise<Hex> {
  const signer = await signerFor(session.client, addressOf(session, "HeartbeatOracle"), operator);
  if (await hasKey(session.client, signer)) return signer;
  throw new MandateError("OperatorWithoutKey", `${operator} is a contract and has named no key that signs for it`, {
    kind: "refused",
    data: { operator },
    remedy: `Let it name a delegate first: mandate oracle rotate-key --operator ${operator}. Its seat could sign nothing until then.`,
  });
}

/** Whether the operator can sign together with others: a set without a key of each signs one by one, which costs gas. */
async function keyText(session: Session, operator: Hex): Promise<string> {
  const keys = await read(session, "HeartbeatOracle", heartbeatOracleAbi, "operatorKeys", []);
  if (keys === zeroAddress) return "the oracle has no keys to sign together";
  const args = [operator] as const;
  const { x } = await session.client.readContract({
    address: keys,
    abi: iOperatorKeysAbi,
    functionName: "keyOf",
    args,
  });
  return x === 0n ? "none yet: reports cost more until it runs mandate oracle register-key before this" : "registered";
}

async function prepare(session: Session, change: Change, operator: Hex, options: SeatOptions): Promise<Transaction> {
  const set = await newestSet(session);
  const operators = operatorsAfter(change, set.seated, operator);
  const anchor = options.anchor ?? set.anchor;
  const fromEpoch = options.from ?? Math.max(set.running + 1, set.fromEpoch);
  const faults = Math.floor((operators.length - 1) / 3);
  const book = addressBookOf(session);
  const suspended = set.operators.length - set.seated.length;
  const title = `${change === "join" ? "Seat" : "Unseat"} the operator ${book.full(operator)}`;
  return {
    call: scheduleOperatorsCall(session, { operators, fromEpoch, anchor }),
    title,
    preview: [
      ["operators", `${set.seated.length} now, ${operators.length} then`],
      ["may be away or lie", `${set.faults} now, ${faults} then`],
      ["from epoch", `${fromEpoch}, which begins ${timeText(set.startOf(fromEpoch))}`],
      ["answers for the set", book.full(anchor)],
      ...(change === "join"
        ? [
            ["signs its reports", book.full(await signerOf(session, operator))] as const,
            ["key to sign together", await keyText(session, operator)] as const,
          ]
        : []),
      ...(suspended > 0 ? [["suspended, and not in it", String(suspended)] as const] : []),
    ],
    done: `${title}: done, from epoch ${fromEpoch} on.`,
    result: { operator, operators, fromEpoch, anchor },
  };
}

function seatCommand(change: Change): Command {
  const command = new Command(change)
    .argument("<operator>", "address of the operator", addressOrName)
    .option(
      "--anchor <account>",
      "live anchor who answers for the set (default: who answers for the newest)",
      addressOrName,
    )
    .option(
      "--from <epoch>",
      "first epoch of the set (default: the next, or that of a set that is scheduled)",
      countOf,
    );
  return addTransactOptions(command, "governor").action(async (operator: Hex, options: SeatOptions) => {
    await transact(command, (session) => prepare(session, change, operator, options));
  });
}

/** `mandate oracle join <operator>` */
export function joinCommand(): Command {
  return seatCommand("join")
    .description("as the oracle's office, give an operator a seat from an epoch on")
    .addHelpText(
      "after",
      `
The operator prepares itself first: mandate oracle init, check and register-key.
With --export the transaction is written for a Safe, and nothing is sent.

Examples:
  $ mandate oracle join 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --dry-run
  $ mandate oracle join 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --from 1200 --export join.json --sender 0x…`,
    );
}

/** `mandate oracle leave <operator>` */
export function leaveCommand(): Command {
  return seatCommand("leave")
    .description("as the oracle's office, take an operator's seat from an epoch on, at its wish or not")
    .addHelpText(
      "after",
      `
The operator stays up until the last epoch of its seat has been reported.

Example:
  $ mandate oracle leave 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --dry-run`,
    );
}

/** `mandate oracle reinstate <operator>` */
export function reinstateCommand(): Command {
  const command = new Command("reinstate")
    .description("as the oracle's office, let a suspended operator be seated again; it gets its seat by oracle join")
    .argument("<operator>", "address of the operator", addressOrName)
    .requiredOption("--anchor <account>", "live anchor who answers for its return", addressOrName);
  return addTransactOptions(command, "governor")
    .addHelpText("after", "\nExample:\n  $ mandate oracle reinstate 0x7099… --anchor 0x15d3… --dry-run")
    .action(async (operator: Hex, { anchor }: { readonly anchor: Hex }) => {
      await transact(command, (session) => {
        const book = addressBookOf(session);
        return Promise.resolve({
          call: contractCall(session, "HeartbeatOracle", iHeartbeatOracleAbi, "reinstate", [operator, anchor]),
          title: `Reinstate the operator ${book.full(operator)}`,
          preview: [
            ["answers for it", book.full(anchor)],
            ["effect", "sets may seat it again; what it signed before is no evidence any more"],
          ],
          done: `${book.full(operator)} may be seated again: mandate oracle join ${operator}`,
          result: { operator, anchor },
        });
      });
    });
}
