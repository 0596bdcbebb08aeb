import { Command } from "commander";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { activeProjects, MAX_BATCH, reclaimBatchCall, reclaimCall, reclaimedIn } from "../../sdk/project.ts";
import type { Session } from "../../sdk/session.ts";
import { addTransactOptions, transact, type Transaction } from "../chain/transact.ts";
import { outputOf, type Output } from "../output.ts";
import { projectTerms } from "../treasury/project-terms.ts";
import { amountText } from "../../sdk/asset.ts";
import { bytes32List } from "../values/bytes32.ts";

async function reclaimOne(session: Session, id: Hex): Promise<Transaction> {
  const terms = await projectTerms(session, id);
  const amount = amountText(terms.asset, terms.found.committed);
  return {
    call: reclaimCall(session, id),
    title: `Reclaim ${amount} from the project`,
    preview: [
      ["project", id],
      ["moves", amount],
      ["from", "the project; what is proved stays its payee's"],
      ["to", terms.destination],
      ["lease", terms.leaseRunning ? "running" : "lapsed"],
    ],
    done: `${amount} is back in the ${terms.destination}.`,
    doneOf: ({ logs }) =>
      reclaimedIn(session, logs).length > 0
        ? `${amount} is back in the ${terms.destination}.`
        : "Nothing was reclaimed: it would have met the limit, so the asset is tripped (mandate breaker status). An anchor may reclaim it.",
    result: { project: id, amount: terms.found.committed },
  };
}

/** Several projects in one transaction; one that keeps its money is told, and the others go on. */
async function reclaimSeveral(session: Session, output: Output, named: readonly Hex[]): Promise<Transaction> {
  const ids = named.length === 0 ? await activeProjects(session) : [...new Set(named)];
  const all = await Promise.all(ids.map((id) => projectTerms(session, id)));
  const lapsed = all.filter(({ status, leaseRunning }) => status === "active" && !leaseRunning);
  for (const terms of named.length === 0 ? [] : all) {
    if (lapsed.includes(terms)) continue;
    output.note(`${terms.id}: ${terms.status === "active" ? "its lease is running" : `it is ${terms.status}`}`);
  }
  if (lapsed.length === 0) {
    throw new MandateError("NothingToReclaim", `none of ${ids.length} projects has a lease that ran out`, {
      kind: "refused",
      data: { projects: ids.length },
      remedy: "mandate project list shows every lease; ask again after the next report.",
    });
  }
  if (lapsed.length > MAX_BATCH) {
    output.note(`${lapsed.length} leases ran out, ${MAX_BATCH} fit in one transaction: run this again for the rest`);
  }
  const batch = lapsed.slice(0, MAX_BATCH);
  const lines = batch.map(({ id, asset, found, destination }) => {
    return `${id}: ${amountText(asset, found.committed)} to the ${destination}`;
  });
  return {
    call: reclaimBatchCall(
      session,
      batch.map(({ id }) => id),
    ),
    title: `Reclaim what is committed to ${batch.length} projects`,
    preview: [
      ["moves", lines.join("\n")],
      ["from", "the projects; what is proved stays their payees'"],
    ],
    done: "Reclaimed from the projects that are listed; one that renewed in between, or that the circuit breaker holds, is not.",
    resultOf: ({ logs }) => ({ projects: reclaimedIn(session, logs) }),
  };
}

export function reclaimCommand(): Command {
  const command = addTransactOptions(
    new Command("reclaim").argument("[projects...]", "ids of the projects", bytes32List),
    "relayer",
  )
    .description("return what is committed to projects whose lease ran out, in one transaction; anyone may")
    .option("--all", "every active project whose lease ran out")
    .addHelpText(
      "after",
      `
Examples:
  $ mandate project reclaim 0x… --dry-run
  $ mandate project reclaim 0x… 0x… --yes --json
  $ mandate project reclaim --all`,
    );
  return command.action(async (ids: readonly Hex[] | undefined, { all }: { all?: boolean }) => {
    const [id, ...others] = ids ?? [];
    if (id === undefined && all !== true) {
      throw new MandateError("ProjectMissing", "say which projects, or --all whose lease ran out", { kind: "input" });
    }
    const output = outputOf(command);
    return transact(command, (session) => {
      if (id === undefined || all === true) return reclaimSeveral(session, output, []);
      return others.length === 0 ? reclaimOne(session, id) : reclaimSeveral(session, output, [id, ...others]);
    });
  });
}
