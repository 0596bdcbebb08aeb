import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { roleNameOf } from "../../chain/roles.ts";
import { dataTarget } from "../../core/data-action.ts";
import type { Hex } from "../../core/hex.ts";
import { accessBlock, accessEvents } from "../access/access-events.ts";
import { accessMatrix } from "../access/access-matrix.ts";
import { foldAccess, type AccessState } from "../access/access-state.ts";
import { accessCsv, accessRows } from "../access/access-text.ts";
import { checkAccess, type AccessCheck } from "../access/check-access.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addressOrName } from "../chain/signer.ts";
import { exitCodes } from "../exit-code.ts";
import { outputOf, processStreams } from "../output.ts";
import { placesOf, scopeNames, teamText } from "../state/teams.ts";
import { tableText } from "../text/table.ts";
import { targetOf } from "../values/action.ts";
import { addressBookOf, type AddressBook } from "../values/address-book.ts";
import { coneWords } from "../values/cone.ts";
import { functionName } from "../values/function-name.ts";

interface MatrixOptions {
  readonly at?: bigint;
  readonly account?: Hex;
  readonly target?: string;
  readonly csv?: string | true;
}

function blockNumber(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError("not a block number");
  return BigInt(text);
}

function checkText(check: AccessCheck, book: AddressBook): string {
  if (!check.checked) return `Not compared with the chain's state: ${check.reason}.`;
  if (check.differences.length === 0) return `The chain's state says the same in all ${check.cells} cells.`;
  const lines = check.differences.map(({ account, target, selector, byEvents, byState }) => {
    return `  ${book.short(account)} ${book.short(target)}.${functionName(selector)}: events ${byEvents}, state ${byState}`;
  });
  return [`The chain's state says otherwise in ${check.differences.length} of ${check.cells} cells:`, ...lines].join(
    "\n",
  );
}

function limitsTable(
  state: AccessState,
  places: ReadonlyMap<number, string>,
  scopes: string[],
  book: AddressBook,
): string {
  const rows = [...state.teams].map(([team, { anchor, limits, path }]) => [
    teamText(places, team),
    book.short(anchor),
    limits === undefined ? "none" : coneWords(limits, scopes),
    path.map((each) => places.get(each) ?? `${each}`).join(" > "),
  ]);
  return tableText(["team", "anchor", "limits", "escalates to"], rows, "There is no team.");
}

async function matrix(command: Command, options: MatrixOptions): Promise<void> {
  const output = outputOf(command);
  const session = await sessionOf(command);
  const block = await accessBlock(session, options.at);
  const state = foldAccess(await accessEvents(session, block));
  const target =
    options.target === undefined
      ? undefined
      : options.target.includes("://")
        ? dataTarget(options.target)
        : targetOf(session, options.target);
  const found = accessMatrix(state, block.time, {
    ...(options.account === undefined ? {} : { account: options.account }),
    ...(target === undefined ? {} : { target }),
  });
  const [check, places, scopes] = await Promise.all([
    checkAccess(session, found, block),
    placesOf(session),
    scopeNames(session),
  ]);
  const book = addressBookOf(session);
  if (check.checked && check.differences.length > 0) process.exitCode = exitCodes.refused;
  if (!check.checked) process.exitCode = exitCodes.environment;
  if (options.csv !== undefined) {
    const rows = accessCsv(found, places, book);
    if (options.csv === true) {
      for (const row of rows) processStreams.out(`${row}\n`);
      processStreams.err(`${checkText(check, book)}\n`);
    } else {
      writeFileSync(options.csv, `${rows.join("\n")}\n`);
      output.result(
        { block: block.number, rows: rows.length - 1, file: options.csv, check },
        `${rows.length - 1} rows in ${options.csv}`,
      );
    }
    return;
  }
  const table = tableText(["account", "action", "how"], accessRows(found, places, book), "Nobody can do anything.");
  const text = [
    `At the end of block ${block.number}:`,
    table,
    limitsTable(state, places, scopes, book),
    checkText(check, book),
  ].join("\n\n");
  const actions = found.actions.map((each) => ({
    ...each,
    function: functionName(each.selector),
    roleName: roleNameOf(each.role),
    granterRoleName: each.granterRole === 0n ? null : roleNameOf(each.granterRole),
  }));
  const teams = [...state.teams].map(([team, known]) => ({ team, place: places.get(team), ...known }));
  output.result({ block: block.number, time: block.time, ...found, actions, teams, check }, text);
}

/** `mandate access …` */
export function accessCommand(): Command {
  const command = new Command("access").description("access: who can, or could, do what");
  addSessionOptions(command.command("matrix"))
    .description("accounts by actions: standing roles, grants, who could grant, who could approve; now or at a block")
    .option("--at <block>", "at the end of this block (default: the latest)", blockNumber)
    .option("--account <account>", "only this account", addressOrName)
    .option("--target <contract>", "only actions of this contract or data resource")
    .option("--csv [file]", "as CSV, to a file or to standard output")
    .addHelpText(
      "after",
      `
Exit codes: 1 where the chain's state says otherwise than its events, 3 where the node no longer has that state

Examples:
  $ mandate access matrix
  $ mandate access matrix --at 1200 --account agent --json
  $ mandate access matrix --target BudgetVault --csv access.csv`,
    )
    .action((options: MatrixOptions, self: Command) => matrix(self, options));
  return command;
}
